"""``python -m carillon_ent_simulator --port N``: the portals behind one proxy."""

import argparse
import asyncio
import signal
from collections.abc import Sequence

from carillon_ent_simulator.portal_hosts import DEFAULT_ERA
from carillon_ent_simulator.server import simulate


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments (by default the process's) and serve until the process is told to stop."""
    parser = argparse.ArgumentParser(prog="carillon_ent_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8100, help="port of the proxy; 0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--era", default=DEFAULT_ERA, help="protocol era of the Pronotes behind the portals")
    given = parser.parse_args(arguments)
    asyncio.run(_serve(given.port, given.host, given.era))


async def _serve(port: int, host: str, era: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with simulate(port, host, era) as simulator:
        print(f"Portals behind the proxy {simulator.proxy_url}", flush=True)  # noqa: T201
        print(f"Certificate authority: {simulator.certificate}", flush=True)  # noqa: T201
        await stop.wait()


if __name__ == "__main__":
    main()
