"""`python -m carillon_pronote_simulator --port N [--era 2025.2.8] [--host 127.0.0.1]` and more; see `--help`."""

import argparse
from collections.abc import Sequence
from datetime import date

import uvicorn

from carillon_pronote_simulator.app import create_app
from carillon_pronote_simulator.eras import ERAS
from carillon_pronote_simulator.sessions import DEFAULT_IDLE_SECONDS


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments (by default the process's) and serve until the process is told to stop."""
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
    given = vars(parser.parse_args(arguments))
    port, host = given.pop("port"), given.pop("host")
    uvicorn.run(create_app(**given), host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
