"""A university renames its groups, and their calendar names the old ones no longer."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from carillon_contracts.course import Calendar, GroupName
from carillon_contracts.events import SourceRead
from carillon_timetable_api.ingest import Ingest
from carillon_timetable_api.listed_groups import LISTED_FOR
from snapshots import NOON, course, day_of, observed, source
from timetable_rest import Rest, opened

PARIS = ZoneInfo("Europe/Paris")
OLD, NEW = "L1 PS s1 TDA1", "L1 PHYS s1 TDA1"


@pytest.fixture
async def rest(migrated_database):
    async with opened(migrated_database) as rest:
        rest.clock["now"] = NOON
        yield rest


async def shows(rest: Rest, name: str, at: int, *, members: tuple[str, ...] = (), to_come: bool = True) -> None:
    """The page is read `at` so many minutes, with a course of the group on Monday and perhaps one next week."""
    ingest = Ingest(rest.engine, PARIS)
    past = course("1:2026-11-16", day_of("2026-W47", 0), groups=(OLD,))
    coming = [course("2:2026-11-23", day_of("2026-W48", 2), groups=(name,))] if to_come else []
    await ingest(observed(past, at=at))
    await ingest(observed(*coming, week="2026-W48", at=at))
    calendar = Calendar(key="g1", groups=tuple(GroupName(name=member) for member in members))
    when = NOON + timedelta(minutes=at)
    await ingest(SourceRead(source=source(), observed_at=when, calendars=(calendar,), courses=1))


async def empty_week(rest: Rest, name: str) -> str | None:
    """Why the group has no course in a week in which it has none."""
    (group,) = [each["id"] for each in await rest.json("/api/groups/") if each["name"] == name]
    return (await rest.get(f"/api/groups/{group}/courses/weeks/2026/48/")).headers.get("carillon-empty-because")


async def listed(rest: Rest) -> list[str]:
    (timetable,) = await rest.ids("/api/timetables/")
    return [each["name"] for each in await rest.json(f"/api/timetables/{timetable}/groups/")]


async def test_of_the_old_one_nothing_is_known_and_the_timetable_lists_the_new_one(rest) -> None:
    await shows(rest, OLD, 0, members=(OLD,))
    assert (await listed(rest), await empty_week(rest, OLD)) == ([OLD], None)
    await shows(rest, NEW, 1, members=(NEW,))
    assert (await listed(rest), await empty_week(rest, OLD)) == ([NEW], "not-covered")
    await shows(rest, OLD, 2, members=(OLD,))
    assert (await listed(rest), await empty_week(rest, NEW)) == ([OLD], "not-covered")


async def test_a_member_has_nothing_planned_in_weeks_without_courses(rest) -> None:
    await shows(rest, OLD, 0, members=(OLD,))
    await shows(rest, OLD, 1, members=(OLD,), to_come=False)
    assert (await listed(rest), await empty_week(rest, OLD)) == ([OLD], "nothing-planned")


async def test_one_that_only_courses_name_is_spoken_for_over_the_holidays(rest) -> None:
    await shows(rest, OLD, 0)
    await shows(rest, OLD, 1, to_come=False)
    assert (await listed(rest), await empty_week(rest, OLD)) == ([OLD], "nothing-planned")
    await shows(rest, OLD, 2 * LISTED_FOR // timedelta(minutes=1), to_come=False)
    assert await listed(rest) == [OLD], "the page is of a former year"
    later = observed(week="2027-W36", at=2 * LISTED_FOR // timedelta(minutes=1))
    await Ingest(rest.engine, PARIS)(later)
    await shows(rest, OLD, 2 * LISTED_FOR // timedelta(minutes=1) + 1, to_come=False)
    assert (await listed(rest), await empty_week(rest, OLD)) == ([], "not-covered")


async def test_an_older_read_that_comes_late_takes_nothing_back(rest) -> None:
    await shows(rest, OLD, 5, members=(OLD,), to_come=False)
    await shows(rest, NEW, 1, members=(NEW,))
    assert OLD in await listed(rest)
