"""Work in the background ends when it is told to, even if it misses that at first."""

import asyncio

import pytest
from carillon_kit.cancellation import end, together


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


async def swallow(ended: list[str]) -> None:
    for _ in range(2):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            continue
    try:
        await asyncio.Event().wait()
    finally:
        ended.append("swallowing")


async def test_works_that_run_together_end_together_when_one_fails():
    async def fail() -> None:
        raise ZeroDivisionError

    ended = list[str]()
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(together(swallow(ended), fail()), 10)
    assert ended == ["swallowing"]


async def test_works_that_run_together_end_with_the_one_who_waits_for_them_however_deep():
    ended = list[str]()
    task = asyncio.create_task(together(together(swallow(ended)), swallow(ended)))
    await asyncio.sleep(0)
    await asyncio.wait_for(end(task), 10)
    assert ended == ["swallowing", "swallowing"]
    assert task.cancelled()


async def test_works_that_run_together_may_all_come_to_their_end():
    async def nothing() -> None:
        pass

    await together(nothing(), nothing())
    await together()
