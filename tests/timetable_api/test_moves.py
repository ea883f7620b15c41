"""A course that moves is one change: snapshots that withdraw or add courses wait for the end of their read."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from carillon_contracts.events import SourceFailed
from carillon_timetable_api import course_rows, held_snapshots
from carillon_timetable_api.ingest import Ingest
from database_rows import kinds, rows, truncate, value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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


@pytest.fixture
async def two_sources(engine) -> Ingest:
    """A lecture that stands on the pages of two groups, each a source; both have been read."""
    ingest = Ingest(engine, PARIS)
    for calendar, page in PAGES.items():
        await ingest(observed(course(), calendar=calendar, source=page))
        await ingest(observed(week="2026-W48", calendar=calendar, source=page))
        await ingest(read_to_the_end(source=page))
    return ingest


PAGES = {"g1": source("l1-ps"), "g2": source("l1-mi")}
MOVED = course("8:2026-11-23", THURSDAY_AFTER)


async def read_page(ingest, calendar: str, at: int, *, before=(), after=()) -> None:
    for week, shown in (("2026-W47", before), ("2026-W48", after)):
        await ingest(observed(*shown, week=week, calendar=calendar, source=PAGES[calendar], at=at))
    await ingest(read_to_the_end(at, source=PAGES[calendar]))


ALIVE = "select event_id from course where cancelled_at is null order by 1"


async def test_a_lecture_of_two_sources_moves_once_whenever_the_other_one_is_read(engine, two_sources) -> None:
    await read_page(two_sources, "g1", 1, after=[MOVED])
    assert await kinds(engine) == ["added", "moved"]
    assert await rows(engine, ALIVE) == [("8:2026-11-23",)]
    await read_page(two_sources, "g2", 30, after=[MOVED])
    assert await kinds(engine) == ["added", "moved"]
    assert await value(engine, "select count(*) from course") == 1
    await read_page(two_sources, "g1", 60)
    assert await kinds(engine) == ["added", "moved"]
    await read_page(two_sources, "g2", 90)
    assert await kinds(engine) == ["added", "moved", "cancelled"]


async def test_what_the_other_source_shows_anew_as_it_was_is_a_course_of_its_own(engine, two_sources) -> None:
    await read_page(two_sources, "g1", 1, after=[MOVED])
    other = course("9:2026-11-16", hour=16, name="EPMAS1P1 - Physique")
    await read_page(two_sources, "g2", 30, before=[course(), other])
    assert await rows(engine, ALIVE) == [("7:2026-11-16",), ("8:2026-11-23",), ("9:2026-11-16",)]
    assert (await kinds(engine))[2:] == ["added", "added"]


async def test_what_the_other_source_leaves_as_it_was_for_a_day_is_a_course_of_its_own(engine, two_sources) -> None:
    await read_page(two_sources, "g1", 1, after=[MOVED])
    await two_sources(read_to_the_end(30, source=PAGES["g2"]))
    assert await rows(engine, ALIVE) == [("8:2026-11-23",)]
    await two_sources(read_to_the_end(26 * 60, source=PAGES["g2"]))
    assert await rows(engine, ALIVE) == [("7:2026-11-16",), ("8:2026-11-23",)]
    assert await kinds(engine) == ["added", "moved", "added"]
    await read_page(two_sources, "g2", 27 * 60, after=[MOVED])
    assert await rows(engine, ALIVE) == [("8:2026-11-23",)]


async def test_a_lecture_that_the_other_source_showed_after_this_read_has_not_moved(engine, two_sources) -> None:
    await two_sources(read_to_the_end(30, source=PAGES["g2"]))
    await read_page(two_sources, "g1", 1, after=[MOVED])
    assert await kinds(engine) == ["added", "added"]
    assert await rows(engine, ALIVE) == [("7:2026-11-16",), ("8:2026-11-23",)]


MEETINGS = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.integers(0, 3), max_size=3)
READS = st.lists(st.tuples(st.sampled_from(sorted(PAGES)), MEETINGS), max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(reads=READS)
async def test_whatever_moves_in_the_end_each_source_s_courses_are_there(engine, reads) -> None:
    """Ids of meetings by place: two days in each of two weeks. Nothing else tells them apart."""
    await truncate(engine)
    ingest, newest = Ingest(engine, PARIS), dict[str, dict[str, int]]()
    for at, (calendar, meetings) in enumerate(reads):
        placed = {week: [course(id_, day_of(week, place % 2)) for id_, place in meetings.items() if place // 2 == number]
                  for number, week in enumerate(("2026-W47", "2026-W48"))}  # fmt: skip
        await read_page(ingest, calendar, at, before=placed["2026-W47"], after=placed["2026-W48"])
        newest[calendar] = meetings
    for day, calendar in enumerate(newest, 2):
        await ingest(read_to_the_end(day * 24 * 60 + 120, source=PAGES[calendar]))
    shown = sorted({id_ for meetings in newest.values() for id_ in meetings})
    assert [id_ for (id_,) in await rows(engine, ALIVE)] == shown
    now = {}
    for id_, before, after in await rows(engine, "select course_id, before, after from journal order by number"):
        assert before == now.get(id_)
        now[id_] = after
    kept = await rows(engine, "select id, cancelled_at is not null from course order by id")
    assert [(id_, state["cancelled"]) for id_, state in sorted(now.items())] == kept
