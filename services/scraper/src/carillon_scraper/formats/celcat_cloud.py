"""CELCAT's cloud: `/cal/events`, one JSON document with the dictionaries of names and all events of some resources.

Its date is a week's index within the range that a resource shows, a day of the week, and milliseconds since midnight,
all on the institution's wall clock. No recorded answer is known: this follows one public reader.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from carillon_contracts.course import Calendar, Course, GroupName
from carillon_contracts.weeks import week_of
from carillon_kit.languages import Text

from carillon_scraper import local_time
from carillon_scraper.failures import ParseError
from carillon_scraper.formats import json_document
from carillon_scraper.formats.json_document import as_text
from carillon_scraper.formats.unreadable import Unreadable
from carillon_scraper.published_text import each_once, joined, many_lines, one_line
from carillon_scraper.reading import Reading, whole_weeks

MODULES, STUDENT_SETS, STAFF, ROOMS, CATEGORIES = "1000", "1001", "1002", "1003", "1105"
MAX_WEEKS = 120


def parse(body: bytes, key: str, zone: ZoneInfo, resource: str, *, publish_teachers: bool = False) -> Reading:
    """Read the answer for one student set; `resource` is its id, `key` names its calendar.

    Raises:
        ParseError: the bytes are no such answer, or too many of its events cannot be read.
    """
    document = json_document.parse(body)
    if not isinstance(document, dict) or not isinstance(document.get("events"), list):
        reason = Text("La réponse n'a pas de liste d'événements", "The answer has no list of events")
        raise ParseError("wrong-document", reason, "$.events")
    names = _Names(document.get("names"))
    monday, weeks = _range(document, resource, zone)
    events = document["events"]
    courses: dict[str, list[Course]] = defaultdict(list)
    unreadable = Unreadable(len(events))
    for number, event in enumerate(events):
        try:
            for course in _courses(event, names, monday, zone, publish_teachers=publish_teachers):
                courses[week_of(course.begin.astimezone(zone).date())].append(course)
        except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as error:
            unreadable.skip(error, f"$.events[{number}]")
    own = names.of(STUDENT_SETS, resource)
    groups = (GroupName(name=own, code=resource),) if own else ()
    return Reading(
        calendar=Calendar(key=key, name=own or None, groups=groups),
        weeks=whole_weeks(weeks, courses),
        skipped=unreadable.count,
    )


class _Names:
    """The dictionaries: kind, then id, then `name` or `uniqueName`."""

    def __init__(self, value: object) -> None:
        self._names: dict[str, Any] = value if isinstance(value, dict) else {}

    def of(self, kind: str, resource: object) -> str:
        known = self._names.get(kind)
        found = known.get(str(resource)) if isinstance(known, dict) else None
        if not isinstance(found, dict):
            return ""
        return one_line(as_text(found.get("name")) or as_text(found.get("uniqueName")) or "")

    def all(self, references: object, kind: str) -> Iterator[tuple[str, str]]:
        """Name and id of each of an event's references of this kind."""
        for reference in references if isinstance(references, list) else ():
            if isinstance(reference, dict) and str(reference.get("type", kind)) == kind:
                yield self.of(kind, reference.get("id")), str(reference.get("id"))


def _range(document: dict[str, Any], resource: str, zone: ZoneInfo) -> tuple[date, tuple[str, ...]]:
    """The Monday that week indices count from, and the weeks that are shown."""
    shown = document.get("viewableResourceDates")
    ranges = shown.get(resource) if isinstance(shown, dict) else None
    if ranges is None and isinstance(shown, dict) and len(shown) == 1:
        (ranges,) = shown.values()
    try:
        if not isinstance(ranges, list):
            raise TypeError("no list")  # noqa: TRY301 - one explanation for all
        found = [(_local_day(r["startDate"], zone), _local_day(r["endDate"], zone)) for r in ranges]
        first = min(begin for begin, _ in found)
    except (TypeError, KeyError, ValueError, OverflowError, OSError) as error:
        reason = Text("La réponse ne dit pas quelles dates elle montre", "The answer does not say which dates it shows")
        raise ParseError("no-weeks", reason, "$.viewableResourceDates") from error
    weeks = {
        week_of(begin + timedelta(days=n))
        for begin, end in found
        for n in range(min((end - begin).days + 1, 7 * MAX_WEEKS))
    }
    if not weeks:
        raise ParseError("no-weeks", Text("Aucune date montrée", "No date is shown"), "$.viewableResourceDates")
    return first - timedelta(days=first.weekday()), tuple(weeks)


def _courses(
    event: dict[str, Any], names: _Names, monday: date, zone: ZoneInfo, *, publish_teachers: bool
) -> Iterator[Course]:
    """One course for each of the event's weeks."""
    day, starts, minutes = int(event["dayOfWeek"]), int(event["startTime"]), int(event["duration"])
    if not 1 <= day <= 7 or not 0 <= starts < 86_400_000 or not 0 <= minutes <= 7 * 24 * 60:  # noqa: PLR2004
        raise ValueError("a day, time or duration out of range")
    category = names.of(CATEGORIES, event.get("eventCategoryId"))
    modules = joined(each_once(name for name, _ in names.all(event.get("modules"), MODULES)))
    own = one_line(as_text(event.get("eventName")) or "")
    groups = tuple(dict.fromkeys(names.all(event.get("studentSets"), STUDENT_SETS)))
    staff = each_once(name for name, _ in names.all(event.get("staff"), STAFF))
    told = {
        "name": modules or own or category or joined(name for name, _ in groups),
        "type": (category or None) if modules or own else None,
        "notes": many_lines(re.split(r"<br\s*/?>|\n", as_text(event.get("notes")) or "")),
        "groups": tuple(GroupName(name=name, code=code) for name, code in groups if name),
        "rooms": each_once(name for name, _ in names.all(event.get("facilities"), ROOMS)),
        "teachers": staff if publish_teachers else (),
        "status": "cancelled" if event.get("suspended") is True else "planned",
    }
    for index, takes_place in enumerate(event["weeks"][:MAX_WEEKS]):
        if takes_place:
            week = monday + timedelta(weeks=index)
            begin = datetime.combine(week + timedelta(days=day - 1), datetime.min.time()) + timedelta(
                milliseconds=starts
            )
            moments = local_time.between(begin, begin + timedelta(minutes=minutes), zone)
            event_id = f"{one_line(str(event['eventId']))[:400]}:{week.isoformat()}"
            yield Course.model_validate({"event_id": event_id, "begin": moments[0], "end": moments[1], **told})


def _local_day(milliseconds: object, zone: ZoneInfo) -> date:
    if not isinstance(milliseconds, (int, float)) or isinstance(milliseconds, bool):
        raise TypeError("no date")
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(zone).date()
