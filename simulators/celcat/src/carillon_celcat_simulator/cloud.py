"""The JSON of CELCAT's cloud, `/cal/events?<resourceId>=1001` (FORMATS.md section 6). No recording was found.

An event is a series with its weeks. Where single weeks of a series differ (another room, another time), they are an
event of their own, as the format has one set of rooms an event.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from carillon_celcat_simulator.model.timetable import CATEGORIES, Meeting, Timetable
from carillon_celcat_simulator.publication import TIME_ZONE

MODULES, STUDENT_SETS, STAFF, ROOMS, CATEGORY = 1000, 1001, 1002, 1003, 1105
_VARIANT = 10_000_000
_Shape = tuple[Any, ...]


def events(
    timetable: Timetable, resources: list[int], meetings: Iterable[Meeting], changed: datetime
) -> dict[str, Any]:
    """The answer for these meetings of the asked `resources`; `changed` is local time without zone."""
    shapes: defaultdict[_Shape, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        shapes[_shape(meeting)].append(meeting)
    variants: defaultdict[int, int] = defaultdict(int)
    answered = []
    for found in shapes.values():
        identifier = found[0].series + _VARIANT * variants[found[0].series]
        variants[found[0].series] += 1
        answered.append(_event(timetable, identifier, found, _milliseconds(changed)))
    first, last = timetable.year.monday(1), timetable.year.monday(timetable.year.weeks + 1)
    dates = [{"startDate": _midnight(first), "endDate": _midnight(last)}]
    return {
        "names": _names(timetable),
        "events": answered,
        "viewableResourceDates": {str(resource): dates for resource in resources},
    }


def _shape(meeting: Meeting) -> _Shape:
    resources = (meeting.modules, meeting.groups, meeting.rooms, meeting.staff)
    return (meeting.series, meeting.day, meeting.begin, meeting.end, meeting.category, resources, meeting.notes)


def _event(timetable: Timetable, identifier: int, meetings: list[Meeting], changed: int) -> dict[str, Any]:
    meeting, weeks = meetings[0], {meeting.week for meeting in meetings}
    return {
        "eventId": identifier,
        "dayOfWeek": meeting.day + 1,
        "startTime": meeting.begin * 60_000,
        "duration": meeting.end - meeting.begin,
        "weeks": [week in weeks for week in range(1, timetable.year.weeks + 1)],
        "weekNotes": None,
        "modules": [{"type": MODULES, "id": module.identifier} for module in meeting.modules],
        "staff": [{"type": STAFF, "id": person.identifier} for person in meeting.staff],
        "facilities": [{"type": ROOMS, "id": room.identifier} for room in meeting.rooms],
        "studentSets": [{"type": STUDENT_SETS, "id": group.identifier} for group in meeting.groups],
        "eventCategoryId": list(CATEGORIES).index(meeting.category.name) + 1,
        "eventName": "",
        "notes": meeting.notes or "",
        "dateChanged": changed,
        "suspended": False,
    }


def _names(timetable: Timetable) -> dict[str, dict[str, dict[str, str]]]:
    return {
        str(MODULES): {str(it.identifier): _name(it.code, it.label, it.name) for it in timetable.modules},
        str(STUDENT_SETS): {
            str(it.identifier): _name(it.federation_id, it.name, it.page_name) for it in timetable.groups
        },
        str(STAFF): {str(it.identifier): _name(str(it.identifier), it.name, "") for it in timetable.staff},
        str(ROOMS): {str(it.identifier): _name(it.name, it.name, it.building) for it in timetable.rooms},
        str(CATEGORY): {str(number): _name(name, name, "") for number, name in enumerate(CATEGORIES, start=1)},
    }


def _name(unique: str, name: str, description: str) -> dict[str, str]:
    return {"uniqueName": unique, "name": name, "description": description}


def _midnight(day: date) -> int:
    return _milliseconds(datetime.combine(day, time()))


def _milliseconds(local: datetime) -> int:
    return int(local.replace(tzinfo=TIME_ZONE).timestamp() * 1000)
