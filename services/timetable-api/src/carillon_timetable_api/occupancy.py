"""When rooms are taken, week by week, as the `occupancy` bucket tells the rooms service; computed from the courses."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carillon_contracts.events import Busy, Coverage, Named, RoomWeek, SourceState, SourceStates
from carillon_contracts.weeks import monday_of, week_of
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

RoomAndWeek = tuple[int, str]


def weeks_touched(begin: datetime, end: datetime, zone: ZoneInfo) -> set[str]:
    """The institution's ISO weeks that a course is in: more than one where it passes midnight on a Sunday."""
    first, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    return {week_of(first + timedelta(days=days)) for days in (*range(0, (last - first).days, 7), (last - first).days)}


def _limits(week: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    monday = monday_of(week)
    begin, end = (datetime.combine(monday + timedelta(days=days), time(), zone) for days in (0, 7))
    return begin, end


async def room_weeks(connection: AsyncConnection, wanted: Collection[RoomAndWeek], zone: ZoneInfo) -> list[RoomWeek]:
    """The given rooms' weeks as they are now, empty ones included."""
    if not wanted:
        return []
    by_week: dict[str, set[int]] = defaultdict(set)
    for room_id, week in wanted:
        by_week[week].add(room_id)
    query = "select id, name, slug from room where id = any(:ids)"
    rows = (await connection.execute(text(query), {"ids": sorted({room for room, _ in wanted})})).mappings()
    rooms = {row["id"]: Named.model_validate(dict(row)) for row in rows}
    found = []
    for week, room_ids in sorted(by_week.items()):
        busy = await _busy(connection, week, room_ids, zone)
        found += [RoomWeek(room=rooms[room_id], week=week, busy=tuple(busy[room_id])) for room_id in sorted(room_ids)]
    return found


async def _busy(
    connection: AsyncConnection, week: str, room_ids: Iterable[int], zone: ZoneInfo
) -> dict[int, list[Busy]]:
    query = """
        select r.room_id, c.id, c.begin, c."end" from course c join course_room r on r.course_id = c.id
        where r.room_id = any(:room_ids) and c.cancelled_at is null and c.begin < :week_end and c."end" > :week_begin
        order by c.begin, c."end", c.id"""
    week_begin, week_end = _limits(week, zone)
    values = {"room_ids": sorted(room_ids), "week_begin": week_begin, "week_end": week_end}
    busy: dict[int, list[Busy]] = defaultdict(list)
    for row in await connection.execute(text(query), values):
        busy[row.room_id].append(Busy(begin=row.begin, end=row.end, course=row.id))
    return busy


async def all_room_weeks(connection: AsyncConnection, zone: ZoneInfo) -> set[RoomAndWeek]:
    """Every room and week that has ever had a course, cancelled ones included: a room that had one is known."""
    query = """
        select distinct r.room_id, c.begin, c."end" from course c join course_room r on r.course_id = c.id"""
    rows = await connection.execute(text(query))
    return {(row.room_id, week) for row in rows for week in weeks_touched(row.begin, row.end, zone)}


async def coverage(connection: AsyncConnection) -> list[Coverage]:
    """Which sources have spoken for which days, by week."""
    query = """
        select d.day, array_agg(distinct s.slug order by s.slug) as slugs
        from calendar_day d join calendar c on c.id = d.calendar_id join source s on s.id = c.source_id
        where s.withdrawn_at is null group by d.day order by d.day"""
    weeks: dict[str, dict[date, tuple[str, ...]]] = defaultdict(dict)
    for row in await connection.execute(text(query)):
        weeks[week_of(row.day)][row.day] = tuple(row.slugs)
    return [Coverage(week=week, days=days) for week, days in weeks.items()]


async def source_states(connection: AsyncConnection, zone: ZoneInfo) -> SourceStates:
    """How each source is doing."""
    query = "select slug, last_read_at, failing_since from source where withdrawn_at is null order by id"
    rows = (await connection.execute(text(query))).mappings()
    return SourceStates(timezone=zone.key, sources=tuple(SourceState.model_validate(dict(row)) for row in rows))
