"""`python -m carillon_timetable_api [serve | migrate | rebuild-occupancy]`."""

import argparse
import asyncio
import sys

from carillon_kit import bus, logs
from carillon_kit.serving import serve
from carillon_kit.sources_file import SourcesFileError, load_institution

from carillon_timetable_api import relay
from carillon_timetable_api.app import create_app
from carillon_timetable_api.database import engine_of
from carillon_timetable_api.migrate import migrate
from carillon_timetable_api.settings import Settings


def main() -> None:
    """Do what the command line says; by default serve."""
    parser = argparse.ArgumentParser(prog="python -m carillon_timetable_api", description=__doc__)
    parser.add_argument("command", nargs="?", default="serve", choices=("serve", "migrate", "rebuild-occupancy"))
    command = parser.parse_args().command
    settings = Settings.from_environment()
    logs.configure("timetable-api", settings.log_level)
    try:
        _run(command, settings)
    except SourcesFileError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _run(command: str, settings: Settings) -> None:
    if command == "serve":
        serve(create_app(settings), settings)
    elif command == "migrate":
        asyncio.run(migrate(settings.database_url))
    else:
        written = asyncio.run(_rebuild_occupancy(settings))
        sys.stdout.write(f"{written} values written to the occupancy bucket\n")


async def _rebuild_occupancy(settings: Settings) -> int:
    zone = load_institution(settings.sources).timezone
    engine = engine_of(settings.database_url)
    try:
        async with bus.connection(settings.nats_url, "rebuild-occupancy") as client:
            return await relay.rebuild(engine, await bus.ready(client, settings.nats_replicas), zone)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    main()
