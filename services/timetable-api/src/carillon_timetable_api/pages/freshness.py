"""How old what is shown is, whether a source fails, and why a week is empty."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import coverage, empty_lists
from carillon_timetable_api.coverage import Concerned
from carillon_timetable_api.empty_lists import EmptyBecause
from carillon_timetable_api.pages.week import Chosen
from carillon_timetable_api.periods import Period


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A source behind what is shown."""

    id: int
    name: str
    read_at: datetime | None
    failing_since: datetime | None
    failure_fr: str | None
    failure_en: str | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """All sources behind what is shown, and the days for which each of them has spoken."""

    sources: tuple[SourceShown, ...]
    days: frozenset[date]

    @property
    def failing(self) -> tuple[SourceShown, ...]:
        """Those that could not be read the last time."""
        return tuple(source for source in self.sources if source.failing_since is not None)

    def age_s(self, now: datetime) -> float | None:
        """Seconds since the source that was read longest ago was read; None if one never was."""
        read = [source.read_at for source in self.sources]
        known = [at for at in read if at is not None]
        return max(0.0, (now - min(known)).total_seconds()) if known and len(known) == len(read) else None


@dataclass(frozen=True, slots=True)
class Concern:
    """The calendars and sources that what is shown rests on: of the chosen groups, or all, since any may use a room."""

    concerned: Concerned
    values: dict[str, Any]

    @classmethod
    def of(cls, chosen: list[Chosen]) -> Self:
        """What the chosen groups and rooms rest on."""
        kinds = {kind: [one.id for one in chosen if one.kind == kind] for kind in ("group", "room")}
        return cls(*coverage.of(kinds["group"], kinds["room"]))

    async def freshness(self, connection: AsyncConnection, first: date, last: date) -> Freshness:
        """How the sources are doing, and which days from the first to the last are known."""
        query = f"""
            select s.id, s.slug, s.last_read_at, s.failing_since, s.failure_fr, s.failure_en,
                array(select t.name from timetable t where t.source_id = s.id order by t.sort_name) as names
            from source s
            where s.withdrawn_at is null and s.id in ({self.concerned.sources}) order by s.id"""  # noqa: S608 - no outside text
        sources = tuple(
            SourceShown(
                id=row.id,
                name=", ".join(row.names) or row.slug,
                read_at=row.last_read_at,
                failing_since=row.failing_since,
                failure_fr=row.failure_fr,
                failure_en=row.failure_en,
            )
            for row in await connection.execute(text(query), self.values)
        )
        found = await coverage.find(connection, self.concerned, self.values, first, last)
        return Freshness(sources, found.days)

    async def empty_because(self, connection: AsyncConnection, period: Period, zone: ZoneInfo) -> EmptyBecause:
        """Why there is nothing in a period."""
        return await empty_lists.reason(connection, self.concerned, self.values, period, zone)
