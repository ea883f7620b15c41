"""The courses of a feed, cancelled ones included for a while, so that calendars take them away."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.feeds.choice import Choice


@dataclass(frozen=True, slots=True)
class Meeting:
    """One course as a calendar shows it; times in the institution's zone."""

    id: int
    name: str
    type: str | None
    notes: str | None
    begin: datetime
    end: datetime
    changed_at: datetime
    version: int
    is_cancelled: bool
    groups: tuple[str, ...]
    rooms: tuple[str, ...]

    @property
    def is_all_day(self) -> bool:
        """From a midnight to another."""
        return self.begin < self.end and not any(
            (at.hour, at.minute, at.second) != (0, 0, 0) for at in (self.begin, self.end)
        )

    @property
    def is_ambiguous(self) -> bool:
        """It begins or ends in an hour that the institution's clocks show twice, when they are put back."""
        if self.is_all_day:
            return False
        times = (self.begin, self.end)
        return any(at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset() for at in times)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which courses: of any of these groups or rooms."""

    groups: tuple[int, ...]
    rooms: tuple[int, ...]
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Courses that begin in it; those cancelled before `cancelled_since` are left out."""

    begin: datetime
    end: datetime
    cancelled_since: datetime


_MEETINGS = """
    select c.id, c.name, c.type, c.notes, c.begin, c."end", c.last_update, c.version, c.cancelled_at,
        array(select g.name from course_group l join student_group g on g.id = l.group_id
              where l.course_id = c.id order by g.sort_name, g.id) as groups,
        array(select l.group_id from course_group l where l.course_id = c.id) as group_ids,
        array(select r.name from course_room l join room r on r.id = l.room_id
              where l.course_id = c.id order by r.sort_name, r.id) as rooms
    from course c
    where c.begin >= :begin and c.begin < :end and (c.cancelled_at is null or c.cancelled_at >= :cancelled_since)
      and c.id in (select course_id from course_group where group_id = any(:groups)
                   union select course_id from course_room where room_id = any(:rooms))
    order by c.begin, c.id"""


async def find(connection: AsyncConnection, scope: Scope, window: Window, zone: ZoneInfo) -> list[Meeting]:
    """The meetings by begin."""
    values = {
        "begin": window.begin,
        "end": window.end,
        "cancelled_since": window.cancelled_since,
        "groups": list(scope.groups),
        "rooms": list(scope.rooms),
    }
    return [
        Meeting(
            id=row.id,
            name=row.name,
            type=row.type,
            notes=row.notes,
            begin=row.begin.astimezone(zone),
            end=row.end.astimezone(zone),
            changed_at=max(row.last_update, row.cancelled_at or row.last_update),
            version=row.version,
            is_cancelled=row.cancelled_at is not None,
            groups=tuple(row.groups),
            rooms=tuple(row.rooms),
        )
        for row in await connection.execute(text(_MEETINGS), values)
        if scope.choice is None or scope.choice.shows(row.name, row.type, frozenset(row.group_ids))
    ]


async def with_ancestors(connection: AsyncConnection, groups: tuple[int, ...]) -> tuple[int, ...]:
    """The groups and all groups above them."""
    query = "select ancestor_id from group_ancestor where group_id = any(:ids)"
    above = (await connection.execute(text(query), {"ids": list(groups)})).scalars()
    return tuple(sorted({*groups, *above}))
