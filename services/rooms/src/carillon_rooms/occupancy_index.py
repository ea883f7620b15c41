"""Everything that the `occupancy` bucket says, in memory, arranged for the question "which rooms are free".

Times inside are whole seconds since 1970 UTC. A week's value holds all courses that touch the week, so a window
is answered from the weeks of its days alone.
"""

import json
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from carillon_contracts.events import Busy, Coverage, Named, RoomWeek
from carillon_contracts.weeks import week_of

from carillon_rooms.known_sources import KnownSources
from carillon_rooms.spans import BusyTimes, Span

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


class Covered(StrEnum):
    """Whether the sources spoke for a day: all of them, some, or none."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Taken(NamedTuple):
    """A course in a room."""

    span: Span
    course: int


class RoomsWeek(NamedTuple):
    """One room in one week."""

    busy: BusyTimes
    taken: tuple[Taken, ...]


@dataclass(slots=True)
class Room:
    """A room that has, or once had, a course."""

    named: Named
    revision: int
    weeks: set[str] = field(default_factory=set)
    order: tuple[str, str, int] = ("", "", 0)
    qsjps_json: bytes = b""

    def rename(self, named: Named, revision: int) -> None:
        """Take over what a newer value says; weeks are written one by one, so an old one may hold the old name."""
        if revision >= self.revision:
            self.named, self.revision = named, revision
            self.order = (*name_order(named.name), named.id)
            shown = {"id": named.id, "name": named.name, "slug": named.slug}
            self.qsjps_json = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def name_order(name: str) -> tuple[str, str]:
    """Sorts names as the API sorts rooms: without accents and case, then as written."""
    decomposed = unicodedata.normalize("NFKD", name.lower().translate(_LIGATURES))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)), name


class OccupancyIndex:
    """Rooms, their busy times by week, which sources spoke for which day, and how the sources are doing."""

    def __init__(self) -> None:
        self._rooms: dict[int, Room] = {}
        self._in_order: list[Room] | None = []
        self._weeks: dict[str, dict[int, RoomsWeek | None]] = {}
        self._coverage: dict[str, dict[date, tuple[str, ...]]] = {}
        self.sources: KnownSources | None = None

    def put_room_week(self, value: RoomWeek, revision: int) -> None:
        """Take in what a room's week is now; the bucket's revision says which name is the newest."""
        room = self._rooms.get(value.room.id)
        if room is None:
            room = self._rooms[value.room.id] = Room(value.room, -1)
        if room.named != value.room or room.revision < 0:
            self._in_order = None
        room.rename(value.room, revision)
        room.weeks.add(value.week)
        taken = tuple(Taken(_span(busy), busy.course) for busy in value.busy)
        self._week(value.week)[value.room.id] = RoomsWeek(BusyTimes(one.span for one in taken), taken)

    def put_unreadable_room_week(self, room: int, week: str) -> None:
        """Remember that a room's week is unknown: it is offered as free no more."""
        self._week(week)[room] = None
        if room in self._rooms:
            self._rooms[room].weeks.add(week)

    def drop_room_week(self, room: int, week: str) -> None:
        """Forget a room's week; a room without any is gone."""
        self._week(week).pop(room, None)
        found = self._rooms.get(room)
        if found is not None:
            found.weeks.discard(week)
            if not found.weeks:
                del self._rooms[room]
                self._in_order = None

    def put_coverage(self, value: Coverage) -> None:
        """Take in which sources spoke for the days of a week."""
        self._coverage[value.week] = dict(value.days)

    def drop_coverage(self, week: str) -> None:
        """Forget it: the week's days are unknown."""
        self._coverage.pop(week, None)

    @property
    def rooms(self) -> list[Room]:
        """All rooms by name."""
        if self._in_order is None:
            self._in_order = sorted(self._rooms.values(), key=lambda room: room.order)
        return self._in_order

    def room(self, room: int) -> Room | None:
        """The room with this id."""
        return self._rooms.get(room)

    def busy(self, room: int, window: Span, days: Iterable[date]) -> list[Span]:
        """When the room has known courses in a window of these days; all of it if a week is unreadable."""
        found: list[Span] = []
        for week in _weeks_of(days):
            of_room = self._weeks.get(week, {}).get(room, _NEVER)
            if of_room is None:
                return [window]
            found.extend(of_room.busy.within(window))
        return found

    def taken(self, room: int, window: Span, days: Iterable[date]) -> list[Taken] | None:
        """The room's known courses that overlap a window of these days, each once; None if a week is unreadable."""
        found: set[Taken] = set()
        for week in _weeks_of(days):
            of_room = self._weeks.get(week, {}).get(room, _NEVER)
            if of_room is None:
                return None
            if of_room.busy.overlaps(*window):
                found.update(
                    one for one in of_room.taken if one.span.begin < window.end and one.span.end > window.begin
                )
        return sorted(found)

    def covered(self, day: date) -> Covered:
        """Whether the sources spoke for the day."""
        spoke = self._coverage.get(week_of(day), {}).get(day, ())
        if not spoke:
            return Covered.NO
        return Covered.YES if self.sources and self.sources.slugs <= set(spoke) else Covered.PARTLY

    def _week(self, week: str) -> dict[int, RoomsWeek | None]:
        return self._weeks.setdefault(week, {})


_NEVER = RoomsWeek(BusyTimes(), ())


def _weeks_of(days: Iterable[date]) -> set[str]:
    return {week_of(day) for day in days}


def _span(busy: Busy) -> Span:
    # The end is rounded up, so that a fraction of a second is never shown as free.
    return Span(math.floor(busy.begin.timestamp()), math.ceil(busy.end.timestamp()))
