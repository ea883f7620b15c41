"""Many calendars of one source: read one after the other, a failing one does not keep the others from being read."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Concatenate, ParamSpec, TypeVar

from carillon_kit.languages import Text

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.fetcher import Answer
from carillon_scraper.visit import Result

MAX_FAILURES_IN_A_ROW = 10
"""Then the source as a whole is given up until its next turn."""

P = ParamSpec("P")
T = TypeVar("T")


async def one_by_one(
    items: Iterable[T], name_of: Callable[[T], str], read: Callable[[T], Awaitable[Result]]
) -> AsyncIterator[Result]:
    """The result of each, in order; a failure names its item."""
    todo = list(items)
    failures = 0
    for item in todo:
        try:
            yield await read(item)
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
