"""A week of some groups and rooms as a page shows it: its courses, what became of them, and how sure that is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import periods
from carillon_timetable_api.feeds.colours import colour_of

CHANGES_ARE_SHOWN_FOR = timedelta(days=14)
"""How long a course is marked as changed; a cancelled one stays in its week as long."""


@dataclass(frozen=True, slots=True)
class Named:
    """A group or room."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A group (`ids` has its parents too) or a room whose courses are shown."""

    kind: str
    id: int
    name: str
    ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Before:
    """What a changed course was."""

    kind: str
    name: str
    begin: datetime
    end: datetime
    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseShown:
    """A course; times in the institution's zone. `of` has the places of the chosen ones that have it, from 1."""

    id: int
    name: str
    type: str | None
    notes: str | None
    teachers: tuple[str, ...]
    begin: datetime
    end: datetime
    is_cancelled: bool
    groups: tuple[Named, ...]
    rooms: tuple[Named, ...]
    before: Before | None
    of: tuple[int, ...]

    @property
    def colour(self) -> str:
        """The same as in the feeds."""
        return colour_of(self.type)

    @property
    def last_day(self) -> date:
        """The day on which it ends; a midnight ends the day before."""
        return max(self.begin, self.end - timedelta(microseconds=1)).date()

    @property
    def is_all_day(self) -> bool:
        """From a midnight to another."""
        return self.begin < self.end and all((at.hour, at.minute) == (0, 0) for at in (self.begin, self.end))


_COURSES = text("""
    select c.id, c.name, c.type, c.notes, c.teachers, c.begin, c."end", c.cancelled_at is not null as is_cancelled,
        (select coalesce(json_agg(json_build_array(g.id, g.name) order by g.sort_name collate "C", g.id), '[]')
         from course_group l join student_group g on g.id = l.group_id where l.course_id = c.id) as groups,
        (select coalesce(json_agg(json_build_array(r.id, r.name) order by r.sort_name collate "C", r.id), '[]')
         from course_room l join room r on r.id = l.room_id where l.course_id = c.id) as rooms,
        changed.kind, changed.before
    from course c left join lateral (
        select kind, before from journal j
        where j.course_id = c.id and j.at >= :changed_since and j.kind in ('moved', 'room', 'renamed')
        order by j.number desc limit 1) changed on true
    where c.begin >= :begin and c.begin < :end and (c.cancelled_at is null or c.cancelled_at >= :changed_since)
      and c.id in (select course_id from course_group where group_id = any(:groups)
                   union select course_id from course_room where room_id = any(:rooms))
    order by c.begin, c."end", c.id""").columns(groups=JSON(), rooms=JSON())


async def courses(
    connection: AsyncConnection, chosen: list[Chosen], period: periods.Period, now: datetime, zone: ZoneInfo
) -> list[CourseShown]:
    """The courses that begin in a period, by begin; a cancelled one as long as its cancellation is news."""
    values = {
        "begin": period.begin,
        "end": period.end,
        "changed_since": now - CHANGES_ARE_SHOWN_FOR,
        "groups": sorted({id_ for one in chosen if one.kind == "group" for id_ in one.ids}),
        "rooms": sorted({id_ for one in chosen if one.kind == "room" for id_ in one.ids}),
    }
    return [_shown(row, chosen, zone) for row in (await connection.execute(_COURSES, values)).mappings()]


def _shown(row: Any, chosen: list[Chosen], zone: ZoneInfo) -> CourseShown:
    groups, rooms = ({id_ for id_, _ in row[of]} for of in ("groups", "rooms"))
    return CourseShown(
        id=row["id"],
        name=row["name"],
        type=row["type"],
        notes=row["notes"],
        teachers=tuple(row["teachers"]),
        begin=row["begin"].astimezone(zone),
        end=row["end"].astimezone(zone),
        is_cancelled=row["is_cancelled"],
        groups=tuple(Named(*named) for named in row["groups"]),
        rooms=tuple(Named(*named) for named in row["rooms"]),
        before=_before(row["kind"], row["before"], zone) if row["before"] else None,
        of=tuple(place for place, one in enumerate(chosen, 1) if one.ids & (groups if one.kind == "group" else rooms)),
    )


def _before(kind: str, state: dict[str, Any], zone: ZoneInfo) -> Before:
    begin, end = (datetime.fromisoformat(state[name]).astimezone(zone) for name in ("begin", "end"))
    return Before(kind, state["name"], begin, end, tuple(room["name"] for room in state["rooms"]))


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day and its courses by begin; one that is not `known` may have others."""

    day: date
    is_today: bool
    is_known: bool
    courses: tuple[CourseShown, ...]


def days(found: list[CourseShown], monday: date, today: date, known: frozenset[date]) -> list[DayShown]:
    """The week's days: Monday to Friday always, Saturday and Sunday if something is on."""
    shown = []
    for number in range(7):
        day = monday + timedelta(days=number)
        of_day = tuple(course for course in found if course.begin.date() == day)
        if number < 5 or of_day or (number == 5 and any(c.begin.date() > day for c in found)):  # noqa: PLR2004
            shown.append(DayShown(day, day == today, day in known, of_day))
    return shown


async def look_up_group(connection: AsyncConnection, wanted: int) -> Chosen | None:
    """A group with its parents."""
    query = """
        select g.name, array(select ancestor_id from group_ancestor where group_id = g.id) as parents
        from student_group g where g.id = :id"""
    row = (await connection.execute(text(query), {"id": min(wanted, 2**31 - 1)})).one_or_none()
    return None if row is None else Chosen("group", wanted, row.name, frozenset({wanted, *row.parents}))


async def look_up_room(connection: AsyncConnection, wanted: int) -> Chosen | None:
    """A room."""
    row = (
        await connection.execute(text("select name from room where id = :id"), {"id": min(wanted, 2**31 - 1)})
    ).one_or_none()
    return None if row is None else Chosen("room", wanted, row.name, frozenset({wanted}))
