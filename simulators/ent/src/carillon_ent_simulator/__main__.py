"""``python -m carillon_ent_simulator --port N``: the portals behind one proxy."""

import argparse

from carillon_ent_simulator.portal_hosts import DEFAULT_ERA
from carillon_ent_simulator.server import run


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="carillon_ent_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8100, help="port of the proxy; 0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--era", default=DEFAULT_ERA, help="protocol era of the Pronotes behind the portals")
    given = parser.parse_args()
    run(given.port, given.host, given.era)


if __name__ == "__main__":
    main()
