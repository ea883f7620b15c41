"""What requests are answered from: the index, the policy, the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from carillon_kit.response_cache import ResponseCache
from fastapi import Depends, Request

from carillon_rooms.day_board import DayBoard
from carillon_rooms.explanations import not_ready
from carillon_rooms.institution_time import window_of
from carillon_rooms.known_sources import KnownSources
from carillon_rooms.occupancy_index import Covered, OccupancyIndex, Room
from carillon_rooms.occupancy_watch import OccupancyWatch
from carillon_rooms.policy_file import PolicyFile
from carillon_rooms.room_policy import RoomPolicy

Clock = Callable[[], datetime]
"""Gives the time, with an offset."""

MOST_BOARDS = 400
"""Days whose boards are kept; some 10 kB each."""


@dataclass(frozen=True, slots=True)
class Known:
    """One consistent view for one request."""

    index: OccupancyIndex
    sources: KnownSources
    policy: RoomPolicy
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The institution's."""
        return self.sources.zone

    def offers(self, room: Room) -> bool:
        """Whether the operator lets the room be offered."""
        return self.policy.rules_of(room.named.name).hidden is None

    def covered(self, days: tuple[date, ...]) -> Covered:
        """How all the days together are covered."""
        found = {self.index.covered(day) for day in days}
        return found.pop() if len(found) == 1 else Covered.PARTLY


class RoomsState:
    """The parts that live as long as the process.

    Raises RoomPolicyError if the room policy cannot be used.
    """

    def __init__(self, policy: Path | None, clock: Clock) -> None:
        self.answers = ResponseCache()
        self.watch, self.policy_file = OccupancyWatch(self._changed), PolicyFile(policy, self._changed)
        self._clock = clock
        self._boards: dict[date, DayBoard[bytes]] = {}

    def _changed(self) -> None:
        """Drop what was made from the index or the policy as they were."""
        self.answers.clear()
        self._boards.clear()

    @property
    def sources(self) -> KnownSources | None:
        """How the sources are doing, once that is known."""
        return self.watch.index.sources if self.watch.index else None

    def known(self) -> Known:
        """What is known now.

        Raises:
            ProblemError: nothing yet, not even in which zone days are asked for.
        """
        if self.watch.index is None or self.sources is None:
            raise not_ready()
        return Known(self.watch.index, self.sources, self.policy_file.policy, self._clock())

    def data_age_s(self) -> int | None:
        """The age of the oldest data."""
        return self.sources.age_s(self._clock()) if self.sources else None

    def stale(self) -> bool:
        """Whether the data are too old by now to call a room free."""
        return self.sources is None or self.sources.stale(self.policy_file.policy.stale_after, self._clock())

    def board(self, day: date) -> DayBoard[bytes]:
        """The offered rooms of a day by name, as QSJPS shows them; made when first asked for. Raises as `known`."""
        found = self._boards.get(day)
        if found is None:
            if len(self._boards) >= MOST_BOARDS:
                self._boards.clear()
            found = self._boards[day] = _board(self.known(), day)
        return found


def _board(known: Known, day: date) -> DayBoard[bytes]:
    rooms = [room for room in known.index.rooms if known.offers(room)]
    extent = window_of(day, time.min, time.max, known.zone)
    busy = (known.index.busy(room.named.id, extent, [day]) for room in rooms)
    return DayBoard([room.qsjps_json for room in rooms], busy, extent)


def state_of(request: Request) -> RoomsState:
    """The application's state."""
    return cast("RoomsState", request.app.state.rooms)


# Coroutines, because FastAPI would call plain functions in another thread.
async def _state(request: Request) -> RoomsState:
    return state_of(request)


async def _known(request: Request) -> Known:
    return state_of(request).known()


StateNow = Annotated[RoomsState, Depends(_state)]
KnownNow = Annotated[Known, Depends(_known)]
