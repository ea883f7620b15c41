"""`python -m carillon_pronote_simulator --port N [--era 2025.2.8] [--host 127.0.0.1] [--cas-url URL]`."""

import argparse

from carillon_pronote_simulator.eras import ERAS
from carillon_pronote_simulator.server import run


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="carillon_pronote_simulator", description="A Pronote with a made-up school.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--era", choices=list(ERAS), default=None, help="one era at /pronote/; default: all")
    parser.add_argument("--cas-url", default=None, help="address of a portal that signs users in")
    given = parser.parse_args()
    run(port=given.port, host=given.host, era=given.era, cas_url=given.cas_url)


if __name__ == "__main__":
    main()
