"""Sources that the sources file names no longer: renamed or taken out by the operator, or a made-up faculty's."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from carillon_contracts.course import Calendar
from carillon_contracts.events import SourceRead
from carillon_timetable_api import occupancy
from carillon_timetable_api.ingest import Ingest
from database_rows import kinds, rows, value
from snapshots import NOON, course, day_of, observed, read_to_the_end, source
from timetable_rest import opened

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
OTHER = source("l1-mi", year="L2", timetable="L1 MI")
CANCELLED = "select name from course where cancelled_at is not null order by name"


@pytest.fixture
async def ingest(engine) -> Ingest:
    """Two sources, read at noon; of the first a course of long ago and one to come, which both show, and one alone."""
    made = Ingest(engine, PARIS)
    past = course("1:2026-11-16", day_of("2026-W47", 0), name="Passé", groups=("L1 PS",))
    shared = course("2:2026-11-23", day_of("2026-W48", 2), name="Commun", groups=("L1 PS", "L1 MI"))
    alone = course("3:2026-11-23", day_of("2026-W48", 3), name="Seul", groups=("L1 PS",))
    await made(observed(past))
    await made(observed(shared, alone, week="2026-W48"))
    await made(read_to_the_end(0))
    await made(observed(shared, week="2026-W48", calendar="g2", source=OTHER))
    await made(SourceRead(source=OTHER, observed_at=NOON, calendars=(Calendar(key="g2"),), courses=1))
    return made


async def test_after_a_day_unread_its_coming_courses_go_unless_others_show_them(engine, ingest) -> None:
    await ingest.withdraw_unnamed({"l1-mi"}, NOON + timedelta(hours=25))
    assert await rows(engine, CANCELLED) == [], "somebody may still read it"
    await ingest.withdraw_unnamed({"l1-mi"}, NOON + 2 * DAY)
    assert await rows(engine, CANCELLED) == [("Seul",)]
    await ingest.withdraw_unnamed({"l1-mi"}, NOON + 3 * DAY)
    assert await kinds(engine) == ["added", "added", "added", "cancelled"], "once"


async def test_a_source_that_is_named_stays_however_long_it_is_unread(engine, ingest) -> None:
    await ingest.withdraw_unnamed({"l1-mi", "l1-ps"}, NOON + 99 * DAY)
    assert await rows(engine, CANCELLED) == []


async def test_once_it_is_read_again_all_is_as_it_was(engine, ingest) -> None:
    await ingest.withdraw_unnamed({"l1-mi"}, NOON + 2 * DAY)
    alone = course("3:2026-11-23", day_of("2026-W48", 3), name="Seul", groups=("L1 PS",))
    shared = course("2:2026-11-23", day_of("2026-W48", 2), name="Commun", groups=("L1 PS", "L1 MI"))
    later = 3 * 24 * 60
    await ingest(observed(shared, alone, week="2026-W48", at=later))
    await ingest(read_to_the_end(later))
    assert await rows(engine, CANCELLED) == []
    assert await value(engine, "select count(*) from source where withdrawn_at is not null") == 0


async def test_free_rooms_do_not_wait_for_it(engine, ingest) -> None:
    async def told() -> tuple[set[str], set[str]]:
        async with engine.connect() as connection:
            states = await occupancy.source_states(connection, PARIS)
            weeks = await occupancy.coverage(connection)
        return {s.slug for s in states.sources}, {slug for week in weeks for day in week.days.values() for slug in day}

    assert await told() == ({"l1-ps", "l1-mi"},) * 2
    await ingest.withdraw_unnamed({"l1-mi"}, NOON + 2 * DAY)
    assert await told() == ({"l1-mi"},) * 2


async def test_answers_depend_on_it_no_longer_and_lists_do_not_show_its_timetable(migrated_database, ingest) -> None:
    now = NOON + 2 * DAY
    await ingest(SourceRead(source=OTHER, observed_at=now, calendars=(Calendar(key="g2"),), courses=1))
    async with opened(migrated_database) as rest:
        rest.clock["now"] = now
        assert (await rest.get("/api/courses/")).headers["carillon-data-age"] == str(2 * 24 * 3600)
        await ingest.withdraw_unnamed({"l1-mi"}, now)
        assert (await rest.get("/api/courses/")).headers["carillon-data-age"] == "0"
        assert [each["name"] for each in await rest.json("/api/timetables/")] == ["L1 MI"]
        assert [each["name"] for each in await rest.json("/api/years/")] == ["L2"]
        found = (await rest.json("/api/search/?q=L1"))["results"]
        assert [each["name"] for each in found if each["kind"] == "timetable"] == ["L1 MI"]
        past = next(each for each in await rest.json("/api/courses/") if each["name"] == "Passé")
        assert (await rest.get(f"/api/sources/{past['source']}/")).status_code == 200
