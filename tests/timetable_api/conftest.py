"""The REST API over a real database; the clock is a value that tests set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
from carillon_servers import free_port
from carillon_timetable_api.app import create_app
from carillon_timetable_api.database import engine_of
from carillon_timetable_api.migrate import migrate
from carillon_timetable_api.settings import Settings
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from timetable_builder import TimetableBuilder

A_WEDNESDAY = datetime(2018, 12, 5, 9, 0, tzinfo=UTC)


@dataclass
class Rest:
    """A running application without a network: its client, its clock, and the statements it sent."""

    app: FastAPI
    client: httpx.AsyncClient
    now: datetime = A_WEDNESDAY
    statements: list[str] = field(default_factory=list)

    @property
    def engine(self) -> AsyncEngine:
        return self.app.state.serving.engine

    async def get(self, path: str, **arguments) -> httpx.Response:
        return await self.client.get(path, **arguments)

    async def json(self, path: str, **arguments):
        answer = await self.client.get(path, **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @asynccontextmanager
    async def building(self) -> AsyncIterator[TimetableBuilder]:
        """Rows that are there when the block ends; nothing is answered from before."""
        async with self.engine.begin() as connection:
            yield TimetableBuilder(connection)


@pytest.fixture
async def migrated_database(own_database: str) -> str:
    """The URL of a database with our tables and no rows."""
    await migrate(own_database)
    return own_database


@asynccontextmanager
async def serving(app: FastAPI, base_url: str = "http://testserver") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=base_url) as client:
        yield client


@pytest.fixture
def open_rest(migrated_database: str):
    """Opens the application with some settings; without a word NATS is away and nothing is kept in memory."""

    @asynccontextmanager
    async def opened(**settings) -> AsyncIterator[Rest]:
        settings = {"nats_url": f"nats://127.0.0.1:{free_port()}", "cache_mib": 0, "page_size": 0} | settings
        clock: list[Rest] = []
        app = create_app(Settings(database_url=migrated_database, **settings), lambda: clock[0].now)
        async with serving(app) as client:
            clock.append(rest := Rest(app, client))

            @event.listens_for(rest.engine.sync_engine, "before_cursor_execute")
            def count(_connection, _cursor, statement, *_) -> None:
                rest.statements.append(statement)

            yield rest

    return opened


@pytest.fixture
async def rest(open_rest) -> AsyncIterator[Rest]:
    """The application with bare lists."""
    async with open_rest() as opened:
        yield opened
