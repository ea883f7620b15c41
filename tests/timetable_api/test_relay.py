"""What is committed is announced, in order, and the bucket says what the database says."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import pytest
from carillon_contracts.events import Changed, Coverage, RoomWeek, SourceStates
from carillon_kit import bus, streams
from carillon_kit.cancellation import end
from carillon_servers import eventually
from carillon_timetable_api import occupancy, relay
from carillon_timetable_api.ingest import Ingest
from nats.js.api import DeliverPolicy
from nats.js.errors import NoKeysError
from snapshots import NOON, course, day_of, observed, read_to_the_end
from sqlalchemy import text

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
async def js(own_nats_url: str):
    async with bus.connection(own_nats_url, "test") as client:
        yield await bus.ready(client, 1)


@asynccontextmanager
async def relaying(engine, js) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run(engine, js, PARIS))
    yield
    await end(task)


async def published(js, count: int) -> list[Changed]:
    await eventually(lambda: _has(js, count))
    subscription = await js.subscribe("changed.>", stream=streams.CHANGED, deliver_policy=DeliverPolicy.ALL)
    messages = [await subscription.next_msg(5) for _ in range(count)]
    await subscription.unsubscribe()
    return [Changed.model_validate_json(message.data) for message in messages]


async def _has(js, count: int) -> bool:
    return (await js.stream_info(streams.CHANGED)).state.messages >= count


async def busy(js, room: int, week: str) -> list[tuple[str, str]]:
    bucket = await streams.occupancy_bucket(js)
    found = RoomWeek.model_validate_json((await bucket.get(f"room.{room}.{week}")).value)
    return [(one.begin.strftime("%a %H:%M"), one.end.strftime("%a %H:%M")) for one in found.busy]


async def test_changes_are_published_in_the_order_of_the_journal(engine, js) -> None:
    ingest = Ingest(engine, PARIS)
    async with relaying(engine, js):
        for at, hour in enumerate((8, 9, 10, 11)):
            await ingest(observed(course(hour=hour), at=at))
        changes = await published(js, 4)
    assert [change.kind for change in changes] == ["added", "moved", "moved", "moved"]
    assert [change.number for change in changes] == sorted(change.number for change in changes)
    assert [change.after.begin.hour for change in changes] == [8, 9, 10, 11]


async def test_a_relay_that_starts_again_goes_on_where_it_was(engine, js) -> None:
    ingest = Ingest(engine, PARIS)
    async with relaying(engine, js):
        await ingest(observed(course()))
        await published(js, 1)
    await ingest(observed(course(hour=12), at=1))
    async with relaying(engine, js):
        changes = await published(js, 2)
    assert [change.kind for change in changes] == ["added", "moved"]


async def test_many_commits_in_a_row_are_relayed_in_few_rounds(engine, js, monkeypatch) -> None:
    rounds = []
    coverage = occupancy.coverage
    monkeypatch.setattr(relay, "_PAUSE_S", 60)
    monkeypatch.setattr(occupancy, "coverage", lambda connection: rounds.append("one") or coverage(connection))
    ingest = Ingest(engine, PARIS)
    async with relaying(engine, js):
        await eventually(lambda: len(rounds) == 2)  # the bucket's first filling, and the first round
        for at in range(5):
            await ingest(observed(course(hour=8 + at), at=at))
        assert len(rounds) == 2
    monkeypatch.undo()
    async with relaying(engine, js):
        assert len(await published(js, 5)) == 5


async def test_a_room_s_week_follows_its_courses(engine, js) -> None:
    ingest = Ingest(engine, PARIS)
    async with relaying(engine, js):
        await ingest(observed(course(rooms=("U1",)), course("8:2026-11-16", hour=14, rooms=("U1", "U2"))))
        await published(js, 2)
        await eventually(lambda: _is(busy(js, 1, "2026-W47"), [("Tue 08:00", "Tue 10:00"), ("Tue 14:00", "Tue 16:00")]))
        await ingest(observed(course(rooms=("U2",)), at=1))
        await ingest(read_to_the_end(1))
        await eventually(lambda: _is(busy(js, 1, "2026-W47"), []))
        await eventually(lambda: _is(busy(js, 2, "2026-W47"), [("Tue 08:00", "Tue 10:00")]))


async def _is(reading, wanted) -> bool:
    return await reading == wanted


async def test_a_course_past_midnight_on_sunday_is_in_both_weeks(engine, js) -> None:
    late = course(day=day_of("2026-W47", 6), hour=22, end=NOON.replace(day=23, hour=3), rooms=("U1",))
    async with relaying(engine, js):
        await Ingest(engine, PARIS)(observed(late))
        for week in ("2026-W47", "2026-W48"):
            await eventually(lambda week=week: _known(js, f"room.1.{week}"))
            assert await busy(js, 1, week) == [("Sun 22:00", "Mon 03:00")]


async def _known(js, key: str) -> bool:
    bucket = await streams.occupancy_bucket(js)
    try:
        return key in await bucket.keys()
    except NoKeysError:
        return False


async def test_the_bucket_says_which_days_are_covered_and_how_the_sources_are(engine, js) -> None:
    ingest = Ingest(engine, PARIS)
    async with relaying(engine, js):
        await ingest(observed(days=(0, 1)))
        await ingest(read_to_the_end())
        bucket = await streams.occupancy_bucket(js)
        await eventually(lambda: _known(js, "week.2026-W47"))
        covered = Coverage.model_validate_json((await bucket.get("week.2026-W47")).value)
        assert covered.days == {day_of("2026-W47", 0): ("l1-ps",), day_of("2026-W47", 1): ("l1-ps",)}

        async def read() -> bool:
            states = SourceStates.model_validate_json((await bucket.get("sources")).value)
            return [state.last_read_at for state in states.sources] == [NOON] and states.timezone == "Europe/Paris"

        await eventually(read)


async def test_the_bucket_takes_back_what_it_said_of_a_calendar_that_is_listed_no_longer(engine, js) -> None:
    ingest = Ingest(engine, PARIS)
    async with relaying(engine, js):
        await ingest(observed(week="2026-W48"))
        await eventually(lambda: _known(js, "week.2026-W48"))
    await ingest(read_to_the_end(1, gone=("g1",)))
    bucket = await streams.occupancy_bucket(js)

    async def covered_days() -> dict:
        return Coverage.model_validate_json((await bucket.get("week.2026-W48")).value).days

    assert len(await covered_days()) == 7
    async with relaying(engine, js):
        await eventually(lambda: _is(covered_days(), {}))


async def test_a_lost_bucket_is_filled_again_from_the_database(engine, js) -> None:
    ingest = Ingest(engine, PARIS)
    async with relaying(engine, js):
        await ingest(observed(course(rooms=("U1",))))
        await eventually(lambda: _known(js, "sources"))
    await js.delete_key_value(streams.OCCUPANCY)
    await streams.ensure(js, 1)
    async with relaying(engine, js):
        await eventually(lambda: _known(js, "room.1.2026-W47"))
    assert await busy(js, 1, "2026-W47") == [("Tue 08:00", "Tue 10:00")]


async def test_rebuilding_drops_what_the_database_does_not_know(engine, js) -> None:
    await Ingest(engine, PARIS)(observed(course(rooms=("U1",))))
    bucket = await streams.occupancy_bucket(js)
    await bucket.put("room.99.2026-W47", json.dumps({}).encode())
    await relay.rebuild(engine, js, PARIS)
    assert sorted(await bucket.keys()) == ["room.1.2026-W47", "sources", "week.2026-W47"]


async def test_only_one_relay_publishes_and_another_takes_over(engine, js) -> None:
    ingest = Ingest(engine, PARIS)
    first = asyncio.create_task(relay.run(engine, js, PARIS))
    second = asyncio.create_task(relay.run(engine, js, PARIS))
    await ingest(observed(course()))
    await published(js, 1)
    await end(first)
    await ingest(observed(course(hour=9), at=1))
    assert [change.kind for change in await published(js, 2)] == ["added", "moved"]
    await end(second)
    async with engine.connect() as connection:
        assert (await connection.execute(text("select number from relay_position"))).scalar() == 2


def test_a_booking_of_three_weeks_is_in_each_of_them() -> None:
    begin, end = NOON.replace(day=22, hour=20), NOON.replace(month=12, day=7, hour=8)
    assert occupancy.weeks_touched(begin, end, PARIS) == {"2026-W47", "2026-W48", "2026-W49", "2026-W50"}
