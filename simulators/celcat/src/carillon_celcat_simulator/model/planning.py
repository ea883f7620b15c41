"""Placing series of meetings in slots so that no group and no room is used twice at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from carillon_celcat_simulator.model.timetable import Category, Group, Meeting, Module, Person, Room

# The grid of the recorded pages leaves 12:15 to 13:30 free for lunch.
SLOTS = (7 * 60 + 45, 10 * 60 + 5, 13 * 60 + 30, 15 * 60 + 50)
_PLACES = tuple((day, slot) for day in range(5) for slot in range(len(SLOTS)))


@dataclass(frozen=True, slots=True)
class Wish:
    """A series that wants a place: in each of `weeks`, `minutes` long, in `room_count` rooms of `room_kind`."""

    category: Category
    modules: tuple[Module, ...]
    groups: tuple[Group, ...]
    weeks: tuple[int, ...]
    minutes: int
    room_kind: str | None
    room_count: int = 1
    staff: tuple[Person, ...] = ()
    notes: str | None = None


@dataclass(slots=True)
class Planner:
    """Books meetings; which weeks of a place are taken is one integer, a bit a week."""

    rooms: Sequence[Room]
    relatives: dict[Group, tuple[Group, ...]]
    chance: Random
    first_series: int
    meetings: list[Meeting] = field(default_factory=list)
    _taken: defaultdict[tuple[int, int, int, int], int] = field(default_factory=lambda: defaultdict(int))
    _next_room: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _series: int = 0

    def place(self, wish: Wish) -> bool:
        """Book the series at a random place where groups and rooms are free in all its weeks; false: no such place."""
        bits = sum(1 << week for week in wish.weeks)
        for day, slot in self.chance.sample(_PLACES, len(_PLACES)):
            if any(self._taken[0, group.identifier, day, slot] & bits for group in wish.groups):
                continue
            rooms = self._free_rooms(wish, day, slot, bits)
            if rooms is None:
                continue
            self._book(wish, day, slot, bits, rooms)
            return True
        return False

    def _free_rooms(self, wish: Wish, day: int, slot: int, bits: int) -> tuple[Room, ...] | None:
        if wish.room_kind is None:
            return ()
        fitting = [room for room in self.rooms if room.kind == wish.room_kind]
        first = self._next_room[wish.room_kind]
        found: list[Room] = []
        for offset in range(len(fitting)):
            room = fitting[(first + offset) % len(fitting)]
            if not self._taken[1, room.identifier, day, slot] & bits:
                found.append(room)
                if len(found) == wish.room_count:
                    # The next series begins its search behind this room, so that every room is used.
                    self._next_room[wish.room_kind] = (first + offset + 1) % len(fitting)
                    return tuple(found)
        return None

    def _book(self, wish: Wish, day: int, slot: int, bits: int, rooms: tuple[Room, ...]) -> None:
        for group in wish.groups:
            for relative in self.relatives[group]:
                self._taken[0, relative.identifier, day, slot] |= bits
        for room in rooms:
            self._taken[1, room.identifier, day, slot] |= bits
        # Series ids rise with gaps, as recorded ones do.
        self._series += self.chance.randint(1, 40)
        begin = SLOTS[slot]
        groups = tuple(sorted(wish.groups, key=lambda group: group.name))
        self.meetings.extend(
            Meeting(
                series=self.first_series + self._series,
                week=week,
                day=day,
                begin=begin,
                end=begin + wish.minutes,
                category=wish.category,
                modules=wish.modules,
                groups=groups,
                rooms=rooms,
                staff=wish.staff,
                notes=wish.notes,
            )
            for week in wish.weeks
        )
