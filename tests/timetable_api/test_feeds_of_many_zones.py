"""Every format says the same times as the data: changed clocks, week 53, midnight, whole days, zones overseas.

Each feed holds all the difficult meetings and is read by clients nobody here wrote: Python `icalendar`, `ical` (Home
Assistant's) and `vobject`, JavaScript `ical.js` and `node-ical`, `feedparser`.
"""

import asyncio
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import feedparser
import icalendar
import pytest
import vobject
from carillon_contracts.weeks import week_of
from carillon_servers import new_database
from carillon_timetable_api.ingest import Ingest
from ical.calendar_stream import IcsCalendarStream
from judge_environments import node_packages
from snapshots import NOON, course, observed
from timetable_rest import opened

HERE = Path(__file__).parent
JUDGES = HERE.parent / "judges" / "feeds"
ZONES = ["Europe/Paris", "America/Martinique", "Pacific/Noumea", "America/Miquelon"]


class Meeting(NamedTuple):
    """When it is in the institution's own time; the second 02:15 of a night is `fold=1`."""

    name: str
    begin: datetime
    end: datetime

    @property
    def is_all_day(self) -> bool:
        return (self.begin.hour, self.begin.minute, self.end.hour, self.end.minute) == (0, 0, 0, 0)


def local(*fields: int, fold: int = 0) -> datetime:
    return datetime(*fields, fold=fold)  # noqa: DTZ001 - the zone is the test's parameter


MEETINGS = [
    Meeting("Summer before last", local(2025, 7, 15, 8), local(2025, 7, 15, 10)),
    Meeting("Before the clocks of Paris go back", local(2026, 10, 24, 8), local(2026, 10, 24, 10)),
    Meeting("Over the change in autumn", local(2026, 10, 25, 1), local(2026, 10, 25, 4)),
    Meeting("A day and more over the change", local(2026, 10, 24, 20), local(2026, 10, 25, 21, 30)),
    Meeting("In the first of two equal hours", local(2026, 10, 25, 2, 15), local(2026, 10, 25, 2, 45)),
    Meeting("In the second of them", local(2026, 10, 25, 2, 15, fold=1), local(2026, 10, 25, 2, 45, fold=1)),
    Meeting("After it", local(2026, 10, 26, 8), local(2026, 10, 26, 10)),
    Meeting("Over the change of Miquelon", local(2026, 11, 1, 0, 30), local(2026, 11, 1, 3)),
    Meeting("Until midnight", local(2026, 11, 17, 22), local(2026, 11, 18)),
    Meeting("Over midnight", local(2026, 11, 18, 22), local(2026, 11, 19, 2)),
    Meeting("From midnight", local(2026, 11, 20), local(2026, 11, 20, 6)),
    Meeting("A whole day", local(2026, 11, 23), local(2026, 11, 24)),
    Meeting("Two whole days", local(2026, 11, 24), local(2026, 11, 26)),
    Meeting("First of week 53", local(2026, 12, 28, 8), local(2026, 12, 28, 10)),
    Meeting("Last of week 53, in another year", local(2027, 1, 3, 22), local(2027, 1, 3, 23, 30)),
    Meeting("New Year's Eve", local(2026, 12, 31, 22), local(2027, 1, 1, 1)),
    Meeting("Before the change in spring", local(2027, 3, 27, 8), local(2027, 3, 27, 10)),
    Meeting("Over the change in spring", local(2027, 3, 28, 1), local(2027, 3, 28, 4)),
    Meeting("After it in summer", local(2027, 3, 29, 8), local(2027, 3, 29, 10)),
    Meeting("Summer after next", local(2028, 7, 17, 8), local(2028, 7, 17, 10)),
]


WIDE = {"past": 800, "future": 800}


class Read(NamedTuple):
    """What a format says of a meeting: two instants (UTC), or two days for a meeting of whole days."""

    name: str
    begin: str
    end: str


def instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def expected(meeting: Meeting, zone: ZoneInfo) -> Read:
    if meeting.is_all_day:
        return Read(meeting.name, str(meeting.begin.date()), str(meeting.end.date()))
    return Read(meeting.name, *(instant(at.replace(tzinfo=zone)) for at in (meeting.begin, meeting.end)))


def said(at: date | datetime) -> str:
    return instant(at) if isinstance(at, datetime) else str(at)


def by_icalendar(text: str, _zone: ZoneInfo) -> Iterator[Read]:
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        yield Read(str(event["SUMMARY"]), said(event["DTSTART"].dt), said(event["DTEND"].dt))


def by_ical(text: str, _zone: ZoneInfo) -> Iterator[Read]:
    for event in IcsCalendarStream.calendar_from_ics(text).events:
        yield Read(event.summary, said(event.dtstart), said(event.dtend))


def by_vobject(text: str, zone: ZoneInfo) -> Iterator[Read]:
    vars(vobject.icalendar)["__tzidMap"].pop(zone.key, None)  # else a zone is what another file said of it
    (calendar,) = vobject.readComponents(io.StringIO(text))
    for event in calendar.vevent_list:
        yield Read(event.summary.value, said(event.dtstart.value), said(event.dtend.value))


def by_node(name: str) -> Callable[[str, ZoneInfo], Iterator[Read]]:
    def read(text: str, _zone: ZoneInfo) -> Iterator[Read]:
        for event in read_by_node(text)[name]:
            yield Read(event["summary"], *(at.replace(".000Z", "Z") for at in (event["begin"], event["end"])))

    return read


