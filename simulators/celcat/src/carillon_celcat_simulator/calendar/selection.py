"""Which meetings and holidays a request of Calendar asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from carillon_celcat_simulator.model.academic_year import Holiday
from carillon_celcat_simulator.model.timetable import Group, Meeting
from carillon_celcat_simulator.publication import Publication


class ResourceType(IntEnum):
    """The numbers of the kinds of resources."""

    MODULE = 100
    STAFF = 101
    ROOM = 102
    GROUP = 103
    STUDENT = 104


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked: resources of one type, from `start` to before `end`."""

    kind: int
    identifiers: frozenset[str]
    start: date
    end: date


Students = dict[str, tuple[Group, ...]]


def selected(publication: Publication, asked: Selection, students: Students, share: float) -> list[Meeting]:
    """The meetings of the asked resources in the asked range; unknown types and identifiers give none.

    A group has its own meetings and those of the groups above it, so that asking for one practical group gives a whole
    timetable. `share` keeps that part of the meetings only.
    """
    timetable = publication.timetable
    found: Iterable[Meeting]
    if asked.kind in (ResourceType.GROUP, ResourceType.STUDENT):
        known = {group.federation_id: (group,) for group in timetable.groups}
        lists = (known if asked.kind == ResourceType.GROUP else students).items()
        wanted = [group for identifier, groups in lists if identifier in asked.identifiers for group in groups]
        above = [other for other in timetable.groups if any(other.holds(group) for group in wanted)]
        found = publication.meetings_of(above, share)
    else:
        found = [
            meeting
            for meeting in publication.meetings_of(timetable.groups, share)
            if not asked.identifiers.isdisjoint(_identifiers(meeting, asked.kind))
        ]
    in_range = (meeting for meeting in found if asked.start <= timetable.date_of(meeting) < asked.end)
    return sorted(in_range, key=lambda meeting: (meeting.week, meeting.day, meeting.begin, meeting.series))


def holidays(publication: Publication, asked: Selection, students: Students) -> list[Holiday]:
    """The holidays in the range, if any known group or student is asked for."""
    known: Iterable[str] = ()
    if asked.kind == ResourceType.GROUP:
        known = (group.federation_id for group in publication.timetable.groups)
    elif asked.kind == ResourceType.STUDENT:
        known = students
    if asked.identifiers.isdisjoint(known):
        return []
    return [holiday for holiday in publication.timetable.holidays if asked.start <= holiday.day < asked.end]


def _identifiers(meeting: Meeting, kind: int) -> list[str]:
    match kind:
        case ResourceType.MODULE:
            return [module.code for module in meeting.modules]
        case ResourceType.STAFF:
            return [str(person.identifier) for person in meeting.staff]
        case ResourceType.ROOM:
            return [str(room.identifier) for room in meeting.rooms]
        case _:
            return []
