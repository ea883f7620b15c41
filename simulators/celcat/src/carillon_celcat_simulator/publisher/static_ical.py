"""Static iCalendar files as CELCAT's CreateICSFiles writes them (FORMATS.md section 4): the whole year of a resource.

They have no DTSTAMP, no VTIMEZONE and no folded lines, so they are not strictly RFC 5545.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from carillon_celcat_simulator.model.academic_year import Holiday
from carillon_celcat_simulator.model.timetable import Meeting, Person, Timetable
from carillon_celcat_simulator.publication import TIME_ZONE

_CLOSED = time(8), time(20)


@dataclass(frozen=True, slots=True)
class Variant:
    """How a site writes its files: in which encoding, with times in UTC or floating, staff with a comma or without."""

    encoding: str = "utf-8"
    floating: bool = False
    comma_in_names: bool = False

    @property
    def media_type(self) -> str:
        """A web server says the encoding only where it is not that of the file system; here never."""
        return "text/calendar"


VARIANTS = {
    "": Variant(),
    "latin1": Variant(encoding="iso-8859-1"),
    "floating": Variant(floating=True, comma_in_names=True),
}


def calendar(timetable: Timetable, meetings: Iterable[Meeting], variant: Variant, *, closed: bool) -> bytes:
    """The file of these meetings; `closed` adds the days without courses as events of their own."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//www.celcat.fr//NONSGML CreateICSFiles//FR",
        f"X-WR-CALNAME:{timetable.name}",
    ]
    ordered = sorted(meetings, key=lambda meeting: (meeting.series, meeting.week))
    for meeting in ordered:
        lines.extend(_meeting(timetable, meeting, variant))
    if closed:
        for holiday in timetable.holidays:
            lines.extend(_holiday(timetable, holiday, variant))
    lines.append("END:VCALENDAR")
    return "".join(f"{line}\r\n" for line in lines).encode(variant.encoding)


def escaped(text: str) -> str:
    """A text value of iCalendar (RFC 5545, 3.3.11)."""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _meeting(timetable: Timetable, meeting: Meeting, variant: Variant) -> Iterator[str]:
    modules = [module.name for module in meeting.modules]
    groups = [group.name for group in meeting.groups]
    rooms = [room.name for room in meeting.rooms]
    staff = [_name(person, variant) for person in meeting.staff]
    notes = [meeting.notes] if meeting.notes and meeting.notes.strip() else []
    fields = (
        ("Matière", modules), ("Personnel", staff), ("Groupe", groups), ("Salle", rooms), ("Remarques", notes),
    )  # fmt: skip
    description = "".join(f"{label} : {escaped(', '.join(values))}\\n" for label, values in fields if values)
    event = _Event(
        begin=_moment(timetable.begin_of(meeting), variant),
        end=_moment(timetable.end_of(meeting), variant),
        uid=f"{meeting.series}-{meeting.week}",
        summary=f"{meeting.category.name} - {', '.join([*modules, *groups])}",
        location=", ".join(rooms),
        description=description,
    )
    yield from _event(timetable, event)


def _holiday(timetable: Timetable, holiday: Holiday, variant: Variant) -> Iterator[str]:
    begin, end = (_moment(datetime.combine(holiday.day, at), variant) for at in _CLOSED)
    number = 9_000 + (holiday.day - timetable.year.first_monday).days
    week = timetable.year.week_of(holiday.day)
    yield from _event(timetable, _Event(begin, end, f"{number}-{week}", f"XXX-{holiday.name} - "))


@dataclass(frozen=True, slots=True)
class _Event:
    begin: str
    end: str
    uid: str
    summary: str
    location: str = ""
    description: str = ""


def _event(timetable: Timetable, event: _Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"DTSTART:{event.begin}"
    yield f"DTEND:{event.end}"
    yield f"UID:CELCAT - {timetable.name} ({event.uid})"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"LOCATION:{escaped(event.location)}"
    yield f"DESCRIPTION:{event.description}"
    yield f"CATEGORIES:CELCAT Timetabler (vcal) - {timetable.name}"
    yield "END:VEVENT"


def _moment(local: datetime, variant: Variant) -> str:
    if variant.floating:
        return f"{local:%Y%m%dT%H%M%S}"
    return f"{local.replace(tzinfo=TIME_ZONE).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _name(person: Person, variant: Variant) -> str:
    return f"{person.surname}{',' if variant.comma_in_names else ''} {person.first_name}"
