"""What the routes are given: the database, the institution's zone, the size of pages, the clock."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from inspect import signature
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Made = TypeVar("Made")


@dataclass(frozen=True)
class Serving:
    """Put together once, when the application is made."""

    engine: AsyncEngine
    zone: ZoneInfo
    page_size: int
    """Items a page; 0: lists are bare."""
    tombstones_last: timedelta
    """How long feeds show a removed course as a cancelled one."""
    now: Callable[[], datetime]

    @cached_property
    def reading(self) -> AsyncEngine:
        """The same connections, on which each statement is a transaction of its own: two round trips fewer."""
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")


def made_at_once(kind: type[Made]) -> Callable[..., Awaitable[Made]]:
    """A class as a dependency, which FastAPI by itself would make in another thread, as if that could block."""

    async def make(**values: Any) -> Made:
        return kind(**values)

    make.__signature__ = signature(kind)  # type: ignore[attr-defined]
    return make


async def serving_of(request: Request) -> Serving:
    """What the application was put together with."""
    found: Serving = request.app.state.serving
    return found


ServingDep = Annotated[Serving, Depends(serving_of)]


async def open_connection(serving: ServingDep) -> AsyncIterator[AsyncConnection]:
    """A connection for the reads of one request."""
    async with serving.reading.connect() as connection:
        yield connection


ConnectionDep = Annotated[AsyncConnection, Depends(open_connection)]
