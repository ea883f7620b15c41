"""Work beside the requests goes on, whatever befalls it."""

import asyncio

from carillon_kit import background_work
from carillon_kit.background_work import BackgroundWork
from carillon_servers import eventually


async def test_what_crashes_is_begun_again_and_the_others_go_on(monkeypatch) -> None:
    monkeypatch.setattr(background_work, "FIRST_REST_S", 0.1)
    background, begun, is_mended = BackgroundWork(), list[str](), asyncio.Event()

    async def crash_twice() -> None:
        begun.append("crashing")
        if begun.count("crashing") <= 2:
            raise ZeroDivisionError
        is_mended.set()
        await asyncio.Event().wait()

    async def go_on() -> None:
        begun.append("steady")
        await asyncio.Event().wait()

    async def return_at_once() -> None:
        begun.append("short")

    async with background.running({"crashing": crash_twice, "steady": go_on, "short": return_at_once}):
        await eventually(lambda: "crashing" in begun)
        assert "crashing" in (await background.check())
        await asyncio.wait_for(is_mended.wait(), 10)
        assert await background.check() is None
    assert (begun.count("steady"), begun.count("short")) == (1, 1)


async def test_the_end_of_the_block_ends_what_works_and_what_rests(monkeypatch) -> None:
    background, ended = BackgroundWork(), list[str]()

    async def crash() -> None:
        raise ZeroDivisionError

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("work")

    async with background.running({"crash": crash, "work": work}):
        await eventually(background.check)
    assert ended == ["work"]
    assert not [task for task in asyncio.all_tasks() if task.get_name() in ("crash", "work")]
