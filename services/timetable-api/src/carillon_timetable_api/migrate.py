"""Bring the database to this version's tables: Alembic, under a lock so that several starters do not race."""

import asyncio
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from carillon_timetable_api.database import engine_of

_LOCK = 7_240_001
log = structlog.get_logger()


def configuration() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Apply what is missing, on a connection that is in a transaction."""
    connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def migrate(database_url: str) -> None:
    """Wait for the database, then upgrade it to the newest version."""
    engine = engine_of(database_url)
    try:
        while True:
            try:
                async with engine.begin() as connection:
                    await connection.run_sync(upgrade)
            except (OSError, DBAPIError) as error:
                if not _passes(error):
                    raise
                log.warning("database_not_ready", error=repr(error))
                await asyncio.sleep(0.5)
            else:
                return
    finally:
        await engine.dispose()


def _passes(error: OSError | DBAPIError) -> bool:
    """Whether waiting may help: no connection yet, or a server that is starting or stopping."""
    if isinstance(error, OSError):
        return True
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") in ("57P03", "57P01", "08006", "08001")
