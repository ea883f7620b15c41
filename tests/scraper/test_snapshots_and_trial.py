"""Snapshots that fit into a message, and reading sources without publishing anything."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import celcat_pages
import pytest
from carillon_contracts.course import Calendar, Course, GroupName, Source
from carillon_contracts.events import SourceRead
from carillon_scraper import snapshots
from carillon_scraper.failures import ReadFailedError
from carillon_scraper.published_text import many_lines, one_line
from carillon_scraper.reading import Reading, shown_on, whole_weeks
from carillon_scraper.settings import Settings
from carillon_scraper.trial import check_sources, dry_run
from hypothesis import given
from hypothesis import strategies as st

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SOURCE = Source(slug="s", format="celcat-xml", url="http://x.test/g1.xml", publisher="x", year="L1", timetable="T")
CALENDAR = Calendar(key="g1", name="L1")


def courses(count: int, notes: int, day: int | None = None) -> list[Course]:
    found = []
    for number in range(count):
        begin = datetime(2026, 11, 16, 8, tzinfo=UTC) + timedelta(days=number % 5 if day is None else day)
        found.append(Course(event_id=str(number), begin=begin, end=begin, name="X", notes="é" * notes))
    return found


def snapshot(shown: list[Course]):
    (week,) = whole_weeks(["2026-W47"], {"2026-W47": shown})
    return snapshots.of_week(SOURCE, Reading(CALENDAR, (week,)), week, NOW)


def test_a_week_that_fits_is_one_message() -> None:
    whole = snapshot(courses(100, 100))
    assert list(snapshots.split(whole, PARIS)) == [whole]


def test_a_week_that_does_not_fit_is_split_by_day_and_never_cut() -> None:
    whole = snapshot(courses(1000, 1000))
    parts = list(snapshots.split(whole, PARIS))
    assert [part.days for part in parts] == [(day,) for day in whole.days]
    assert all(len(part.model_dump_json().encode()) <= snapshots.MAX_MESSAGE_BYTES for part in parts)
    assert sorted(course.event_id for part in parts for course in part.courses) == sorted(map(str, range(1000)))
    assert len({part.subject for part in parts}) == 7


def test_a_day_that_does_not_fit_is_a_failure_that_names_it() -> None:
    with pytest.raises(ReadFailedError, match="too-large: 2026-11-16 has too many courses"):
        list(snapshots.split(snapshot(courses(1000, 1000, day=0)), PARIS))


def test_a_read_event_that_does_not_fit_leaves_to_the_snapshots_what_they_carry() -> None:
    groups = tuple(GroupName(name=f"group {n}") for n in range(1000))
    calendars = tuple(Calendar(key=f"g{n}", name=f"L1 {n}", groups=groups) for n in range(50))
    read = SourceRead(source=SOURCE, observed_at=NOW, calendars=calendars, courses=3)
    slim = snapshots.fitting(read)
    assert [calendar.name for calendar in slim.calendars] == [calendar.name for calendar in calendars]
    assert len(slim.model_dump_json()) < snapshots.MAX_MESSAGE_BYTES
    assert snapshots.fitting(slim) == slim


@given(st.lists(st.integers(0, 60), max_size=20), st.sets(st.integers(0, 60)))
def test_what_is_shown_of_some_days_is_their_courses_and_no_others(begins, days) -> None:
    first = date(2026, 10, 5)
    meetings = []
    for number, offset in enumerate(begins):
        begin = datetime(2026, 10, 5, 10, tzinfo=UTC) + timedelta(days=offset)
        meetings.append(Course(event_id=str(number), begin=begin, end=begin, name="X"))
    wanted = [first + timedelta(days=n) for n in days]
    shown = shown_on(wanted, meetings, PARIS)
    assert sorted(day for week in shown for day in week.days) == sorted(wanted)
    assert sorted(c.event_id for week in shown for c in week.courses) == sorted(
        str(number) for number, offset in enumerate(begins) if offset in days
    )


@given(st.text())
def test_published_text_holds_nothing_that_a_database_cannot(text) -> None:
    for found in (one_line(text), many_lines([text, text]) or ""):
        assert "\x00" not in found
        found.encode()


SOURCES = """\
[institution]
name = "Université d'essai"
timezone = "Europe/Paris"

[[source]]
slug = "good"
format = "celcat-xml"
url = "{url}/g1.xml"
year = "L1"
timetable = "L1 PS"

[[source]]
slug = "gone"
format = "celcat-xml"
url = "{url}/nowhere.xml"
year = "L1"
timetable = "L1 PS"

[[source]]
slug = "school"
format = "pronote"
"""


async def test_trying_all_sources_tells_what_each_shows_and_what_is_wrong(server, tmp_path) -> None:
    server.serve("/g1.xml", celcat_pages.xml())
    path = tmp_path / "sources.toml"
    path.write_text(SOURCES.format(url=server.url), encoding="utf-8")
    seen: list[tuple[str, int]] = []
    settings = Settings(allow_private_addresses=True, request_pause_s=0)
    good, gone = [
        check async for check in check_sources(path, settings, progress=lambda slug, count: seen.append((slug, count)))
    ]
    assert (good.source.slug, good.calendars, good.courses, good.skipped) == ("good", 1, 1, 0)
    assert good.weeks == ("2026-W47", "2026-W48", "2026-W49")
    assert good.published_at is not None
    assert good.failures == []
    assert [failure.code for failure in gone.failures] == ["http-status"]
    assert seen == [("good", 1)]


async def test_a_dry_run_shows_the_courses_of_one_source(server, tmp_path) -> None:
    server.serve("/g1.xml", celcat_pages.xml())
    path = tmp_path / "sources.toml"
    path.write_text(SOURCES.format(url=server.url), encoding="utf-8")
    settings = Settings(allow_private_addresses=True, request_pause_s=0)
    found = await dry_run(path, "good", settings)
    assert [course.name for shown in found.readings[0].weeks for course in shown.courses] == ["EPMAS1D1 - Informatique"]
    with pytest.raises(KeyError):
        await dry_run(path, "school", settings)
