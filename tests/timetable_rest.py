"""The timetable API as tests meet it: without a network, over a real database, with a clock that they set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from carillon_local import loopback
from carillon_timetable_api.app import create_app
from carillon_timetable_api.settings import Settings
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from timetable_builder import TimetableBuilder

A_WEDNESDAY = datetime(2018, 12, 5, 9, 0, tzinfo=UTC)


@dataclass
class Rest:
    """A running application: its client, its clock, and the SQL statements that it has sent."""

    app: FastAPI
    client: httpx.AsyncClient
    clock: dict[str, datetime]
    statements: list[str] = field(default_factory=list)

    @property
    def engine(self) -> AsyncEngine:
        return self.app.state.serving.engine

    async def get(self, path: str, **arguments) -> httpx.Response:
        answer = await self.client.get(path, **arguments)
        await asyncio.sleep(0)  # the driver tells of its statements a round of the loop later
        return answer

    async def json(self, path: str, **arguments):
        answer = await self.get(path, **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ids(self, path: str, **arguments) -> list[int]:
        return [item["id"] for item in await self.json(path, **arguments)]

    @asynccontextmanager
    async def building(self) -> AsyncIterator[TimetableBuilder]:
        """Rows that are there, and said to be, when the block ends."""
        async with self.engine.begin() as connection:
            yield TimetableBuilder(connection)
            await connection.exec_driver_sql("notify carillon")


@asynccontextmanager
async def opened(database_url: str, **settings) -> AsyncIterator[Rest]:
    """The application with some settings; without a word lists are bare, NATS is away and nothing is kept in memory."""
    settings = {"nats_url": f"nats://127.0.0.1:{loopback.free_port()}", "cache_mib": 0, "page_size": 0} | settings
    clock = {"now": A_WEDNESDAY}
    app = create_app(Settings(database_url=database_url, **settings), lambda: clock["now"])
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        rest = Rest(app, client, clock)
        _note_statements(rest)
        async with app.router.lifespan_context(app):
            yield rest


def _note_statements(rest: Rest) -> None:
    """Those that SQLAlchemy sends, and the reads that go past it."""

    @event.listens_for(rest.engine.sync_engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_) -> None:
        rest.statements.append(statement)

    @event.listens_for(rest.engine.sync_engine.pool, "connect")
    def listen(connection, _record) -> None:
        connection.driver_connection.add_query_logger(lambda logged: rest.statements.append(logged.query))
