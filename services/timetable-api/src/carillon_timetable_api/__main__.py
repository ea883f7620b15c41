"""`python -m carillon_timetable_api [serve | migrate | rebuild-occupancy | token NAME | revoke-token NAME]`."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from carillon_kit import logs
from carillon_kit.sources_file import SourcesFileError, load_institution

from carillon_timetable_api.database import engine_of
from carillon_timetable_api.migrate import migrate
from carillon_timetable_api.settings import Settings


def main() -> None:
    """Do what the command line says; by default serve."""
    parser = argparse.ArgumentParser(prog="python -m carillon_timetable_api", description=__doc__)
    commands = ("serve", "migrate", "rebuild-occupancy", "token", "revoke-token")
    parser.add_argument("command", nargs="?", default="serve", choices=commands)
    parser.add_argument("name", nargs="?", default="", help="whose token it is")
    arguments = parser.parse_args()
    settings = Settings.from_environment()
    logs.configure("timetable-api", settings.log_level)
    try:
        _run(arguments.command, arguments.name, settings)
    except SourcesFileError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _run(command: str, name: str, settings: Settings) -> None:
    # What only one command needs is imported there: a start waits for the migration first.
    if command == "serve":
        from carillon_kit.serving import serve

        from carillon_timetable_api.app import create_app

        serve(create_app(settings), settings)
    elif command == "migrate":
        asyncio.run(migrate(settings.database_url))
    elif command in ("token", "revoke-token"):
        sys.stdout.write(asyncio.run(_change_token(command, name, settings)) + "\n")
    else:
        written = asyncio.run(_rebuild_occupancy(settings))
        sys.stdout.write(f"{written} values written to the occupancy bucket\n")


async def _rebuild_occupancy(settings: Settings) -> int:
    from carillon_kit import bus

    from carillon_timetable_api import relay

    zone = load_institution(settings.sources).timezone
    engine = engine_of(settings.database_url)
    try:
        async with bus.connection(settings.nats_url, "rebuild-occupancy") as client:
            return await relay.rebuild(engine, await bus.ready(client, settings.nats_replicas), zone)
    finally:
        await engine.dispose()


async def _change_token(command: str, name: str, settings: Settings) -> str:
    """The new token, which is shown this once, or what became of the old one."""
    from carillon_timetable_api.webhooks import tokens

    if not name:
        raise SystemExit("whose token? Give a name, e.g. `token my-app`")
    engine = engine_of(settings.database_url)
    try:
        async with engine.begin() as connection:
            if command == "token":
                return await tokens.create(connection, name, datetime.now(UTC))
            return "revoked" if await tokens.revoke(connection, name) else f"there is no token {name}"
    finally:
        await engine.dispose()


if __name__ == "__main__":
    main()
