"""Connections to PostgreSQL: one transaction a request or event, opened at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import TextClause, event, make_url
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

LOST = (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What an outage of the database looks like to long-running work, which waits it out."""
_CUT = (asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.InterfaceError)
"""What ends a connection, and so a statement that another connection may well answer."""

_DIALECT = make_url("postgresql+asyncpg://").get_dialect()()


def engine_of(url: str, zone: str = "UTC") -> AsyncEngine:
    """A pool that recovers from a restart of the server by itself; times in JSON have the offset of `zone`."""
    engine = create_async_engine(
        url,
        pool_size=8,
        max_overflow=4,
        pool_use_lifo=True,  # the connection used last has its statements prepared and planned
        connect_args={
            "command_timeout": 60,
            "max_cached_statement_lifetime": 0,  # prepared statements stay, however seldom they are asked for
            "server_settings": {
                "timezone": zone,
                "random_page_cost": "1.1",  # timetables fit in memory, where no page is farther than the next
            },
        },
    )
    event.listen(engine.sync_engine.pool, "checkout", _refuse_lost)
    return engine


def _refuse_lost(connection: Any, *_: object) -> None:
    """All are made anew once one is lost, as after a ping of SQLAlchemy's, but without a ping's round trips."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL as the driver takes it, and the names of its numbered parameters."""

    sql: str
    names: tuple[str, ...]


def statement_of(clause: TextClause) -> Statement:
    """What SQLAlchemy makes of it: names with a colon become `$1`, `$2`, …, with the types that they are bound with."""
    compiled = clause.compile(dialect=_DIALECT)
    return Statement(compiled.string, tuple(compiled.positiontup or ()))


async def fetch_row(engine: AsyncEngine, statement: Statement, values: Mapping[str, Any]) -> asyncpg.Record:
    """The row of a read that gives one and is a transaction of its own; asked once more if the connection was cut.

    It goes past SQLAlchemy, which would take a third of PostgreSQL's own time for a group's week.

    Raises:
        one of `LOST`: the database did not answer, or refused.
    """
    arguments = [values[name] for name in statement.names]
    async with engine.connect() as connection:
        try:
            return await _fetch_row(connection, statement.sql, arguments)
        except _CUT:
            await connection.invalidate()
    async with engine.connect() as connection:
        return await _fetch_row(connection, statement.sql, arguments)


async def _fetch_row(connection: AsyncConnection, query: str, arguments: list[Any]) -> asyncpg.Record:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    row: asyncpg.Record = await driver.fetchrow(query, *arguments)
    return row
