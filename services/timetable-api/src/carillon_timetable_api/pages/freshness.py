"""How old what is shown is, whether a source fails, and why a week is empty."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

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
    """All sources behind what is shown; `covered` is whether any of them has spoken for the period."""

    sources: tuple[SourceShown, ...]
    covered: bool

    @property
    def failing(self) -> tuple[SourceShown, ...]:
        """Those that could not be read the last time."""
        return tuple(source for source in self.sources if source.failing_since is not None)

    def age_s(self, now: datetime) -> float | None:
        """Seconds since the source that was read longest ago was read; None if one never was."""
        read = [source.read_at for source in self.sources]
        known = [at for at in read if at is not None]
        return max(0.0, (now - min(known)).total_seconds()) if known and len(known) == len(read) else None


_SOURCES = text("""
    select s.id, s.slug, s.last_read_at, s.failing_since, s.failure_fr, s.failure_en,
        array(select t.name from timetable t where t.source_id = s.id order by t.sort_name) as names,
        exists (
            select from calendar k join calendar_day d on d.calendar_id = k.id
            where k.source_id = s.id and d.day >= :first and d.day < :last
              and (:all or k.id in (select calendar_id from calendar_group where group_id = any(:groups)))) as covered
    from source s
    where :all or s.id in (
        select k.source_id from calendar k join calendar_group l on l.calendar_id = k.id
        where l.group_id = any(:groups))
    order by s.id""")


async def freshness(connection: AsyncConnection, chosen: list[Chosen], period: Period, zone: ZoneInfo) -> Freshness:
    """Of the sources that show the chosen groups; of all sources for a room, because any may use it."""
    groups = sorted({id_ for one in chosen if one.kind == "group" for id_ in one.ids})
    first, last = (at.astimezone(zone).date() for at in (period.begin, period.end))
    values = {"first": first, "last": last, "groups": groups, "all": any(one.kind == "room" for one in chosen)}
    rows = (await connection.execute(_SOURCES, values)).all()
    sources = tuple(
        SourceShown(
            row.id,
            ", ".join(row.names) or row.slug,
            row.last_read_at,
            row.failing_since,
            row.failure_fr,
            row.failure_en,
        )
        for row in rows
    )
    return Freshness(sources, any(row.covered for row in rows))
