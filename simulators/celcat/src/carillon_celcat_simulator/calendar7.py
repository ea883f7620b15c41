"""Calendar 7: `default.aspx` with the events in a script (FORMATS.md section 2). No recording was found."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any

from carillon_celcat_simulator.model.academic_year import Holiday
from carillon_celcat_simulator.model.timetable import Meeting, Timetable
from carillon_celcat_simulator.publication import Publication

# These say their type by the colour alone.
_TYPE_BY_COLOUR = {"CONFERENCE", "REUNION"}


@dataclass(frozen=True, slots=True)
class View:
    """What is asked: the `span` (month or week) of `day` of the group or module (`kind`) called `resource_name`."""

    span: str
    kind: str
    resource_name: str
    day: date


def page(publication: Publication, asked: View, share: float) -> str:
    """The page with the events of whole weeks: those of the month, or of the week, of `day`.

    A name of a formation holds all groups below it. A name which is not known gives a page without events.
    """
    start, end = _range(asked)
    meetings = _meetings(publication, asked.kind, asked.resource_name, share)
    timetable = publication.timetable
    events = []
    if meetings is not None:
        in_range = [meeting for meeting in meetings if start <= timetable.date_of(meeting) < end]
        in_range.sort(key=lambda meeting: (meeting.week, meeting.day, meeting.begin, meeting.series))
        events = [_event(timetable, meeting) for meeting in in_range]
        if share > 0:
            events += [_holiday(holiday) for holiday in timetable.holidays if start <= holiday.day < end]
    return _html(json.dumps(events, ensure_ascii=False), asked.resource_name, start)


def _range(asked: View) -> tuple[date, date]:
    if asked.span == "month":
        first = asked.day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        end = after + timedelta(days=-after.weekday() % 7)
        return first - timedelta(days=first.weekday()), end
    monday = asked.day - timedelta(days=asked.day.weekday())
    return monday, monday + timedelta(weeks=1)


def _meetings(publication: Publication, kind: str, resource_name: str, share: float) -> list[Meeting] | None:
    timetable = publication.timetable
    if kind == "module":
        if resource_name not in {module.code for module in timetable.modules}:
            return None
        found = publication.meetings_of(timetable.groups, share)
        return [meeting for meeting in found if resource_name in {module.code for module in meeting.modules}]
    named = [group for group in timetable.groups if group.resource_name == resource_name]
    if not named:
        # `formation_CODE_s1`: a whole semester is no group, but has an address.
        named = [
            group for group in timetable.groups if group.kind == "CM" and group.resource_name == f"{resource_name}_CMA"
        ]
    if not named:
        return None
    return publication.meetings_of(timetable.relatives(named[0]), share)


def _event(timetable: Timetable, meeting: Meeting) -> dict[str, Any]:
    begin, end = timetable.begin_of(meeting), timetable.end_of(meeting)
    pieces = []
    if meeting.category.name not in _TYPE_BY_COLOUR:
        pieces += [f"({begin:%H:%M}-{end:%H:%M})", meeting.category.name]
    pieces += [module.name for module in meeting.modules]
    pieces.append(";".join(group.name for group in meeting.groups))
    pieces.append(";".join(room.name for room in meeting.rooms))
    if meeting.notes and meeting.notes.strip():
        pieces += meeting.notes.split("\n")
    text = "<br>".join(escape(piece, quote=False) for piece in pieces if piece)
    colour = meeting.category.calendar_colour
    return _shown(f"{meeting.series}_{meeting.week}", begin, end, text, colour)


def _holiday(holiday: Holiday) -> dict[str, Any]:
    begin = datetime.combine(holiday.day, time())
    text = f"Global Event<br>{escape(holiday.name, quote=False)}"
    return _shown(f"global_{holiday.day:%Y%m%d}", begin, begin + timedelta(days=1), text, None)


def _shown(identifier: str, begin: datetime, end: datetime, text: str, colour: str | None) -> dict[str, Any]:
    event: dict[str, Any] = {
        "id": identifier, "start": begin.isoformat(), "end": end.isoformat(), "text": text, "tag": [""],
        "sort": None, "clickDisabled": False, "resizeDisabled": True, "moveDisabled": True,
    }  # fmt: skip
    return event | ({"backColor": colour} if colour else {})


def _html(events: str, resource_name: str, start: date) -> str:
    return (
        '<!DOCTYPE html>\r\n<html>\r\n<head><meta charset="utf-8"><title>CELCAT Calendar</title>\r\n'
        "<script>var culture = 'fr-FR';</script></head>\r\n<body>\r\n"
        f'<form action="default.aspx" method="post"><input type="hidden" name="ResourceName" '
        f'value="{escape(resource_name)}"></form>\r\n<div id="calendar"></div>\r\n'
        "<script>\r\n/* <![CDATA[ */\r\nfunction loadCalendar() {\r\nvar v = new DayPilot.Calendar('calendar');\r\n"
        f"v.startDate = '{start}T00:00:00';\r\nv.eventMoveToPosition = true;\r\n"
        # The data are within a script element: the sign that could end it is written as an escape.
        "v.events.list = " + events.replace("</", "<\\/") + ";\r\n"
        "v.headerFontColor = '#42658C';\r\nv.init();\r\nreturn v;\r\n}\r\n/* ]]> */\r\n</script>\r\n"
        "<footer>CELCAT Calendar 7.9.3373.0</footer>\r\n<script>loadCalendar();</script>\r\n</body>\r\n</html>\r\n"
    )
