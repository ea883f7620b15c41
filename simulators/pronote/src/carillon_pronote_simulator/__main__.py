"""`python -m carillon_pronote_simulator --port N [--era 2025.2.8] [--host 127.0.0.1]` and more; see `--help`."""

import argparse
from datetime import date

from carillon_pronote_simulator.eras import ERAS
from carillon_pronote_simulator.server import run
from carillon_pronote_simulator.sessions import DEFAULT_IDLE_SECONDS


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="carillon_pronote_simulator", description="A Pronote with a made-up school.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--era", choices=list(ERAS), default=None, help="one era at /pronote/; default: all")
    parser.add_argument("--today", type=date.fromisoformat, default=None, help="the day the school is made for")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another school")
    parser.add_argument("--cas-url", default=None, help="address of a portal that signs users in")
    parser.add_argument("--idle-seconds", type=float, default=DEFAULT_IDLE_SECONDS, help="when sessions expire")
    for name in ("encrypt", "compress"):
        parser.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, default=None)
    run(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
