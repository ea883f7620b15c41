"""What requests are answered from: the index, the policy, the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from carillon_kit.response_cache import ResponseCache
from fastapi import Depends, Request

from carillon_rooms.explanations import not_ready
from carillon_rooms.known_sources import KnownSources
from carillon_rooms.occupancy_index import Covered, OccupancyIndex, Room
from carillon_rooms.occupancy_watch import OccupancyWatch
from carillon_rooms.policy_file import PolicyFile
from carillon_rooms.room_policy import RoomPolicy

Clock = Callable[[], datetime]
"""Gives the time, with an offset."""


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
    """The parts that live as long as the process."""

    def __init__(self, watch: OccupancyWatch, policy_file: PolicyFile, cache: ResponseCache, clock: Clock) -> None:
        self.watch, self.policy_file, self.clock = watch, policy_file, clock
        self._cache = cache
        self._was_stale = False

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
        return Known(self.watch.index, self.sources, self.policy_file.policy, self.clock())

    def data_age_s(self) -> int | None:
        """The age of the oldest data; on the way, kept answers are dropped when the data have become too old."""
        if (sources := self.sources) is None:
            return None
        now = self.clock()
        if (stale := sources.stale(self.policy_file.policy.stale_after, now)) != self._was_stale:
            self._was_stale = stale
            self._cache.clear()
        return sources.age_s(now)


def state_of(request: Request) -> RoomsState:
    """The application's state."""
    return cast("RoomsState", request.app.state.rooms)


def _known(request: Request) -> Known:
    return state_of(request).known()


KnownNow = Annotated[Known, Depends(_known)]
