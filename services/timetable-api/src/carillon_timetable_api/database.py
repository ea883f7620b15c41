"""Connections to PostgreSQL: one transaction a request or event, opened at the edge."""

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

LOST = (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What an outage of the database looks like to long-running work, which waits it out."""


def engine_of(url: str) -> AsyncEngine:
    """A pool that recovers from a restart of the server by itself."""
    return create_async_engine(
        url, pool_pre_ping=True, pool_size=8, max_overflow=4, connect_args={"command_timeout": 60}
    )
