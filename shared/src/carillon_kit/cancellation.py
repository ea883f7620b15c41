"""Ends what runs in the background: `wait_for` of Python 3.11, and nats-py by it, can swallow a cancellation."""

import asyncio
from collections.abc import Coroutine
from typing import Any

_AGAIN_S = 0.2


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks until all have ended, whoever is cancelled meanwhile."""
    pending = {task for task in tasks if not task.done()}
    is_cancelled = False
    while pending:
        for task in pending:
            task.cancel()
        try:
            await asyncio.wait(pending, timeout=_AGAIN_S)
        except asyncio.CancelledError:
            is_cancelled = True
        pending = {task for task in pending if not task.done()}
    if is_cancelled:
        raise asyncio.CancelledError


async def together(*works: Coroutine[Any, Any, None]) -> None:
    """Run side by side until all have ended; after an error, or a cancellation, none goes on.

    A TaskGroup would cancel each once, and then wait for ever for one that has swallowed it.
    """
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION) if tasks else (set(), set())
        for task in done:
            task.result()
    finally:
        await end(*tasks)
