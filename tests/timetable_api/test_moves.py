"""A course that moves is one change: snapshots that withdraw or add courses wait for the end of their read."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from carillon_contracts.events import SourceFailed
from carillon_timetable_api import course_rows, held_snapshots
from carillon_timetable_api.ingest import Ingest
from database_rows import kinds, rows, value
from snapshots import NOON, course, day_of, observed, read_to_the_end, source
from sqlalchemy import text

PARIS = ZoneInfo("Europe/Paris")
THURSDAY_AFTER = day_of("2026-W48", 3)


@pytest.mark.parametrize("weeks", [("2026-W47", "2026-W48"), ("2026-W48", "2026-W47")])
@pytest.mark.parametrize("new_id", ["7:2026-11-16", "7:2026-11-23", "8:2026-11-23"])
async def test_a_move_to_another_week_is_one_change_of_one_course(engine, weeks, new_id) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course(), course("1:2026-11-16", name="EPMAS1P1 - Physique")))
    await ingest(observed(week="2026-W48"))
    await ingest(read_to_the_end())
    shown = {
        "2026-W47": [course("1:2026-11-16", name="EPMAS1P1 - Physique")],
        "2026-W48": [course(new_id, THURSDAY_AFTER, hour=14, rooms=("U2-218",))],
    }
    for week in weeks:
        await ingest(observed(*shown[week], week=week, at=1))
    assert await kinds(engine) == ["added", "added"], "the read has not ended"
    await ingest(read_to_the_end(1))
    assert await kinds(engine) == ["added", "added", "moved"]
    alive = "select event_id, begin from course where cancelled_at is null and name like '%Algèbre'"
    assert [(id_, begin.date()) for id_, begin in await rows(engine, alive)] == [(new_id, THURSDAY_AFTER)]
    told = "select count(distinct course_id) from journal where after->>'name' like '%Algèbre'"
    assert await value(engine, told) == 1
    (room,) = await rows(
        engine,
        "select r.name from course c join course_room l on l.course_id = c.id join room r on r.id = l.room_id"
        " where c.event_id = :event_id",
        event_id=new_id,
    )
    assert room == ("U2-218",)
    assert await value(engine, "select count(*) from course") == 2


async def test_an_event_that_the_source_made_anew_as_it_was_is_no_change(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(course("999:2026-11-16"), at=1))
    await ingest(read_to_the_end(1))
    assert await kinds(engine) == ["added"]
    await ingest(observed(course("999:2026-11-16", hour=10), at=2))
    assert await kinds(engine) == ["added", "moved"]


@pytest.mark.parametrize("other", [{"name": "EPMAS1P1 - Physique"}, {"type": "CM"}, {"groups": ("L1 PS s1 TDA2",)}])
async def test_a_course_that_goes_and_another_one_that_comes_are_two_changes(engine, other) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(course("8:2026-11-16", **other), at=1))
    await ingest(read_to_the_end(1))
    assert await kinds(engine) == ["added", "added", "cancelled"]


async def test_what_the_source_marks_as_cancelled_or_drops_from_its_archive_has_not_moved(engine) -> None:
    ingest = Ingest(engine, PARIS)
    old = course("5:2026-11-02", day_of("2026-W45", 0), name="Ancien")
    await ingest(observed(course()))
    await ingest(observed(old, week="2026-W45"))
    again = course("8:2026-11-16", hour=14), course("9:2026-11-16", name="Ancien")
    await ingest(observed(course(status="cancelled"), *again, at=1))
    await ingest(observed(week="2026-W45", at=1))
    await ingest(read_to_the_end(1))
    assert sorted((await kinds(engine))[2:]) == ["added", "added", "cancelled", "cancelled"]


async def test_of_several_that_went_and_came_the_nearest_are_one(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(*(course(f"{hour}", hour=hour) for hour in (8, 10, 14))))
    await ingest(observed(*(course(f"new {hour}", hour=hour) for hour in (9, 13, 17)), at=1))
    await ingest(read_to_the_end(1))
    moved = "select before->>'begin', after->>'begin' from journal where kind = 'moved' order by 1"
    hours = [tuple(begin[11:13] for begin in row) for row in await rows(engine, moved)]
    assert hours == [("08", "09"), ("10", "17"), ("14", "13")]


async def test_snapshots_wait_for_the_end_of_a_read_that_fails_too(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(at=1))
    assert await kinds(engine) == ["added"]
    failed_at = NOON + timedelta(minutes=1)
    failure = {"code": "unreachable", "reason_fr": "En panne.", "reason_en": "Down."}
    await ingest(SourceFailed(source=source(), failed_at=failed_at, **failure))
    assert await kinds(engine) == ["added", "cancelled"]


async def test_snapshots_of_a_read_that_does_not_end_are_applied_after_a_while(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(at=1))
    await Ingest(engine, PARIS).release_overdue(timedelta(hours=1))
    assert await kinds(engine) == ["added"]
    await Ingest(engine, PARIS).release_overdue(timedelta(0))
    assert await kinds(engine) == ["added", "cancelled"]


async def test_no_more_snapshots_wait_than_one_transaction_takes(engine, monkeypatch) -> None:
    monkeypatch.setattr(held_snapshots, "MOST", 2)
    ingest = Ingest(engine, PARIS)
    weeks = ("2026-W47", "2026-W48", "2026-W49")
    for week in weeks:
        await ingest(observed(course(f"7:{week}", day_of(week, 1)), week=week))
    for week in weeks:
        await ingest(observed(week=week, at=1))
    assert await kinds(engine) == ["added"] * 3 + ["cancelled"] * 2


async def test_a_snapshot_that_comes_after_the_end_of_its_read_does_not_wait(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(read_to_the_end(1))
    await ingest(observed(at=1))
    assert await kinds(engine) == ["added", "cancelled"]


async def test_a_snapshot_that_cannot_be_applied_keeps_no_other_from_it(engine, monkeypatch) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(course("8:2026-11-23", day_of("2026-W48", 0), name="A"), week="2026-W48"))
    write = course_rows.write

    async def failing(connection, publisher, source_id, changes, **fields):
        if any(change.settled.content.name == "A" for change in changes):
            await connection.execute(text("select 1 / 0"))
        return await write(connection, publisher, source_id, changes, **fields)

    monkeypatch.setattr(course_rows, "write", failing)
    await ingest(observed(at=1))
    await ingest(observed(week="2026-W48", at=1))
    await ingest(read_to_the_end(1))
    assert (await kinds(engine))[2:] == ["cancelled"]
    monkeypatch.undo()
    await ingest.release_overdue(timedelta(0))
    assert (await kinds(engine))[2:] == ["cancelled", "cancelled"]
