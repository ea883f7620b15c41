"""Work that one replica does at a time: it holds a lock of the database's, as long as its connection lives."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carillon_timetable_api.notifications import Notifications

PATIENCE_S = 2.0
"""How long a leader sleeps without a notification, and how long others wait before they try again."""

log = structlog.get_logger()
Step = Callable[[], Awaitable[None]]


async def lead(
    engine: AsyncEngine, lock: int, begin: Callable[[], Awaitable[Step]], lost: tuple[type[Exception], ...]
) -> None:
    """Once leader, begin, and take a step at each `NOTIFY carillon` and from time to time, until cancelled.

    After an error among `lost`, an outage, leadership is sought anew.
    """
    while True:
        try:
            async with engine.connect() as leader, Notifications(engine) as notifications:
                await leader.execution_options(isolation_level="AUTOCOMMIT")
                query = text("select pg_try_advisory_lock(:lock)")
                if not (await leader.execute(query, {"lock": lock})).scalar():
                    await asyncio.sleep(PATIENCE_S)
                    continue
                try:
                    step = await begin()
                    while True:
                        await step()
                        await notifications.wait(PATIENCE_S)
                        await leader.execute(text("select 1"))  # fails once the connection, and so the lock, is lost
                finally:
                    await leader.invalidate()  # back in the pool it would go on holding the lock
        except lost as error:
            log.warning("leader_interrupted", lock=lock, error=repr(error))
            await asyncio.sleep(0.5)