def read_by_node(text: str) -> dict[str, list[dict]]:
    """What both JavaScript libraries read, in a process whose own zone is none of those of the test."""
    folder = node_packages("feeds", JUDGES)
    done = subprocess.run(
        [shutil.which("node"), JUDGES / "read_feeds.cjs", folder, "/dev/stdin"],
        input=text,
        env={**os.environ, "TZ": "Asia/Kolkata"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)[0]


def by_jscalendar_s_own_words(text: str, zone: ZoneInfo) -> Iterator[Read]:
    """RFC 8984: a local time in a named zone and a length of elapsed time, or of days where no time is shown."""
    for event in json.loads(text)["entries"]:
        assert event["timeZone"] in {zone.key, "Etc/UTC"}
        begin = datetime.fromisoformat(event["start"])
        days, time = re.fullmatch(r"P(?:(\d+)D)?(T.+)?", event["duration"]).groups()
        begin_of_time = begin + timedelta(days=int(days or 0))  # days are the calendar's, hours are elapsed time
        length = icalendar.vDuration.from_ical(f"P{time}") if time else timedelta()
        if event.get("showWithoutTime"):
            yield Read(event["title"], str(begin.date()), str(begin_of_time.date()))
        else:
            at, later = (
                one.replace(tzinfo=ZoneInfo(event["timeZone"])).astimezone(UTC) for one in (begin, begin_of_time)
            )
            yield Read(event["title"], instant(at), instant(later + length))


FEEDS = {
    "icalendar": ("icalendar", by_icalendar),
    "ical": ("icalendar", by_ical),
    "vobject": ("icalendar", by_vobject),
    "ical.js": ("icalendar", by_node("ical.js")),
    "node-ical": ("icalendar", by_node("node-ical")),
    "jscalendar": ("jscalendar", by_jscalendar_s_own_words),
}


@pytest.fixture(scope="module")
async def institution(postgresql_url, migrated_template, tmp_path_factory, request):
    """The application of an institution in a zone, with all the meetings; and the zone."""
    zone = ZoneInfo(request.param)
    sources = tmp_path_factory.mktemp("institution") / "sources.toml"
    sources.write_text(f'[institution]\nname = "Université"\ntimezone = "{zone.key}"\n', encoding="utf-8")
    async with new_database(postgresql_url, migrated_template) as url, opened(url, sources=sources) as rest:
        rest.clock["now"] = NOON
        ingest = Ingest(rest.engine, zone)
        for number, meeting in enumerate(MEETINGS):
            begin, end = (at.replace(tzinfo=zone).astimezone(UTC) for at in (meeting.begin, meeting.end))
            shown = course(f"{number}", name=meeting.name, type=None).model_copy(update={"begin": begin, "end": end})
            await ingest(observed(shown, week=week_of(meeting.begin.date()), calendar=f"g{number}"))
        yield rest, zone


@pytest.mark.parametrize("reader", FEEDS)
@pytest.mark.parametrize("institution", ZONES, indirect=True)
async def test_a_feed_has_every_meeting_at_its_time(institution, reader) -> None:
    rest, zone = institution
    format_, read = FEEDS[reader]
    answer = await rest.get("/api/groups/1/courses.ics", params=WIDE | {"format": format_})
    found = await asyncio.to_thread(lambda: list(read(answer.content.decode(), zone)))
    assert sorted(found) == sorted(expected(meeting, zone) for meeting in MEETINGS)


@pytest.mark.parametrize("institution", ZONES, indirect=True)
async def test_changes_say_the_institution_s_time_with_its_offset(institution) -> None:
    rest, zone = institution
    changes = (await rest.json("/api/changes/"))["results"]
    found = {change["after"]["name"]: (change["after"]["begin"], change["after"]["end"]) for change in changes}
    assert found == {
        meeting.name: tuple(at.replace(tzinfo=zone).isoformat() for at in (meeting.begin, meeting.end))
        for meeting in MEETINGS
    }


@pytest.mark.parametrize("institution", ZONES, indirect=True)
async def test_atom_says_the_institution_s_day_and_hour(institution) -> None:
    rest, zone = institution
    read = feedparser.parse((await rest.get("/api/groups/1/changes.atom", params={"lang": "en"})).content)
    titles = {entry.title.removeprefix("Added: ").removesuffix(", U2-217") for entry in read.entries}
    assert titles == {f"{meeting.name}, {in_words(meeting)}" for meeting in MEETINGS}
    assert min(entry.updated for entry in read.entries) == NOON.astimezone(zone).isoformat()


def in_words(meeting: Meeting) -> str:
    """The same in C's English, by nothing of ours."""

    def day(at: datetime) -> str:
        return f"{at:%A} {at.day} {at:%B}" + ("" if at.year == NOON.year else f" {at.year}")

    begin, end = (f"{at.hour}:{at:%M}" for at in (meeting.begin, meeting.end))
    if meeting.is_all_day:
        last = meeting.end - timedelta(days=1)
        days = day(last) if last == meeting.begin else f"{day(meeting.begin)} – {day(last)}"
        return f"{days}, all day"
    if meeting.begin.date() == meeting.end.date():
        return f"{day(meeting.begin)} {begin} – {end}"
    return f"{day(meeting.begin)} {begin} – {day(meeting.end)} {end}"


@pytest.mark.parametrize("institution", ["Pacific/Noumea"], indirect=True)
async def test_every_client_reads_the_other_members_as_they_were_written(institution) -> None:
    rest, zone = institution
    answer = await rest.get("/api/groups/1/courses.ics", params=WIDE)
    written = {
        str(event["UID"]): (str(event["SUMMARY"]), str(event["LOCATION"]), str(event["DESCRIPTION"]), event["SEQUENCE"])
        for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    }
    for name, events in (await asyncio.to_thread(read_by_node, answer.text)).items():
        read = {
            event["uid"]: (event["summary"], event["location"], event["description"], event["sequence"])
            for event in events
        }
        assert read == written, name
        assert {event["status"] for event in events} == {"CONFIRMED"}
        assert {event["zone"] for event in events} == {zone.key, None}
