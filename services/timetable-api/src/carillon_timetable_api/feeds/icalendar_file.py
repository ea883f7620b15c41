"""Meetings as an iCalendar file (RFC 5545, 7986) that stands by itself: one VEVENT a meeting, with its VTIMEZONE."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from icalendar import Calendar, Event, Timezone, vText, vUri

from carillon_timetable_api.feeds.colours import colour_of
from carillon_timetable_api.feeds.meetings import Meeting, Window

MEDIA_TYPE = "text/calendar; charset=utf-8"
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")  # RFC 5545, section 3.1: all but tab and line feed
REFRESH = timedelta(hours=1)
"""How often a client is asked to look; Google looks when it likes, some twice a day."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the file says of itself; `instance` tells its UIDs from those of any other Carillon."""

    name: str
    address: str
    root: str
    instance: str

    def uid(self, meeting: Meeting) -> str:
        """Ours and for ever, whatever becomes of the meeting."""
        return f"course-{meeting.id}@{self.instance}.carillon"


def write(heading: Heading, meetings: Sequence[Meeting], window: Window, zone: ZoneInfo) -> bytes:
    """The file; equal meetings give equal bytes, within a year.

    The time zone is there even if nothing else is: a calendar without any component is not one.
    """
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Carillon//Carillon timetables//FR")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    for name in ("NAME", "X-WR-CALNAME"):
        calendar.add(name, _text(heading.name))
    calendar.add("SOURCE", vUri(heading.address), {"VALUE": "URI"})
    calendar.add("URL", heading.address)
    calendar.add("REFRESH-INTERVAL", REFRESH, {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", icalendar.vDuration(REFRESH))
    calendar.add_component(_time_zone(zone, date(window.begin.year, 1, 1), date(window.end.year + 1, 1, 1)))
    for meeting in meetings:
        calendar.add_component(_event(heading, meeting))
    return bytes(calendar.to_ical())


def _time_zone(zone: ZoneInfo, first: date, last: date) -> Timezone:
    """The zone's clocks from the first to the last day.

    Each change of them stands for itself, as some readers look at one RDATE only, and is told in the time that it ends:
    the library tells the one in spring an hour late.
    """
    made = Timezone.from_tzinfo(zone, zone.key, first, last)
    told = list(made.subcomponents)
    made.subcomponents.clear()
    for part in told:
        forward = max(part.TZOFFSETTO - part.TZOFFSETFROM, timedelta())
        later = part.pop("RDATE", None)
        for at in (part.DTSTART, *(when.dt for when in later.dts)) if later else (part.DTSTART,):
            change = part.copy()
            change.DTSTART = at - forward
            made.add_component(change)
    return made


def _event(heading: Heading, meeting: Meeting) -> Event:
    event = Event()
    event.add("UID", heading.uid(meeting))
    changed_at = meeting.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("DTSTAMP", changed_at)
    event.add("LAST-MODIFIED", changed_at)
    event.add("SEQUENCE", meeting.version)
    event.add("DTSTART", _when(meeting, meeting.begin))
    if meeting.begin < meeting.end:  # an end that is no later is forbidden; without one it takes no time
        event.add("DTEND", _when(meeting, meeting.end))
    event.add("SUMMARY", _text(summary(meeting)))
    if meeting.rooms:
        event.add("LOCATION", _text(", ".join(meeting.rooms)))
    if description := "\n".join([", ".join(meeting.groups), *([meeting.notes] if meeting.notes else [])]).strip():
        event.add("DESCRIPTION", _text(description))
    if meeting.type:
        event.add("CATEGORIES", [_text(meeting.type)])
    event.add("COLOR", colour_of(meeting.type))
    event.add("STATUS", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if meeting.is_cancelled else "OPAQUE")
    event.add("URL", f"{heading.root}api/courses/{meeting.id}/")
    return event


def _text(text: str) -> vText:
    """Without the control characters that make strict readers refuse the whole file."""
    return vText(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n")))


def summary(meeting: Meeting) -> str:
    """The title of an entry."""
    return f"{meeting.name} ({meeting.type})" if meeting.type else meeting.name


def _when(meeting: Meeting, at: datetime) -> date:
    """A day, or a time: in the institution's zone, or in UTC where a clock shows it twice and readers disagree."""
    if meeting.is_all_day:
        return at.date()
    return at.astimezone(UTC) if meeting.is_ambiguous else at
