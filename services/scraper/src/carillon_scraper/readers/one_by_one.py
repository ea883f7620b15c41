"""Many calendars of one source: read one after the other, a failing one does not keep the others from being read."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, Concatenate, ParamSpec, TypeVar

from carillon_kit.languages import Text

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.answer import Answer
from carillon_scraper.visit import Result

MAX_FAILURES_IN_A_ROW = 10
"""Then the source as a whole is given up until its next turn."""

P = ParamSpec("P")
T = TypeVar("T")


async def one_by_one(
    items: Iterable[T],
    name_of: Callable[[T], str],
    read: Callable[[T], Coroutine[Any, Any, Result]],
    *,
    read_ahead: bool = True,
) -> AsyncIterator[Result]:
    """The result of each, in order; a failure names its item.

    With `read_ahead` the next is fetched while the last is published: not for readers that need to know what was.
    """
    todo = deque(items)
    alone, failures = len(todo) == 1, 0
    ahead: asyncio.Task[Result] | None = None
    try:
        while todo:
            item = todo.popleft()
            try:
                result = await (ahead or read(item))
            except ReadFailedError as error:
                ahead, failures = None, failures + 1
                if error.final or alone or failures >= MAX_FAILURES_IN_A_ROW:
                    raise
                yield _named(error, name_of(item))
            else:
                ahead = asyncio.ensure_future(read(todo[0])) if read_ahead and todo else None
                failures = 0
                yield result
    finally:
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)


def _named(error: ReadFailedError, name: str) -> ReadFailedError:
    reason = Text(f"{name} : {error.reason.fr}", f"{name}: {error.reason.en}")
    return ReadFailedError(error.code, reason, body=error.body, retry_at=error.retry_at)


async def parsed(parse: Callable[Concatenate[bytes, P], T], answer: Answer, *args: P.args, **keywords: P.kwargs) -> T:
    """Parse beside the event loop; an error takes the answer's bytes along."""
    try:
        return await asyncio.to_thread(parse, answer.body, *args, **keywords)
    except ReadFailedError as error:
        error.body = answer.body
        raise
