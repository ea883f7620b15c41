"""The token feed of Calendar, `/cal/ical/<G1-token>/schedule.ics` (FORMATS.md section 5).

No recording of one was found. What is not described there is our choice: times in the institution's zone with its
VTIMEZONE, a DTSTAMP, and lines folded at 75 octets as RFC 5545 asks.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from carillon_celcat_simulator.model.timetable import Group, Meeting, Timetable
from carillon_celcat_simulator.publication import TIME_ZONE
from carillon_celcat_simulator.publisher.static_ical import escaped

_TIME_ZONE_LINES = (
    "BEGIN:VTIMEZONE", "TZID:Europe/Paris",
    "BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST", "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT",
    "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET", "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
    "END:VTIMEZONE",
)  # fmt: skip
_OCTETS = 75


def token(group: Group) -> str:
    """The secret part of the address of a group's feed: always the same, not to be guessed from the group's number."""
    return "G1-" + hashlib.sha256(f"carillon {group.federation_id}".encode()).hexdigest()[:32]


def feed(timetable: Timetable, meetings: Iterable[Meeting], published: datetime) -> bytes:
    """The feed of these meetings; `published` is local time without zone."""
    stamp = f"{published.replace(tzinfo=TIME_ZONE).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CELCAT//Calendar//EN", *_TIME_ZONE_LINES]
    for meeting in meetings:
        lines.extend(_event(timetable, meeting, stamp))
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(timetable: Timetable, meeting: Meeting, stamp: str) -> Iterator[str]:
    modules = "; ".join(module.name for module in meeting.modules)
    staff = [person.name for person in meeting.staff]
    groups = [group.name for group in meeting.groups]
    description = "; ".join([*staff, *groups]) + f"\n\nEvent id: {meeting.series}, Register id: N/A"
    yield "BEGIN:VEVENT"
    yield f"UID:{meeting.series}-{meeting.week}@celcat"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;TZID=Europe/Paris:{timetable.begin_of(meeting):%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID=Europe/Paris:{timetable.end_of(meeting):%Y%m%dT%H%M%S}"
    yield f"SUMMARY:{escaped(f'{modules}; {meeting.category.name}' if modules else meeting.category.name)}"
    yield f"DESCRIPTION:{escaped(description)}"
    yield f"LOCATION:{escaped('; '.join(room.name for room in meeting.rooms))}"
    yield "END:VEVENT"


def _folded(line: str) -> bytes:
    """One content line, folded so that no line is longer than 75 octets and no character is cut."""
    parts: list[str] = []
    current = ""
    for sign in line:
        limit = _OCTETS if not parts else _OCTETS - 1
        if len((current + sign).encode()) > limit:
            parts.append(current)
            current = ""
        current += sign
    return "\r\n ".join([*parts, current]).encode() + b"\r\n"
