"""Lets an exchange with Pronote end even when whoever asked for it has gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_R = TypeVar("_R")


async def to_its_end(work: Coroutine[Any, Any, _R]) -> _R:
    """Await ``work``; a cancelled caller stops waiting, the work goes on and its outcome is dropped."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        raise
