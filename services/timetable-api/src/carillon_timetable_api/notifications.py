"""PostgreSQL's `NOTIFY carillon`, sent at each commit of new data, as something to wait for."""

import asyncio
from types import TracebackType
from typing import Self

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

CHANNEL = "carillon"


class Notifications:
    """A connection of its own that listens; it ends with an error when the connection is lost."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._event = asyncio.Event()
        self._connection: asyncpg.Connection | None = None

    async def __aenter__(self) -> Self:
        """Connect and listen."""
        arguments = self._engine.dialect.create_connect_args(self._engine.url)[1]
        self._connection = await asyncpg.connect(**arguments)
        self._connection.add_termination_listener(self._wake)
        await self._connection.add_listener(CHANNEL, self._wake)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        if self._connection is not None:
            self._connection.terminate()

    def _wake(self, *_: object) -> None:
        self._event.set()

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait for a notification; False if none came in time. ConnectionError once the connection is lost."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        self._event.clear()
        if self._connection is None or self._connection.is_closed():
            raise ConnectionError("the connection that listens to the database is lost")
        return True
