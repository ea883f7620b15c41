"""The migrations make exactly the tables of `tables.py`, can be undone, and do not race."""

import asyncio

from alembic import command
from carillon_timetable_api import migrate, tables
from carillon_timetable_api.database import engine_of
from sqlalchemy import Connection, inspect


def tables_of(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_two_starters_at_once_migrate_once(own_database: str) -> None:
    await asyncio.gather(*(migrate.migrate(own_database) for _ in range(2)))
    engine = engine_of(own_database)
    async with engine.connect() as connection:
        assert tables.JournalRow.__tablename__ in await connection.run_sync(tables_of)
    await engine.dispose()


async def test_the_migrated_database_is_what_the_tables_say(own_database: str) -> None:
    await migrate.migrate(own_database)

    def compare(connection: Connection) -> None:
        config = migrate.configuration()
        config.attributes["connection"] = connection
        command.check(config)

    engine = engine_of(own_database)
    async with engine.begin() as connection:
        await connection.run_sync(compare)
    await engine.dispose()


async def test_every_step_can_be_taken_back(own_database: str) -> None:
    def down_and_up(connection: Connection) -> None:
        config = migrate.configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert tables_of(connection) <= {"alembic_version"}
        command.upgrade(config, "head")

    await migrate.migrate(own_database)
    engine = engine_of(own_database)
    async with engine.begin() as connection:
        await connection.run_sync(down_and_up)
    await engine.dispose()
