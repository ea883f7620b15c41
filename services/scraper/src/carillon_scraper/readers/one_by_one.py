"""Many calendars of one source: read one after the other, a failing one does not keep the others from being read."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Concatenate, Generic, ParamSpec, TypeVar

from carillon_kit.languages import Text

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.fetcher import Answer
from carillon_scraper.visit import Result

MAX_FAILURES_IN_A_ROW = 10
"""Then the source as a whole is given up until its next turn."""

P = ParamSpec("P")
T = TypeVar("T")


async def one_by_one(
    items: Iterable[T],
    name_of: Callable[[T], str],
    read: Callable[[T], Awaitable[Result]],
    *,
    read_ahead: bool = True,
) -> AsyncIterator[Result]:
    """The result of each, in order; a failure names its item.

    With `read_ahead` the next is fetched while the last is published: not for readers that need to know what was.
    """
    todo = list(items)
    async with _Reads(todo, read, ahead=read_ahead) as reads:
        async for result in _told(todo, name_of, reads):
            yield result


class _Reads(Generic[T]):
    """The items' reads, at most one ahead of the one that is asked for, none after a failure."""

    def __init__(self, items: list[T], read: Callable[[T], Awaitable[Result]], *, ahead: bool) -> None:
        self._left, self._read, self._ahead = iter(items), read, ahead
        self._task: asyncio.Task[Result] | None = None

    async def __aenter__(self) -> "_Reads[T]":
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def next(self) -> Result:
        """The next item's result, or what its read raised."""
        task = self._task or self._started()
        self._task = None
        if task is None:
            raise AssertionError("asked for more than there is")
        result = await task
        self._task = self._started() if self._ahead else None
        return result

    def _started(self) -> asyncio.Task[Result] | None:
        for item in self._left:
            return asyncio.create_task(self._awaited(item))
        return None

    async def _awaited(self, item: T) -> Result:
        return await self._read(item)


async def _told(todo: list[T], name_of: Callable[[T], str], reads: _Reads[T]) -> AsyncIterator[Result]:
    failures = 0
    for item in todo:
        try:
            yield await reads.next()
        except ReadFailedError as error:
            failures += 1
            if error.final or len(todo) == 1 or failures >= MAX_FAILURES_IN_A_ROW:
                raise
            name = name_of(item)
            reason = Text(f"{name} : {error.reason.fr}", f"{name}: {error.reason.en}")
            yield ReadFailedError(error.code, reason, body=error.body, retry_at=error.retry_at)
        else:
            failures = 0


async def parsed(parse: Callable[Concatenate[bytes, P], T], answer: Answer, *args: P.args, **keywords: P.kwargs) -> T:
    """Parse beside the event loop; an error takes the answer's bytes along."""
    try:
        return await asyncio.to_thread(parse, answer.body, *args, **keywords)
    except ReadFailedError as error:
        error.body = answer.body
        raise
