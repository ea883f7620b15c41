"""How the sources are doing, summed up once for all answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from carillon_contracts.events import SourceStates


@dataclass(frozen=True, slots=True)
class KnownSources:
    """The institution's zone and its sources.

    `oldest_read` is when the source that was read longest ago was read; None if none ever was. A source that never
    was read shows in the days that it does not cover.
    """

    zone: ZoneInfo
    slugs: frozenset[str]
    failing: tuple[str, ...]
    oldest_read: datetime | None

    @classmethod
    def of(cls, states: SourceStates) -> Self:
        """Sum them up; ValueError or KeyError if there is no such zone."""
        return cls(
            zone=ZoneInfo(states.timezone),
            slugs=frozenset(source.slug for source in states.sources),
            failing=tuple(sorted(source.slug for source in states.sources if source.failing_since is not None)),
            oldest_read=min((read for source in states.sources if (read := source.last_read_at)), default=None),
        )

    def age_s(self, now: datetime) -> int | None:
        """Seconds since `oldest_read`, never negative."""
        return None if self.oldest_read is None else max(0, int((now - self.oldest_read).total_seconds()))

    def stale(self, stale_after_s: int, now: datetime) -> bool:
        """Whether the data are too old to call a room free; data of unknown age are."""
        age = self.age_s(now)
        return age is None or age > stale_after_s
