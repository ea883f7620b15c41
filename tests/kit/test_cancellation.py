"""Work in the background ends when it is told to, even if it misses that at first."""

import asyncio

from carillon_kit.cancellation import end


async def test_all_have_ended_also_those_that_swallow_a_cancellation_or_fail():
    async def wait(*, swallowing: int = 0) -> None:
        for _ in range(swallowing):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue
        await asyncio.Event().wait()

    async def fail() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ZeroDivisionError

    async def done() -> None:
        pass

    tasks = [asyncio.create_task(work) for work in (wait(), wait(swallowing=2), fail(), done())]
    await asyncio.sleep(0)
    await asyncio.wait_for(end(*tasks), 10)
    assert all(task.done() for task in tasks)
    assert isinstance(tasks[2].exception(), ZeroDivisionError)
