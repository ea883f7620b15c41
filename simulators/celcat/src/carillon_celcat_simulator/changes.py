"""Changes of single meetings, as a timetabling office makes them; every format shows them at once."""

import datetime as dt
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from carillon_celcat_simulator.model.timetable import CATEGORIES, Group, Meeting, Module, Room, Timetable
from carillon_celcat_simulator.publication import Publication


class ChangeRefusedError(Exception):
    """A change that names something unknown or impossible; the text says what."""


class UnknownMeetingError(ChangeRefusedError):
    """There is no meeting with this key."""


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Move(_Order):
    """Another day or time; what is left out stays."""

    date: dt.date | None = None
    begin: dt.time | None = None
    end: dt.time | None = None


class Rename(_Order):
    """Another module, `CODE - label`."""

    module: str


class ChangeRooms(_Order):
    """Other rooms, by name; an empty list: none."""

    rooms: list[str]


class Addition(_Order):
    """A new meeting."""

    date: dt.date
    begin: dt.time
    end: dt.time
    groups: Annotated[list[str], Field(min_length=1)]
    category: str = "COURS"
    module: str | None = None
    rooms: list[str] = []
    notes: str | None = None


def move(publication: Publication, key: str, order: Move) -> Meeting:
    """Move a meeting; in another week it has another key.

    Raises:
        ChangeRefusedError: unknown meeting, a day outside of the year, a week where the series meets already, or an end
            which is not after the begin.
    """
    timetable, meeting = publication.timetable, _meeting(publication, key)
    week, day = meeting.week, meeting.day
    if order.date is not None:
        week, day = _week(timetable, order.date), order.date.weekday()
    moved = replace(
        meeting, week=week, day=day, begin=_minutes(order.begin, meeting.begin), end=_minutes(order.end, meeting.end)
    )
    if moved.begin >= moved.end:
        raise ChangeRefusedError("the end must be after the begin")
    if moved.key != key and moved.key in timetable.meetings:
        raise ChangeRefusedError(f"series {meeting.series} meets in week {week} already: give another week")
    publication.replace(key, moved)
    return moved


def delete(publication: Publication, key: str) -> Meeting:
    """Take a meeting out.

    Raises:
        UnknownMeetingError: there is none with this key.
    """
    meeting = _meeting(publication, key)
    publication.replace(key, None)
    return meeting


def rename(publication: Publication, key: str, order: Rename) -> Meeting:
    """Give a meeting another module, which becomes one of the timetable if it is not.

    Raises:
        UnknownMeetingError: there is none with this key.
    """
    meeting = _meeting(publication, key)
    renamed = replace(meeting, modules=(_module(publication.timetable, order.module),))
    publication.replace(key, renamed)
    return renamed


def change_rooms(publication: Publication, key: str, order: ChangeRooms) -> Meeting:
    """Give a meeting other rooms.

    Raises:
        ChangeRefusedError: unknown meeting or room.
    """
    meeting = _meeting(publication, key)
    changed = replace(meeting, rooms=_rooms(publication.timetable, order.rooms))
    publication.replace(key, changed)
    return changed


def add(publication: Publication, order: Addition) -> Meeting:
    """Add a meeting, the only one of a new series.

    Raises:
        ChangeRefusedError: unknown group, room or category, a day outside of the year, or an end before the begin.
    """
    timetable = publication.timetable
    if order.category not in CATEGORIES:
        raise ChangeRefusedError(f"no category {order.category}: it is one of {', '.join(CATEGORIES)}")
    if order.begin >= order.end:
        raise ChangeRefusedError("the end must be after the begin")
    meeting = Meeting(
        series=max((other.series for other in timetable.meetings.values()), default=0) + 1,
        week=_week(timetable, order.date),
        day=order.date.weekday(),
        begin=_minutes(order.begin, 0),
        end=_minutes(order.end, 0),
        category=CATEGORIES[order.category],
        modules=(_module(timetable, order.module),) if order.module else (),
        groups=_groups(timetable, order.groups),
        rooms=_rooms(timetable, order.rooms),
        notes=order.notes,
    )
    publication.replace(meeting.key, meeting)
    return meeting


def _meeting(publication: Publication, key: str) -> Meeting:
    meeting = publication.timetable.meetings.get(key)
    if meeting is None:
        raise UnknownMeetingError(f"no meeting {key}: keys are in /truth.json")
    return meeting


def _week(timetable: Timetable, day: dt.date) -> int:
    week = timetable.year.week_of(day)
    if not 1 <= week <= timetable.year.weeks:
        raise ChangeRefusedError(f"{day} is not in the year that begins on {timetable.year.first_monday}")
    return week


def _minutes(given: dt.time | None, otherwise: int) -> int:
    return otherwise if given is None else given.hour * 60 + given.minute


def _module(timetable: Timetable, name: str) -> Module:
    known = next((module for module in timetable.modules if module.name == name), None)
    if known is not None:
        return known
    code, _, label = name.partition(" - ")
    module = Module(max((module.identifier for module in timetable.modules), default=0) + 1, code, label)
    timetable.modules = (*timetable.modules, module)
    return module


def _rooms(timetable: Timetable, names: list[str]) -> tuple[Room, ...]:
    known = {room.name: room for room in timetable.rooms}
    for name in names:
        if name not in known:
            raise ChangeRefusedError(f"no room {name}: rooms are in /truth.json")
    return tuple(known[name] for name in names)


def _groups(timetable: Timetable, names: list[str]) -> tuple[Group, ...]:
    known = {group.name: group for group in timetable.groups}
    for name in names:
        if name not in known:
            raise ChangeRefusedError(f"no group {name}: groups are in /truth.json")
    return tuple(sorted((known[name] for name in names), key=lambda group: group.name))
