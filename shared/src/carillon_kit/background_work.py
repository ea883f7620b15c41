"""Work beside the requests: it goes on until the end, also after an error that nobody foresaw."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import structlog

from carillon_kit.cancellation import end

FIRST_REST_S, LONGEST_REST_S = 5.0, 300.0
"""How long a work rests after its first crash, twice as long after each further one, and at most."""

Work = Callable[[], Awaitable[None]]
log = structlog.get_logger()


class BackgroundWork:
    """Works by their names; one that crashes is logged and begun again after a rest, one that returns is done."""

    def __init__(self) -> None:
        self._crashed: set[str] = set()

    @asynccontextmanager
    async def running(self, works: Mapping[str, Work]) -> AsyncIterator[None]:
        """Do them side by side until the block ends."""
        tasks = [asyncio.create_task(self._keep_up(name, work), name=name) for name, work in works.items()]
        try:
            yield
        finally:
            await end(*tasks)

    async def check(self) -> str | None:
        """What has crashed and rests, for readiness."""
        return f"crashed and begins again, see the log: {', '.join(sorted(self._crashed))}" if self._crashed else None

    async def _keep_up(self, name: str, work: Work) -> None:
        rest_s = FIRST_REST_S
        while True:
            try:
                await work()
            except Exception:
                log.exception("work_crashed", work=name, again_in_s=rest_s)
            else:
                return
            self._crashed.add(name)
            await asyncio.sleep(rest_s)
            self._crashed.discard(name)
            rest_s = min(2 * rest_s, LONGEST_REST_S)
