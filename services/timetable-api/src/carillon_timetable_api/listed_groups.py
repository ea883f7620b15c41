"""Which groups a calendar speaks for: its members, which it names itself, and the groups of the courses it shows.

A group that is renamed leaves its calendar without a word. From then on nothing is known of it, which is not the same
as nothing being planned; what it had is still found through the calendar.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

LISTED_FOR = timedelta(days=200)
"""How long a group is spoken for that only courses named, of the days up to today that the calendar spoke for.

Longer than any holidays, and than the weeks that a page shows, which may be those of a former year.
"""

_ARE_SHOWN = """
    insert into calendar_group (calendar_id, group_id) select :calendar_id, unnest(cast(:ids as int[]))
    on conflict (calendar_id, group_id) do update set is_listed = true where not calendar_group.is_listed"""
_ARE_MEMBERS = """
    insert into calendar_group (calendar_id, group_id, is_member)
    select unnest(cast(:calendars as int[])), unnest(cast(:groups as int[])), true
    on conflict (calendar_id, group_id) do update set is_listed = true, is_member = true
    where not (calendar_group.is_listed and calendar_group.is_member)"""
_ARE_LEFT_OUT = """
    update calendar_group l set is_listed = false, is_member = false
    where l.is_listed and l.calendar_id = any(:read)
    and not exists (
        select from unnest(cast(:calendars as int[]), cast(:groups as int[])) member (calendar_id, group_id)
        where member.calendar_id = l.calendar_id and member.group_id = l.group_id)
    and not exists (
        select from sighting s join course_group g on g.course_id = s.course_id
        where s.calendar_id = l.calendar_id and g.group_id = l.group_id and s.day >= case
            when l.is_member and l.calendar_id = any(cast(:calendars as int[])) then cast(:today as date)
            else least(cast(:today as date), (select max(day) from calendar_day d where d.calendar_id = l.calendar_id))
                - cast(:listed_for as int) end)"""


async def are_shown(connection: AsyncConnection, calendar_id: int, group_ids: Collection[int]) -> None:
    """The calendar shows courses of these groups."""
    if group_ids:
        await connection.execute(text(_ARE_SHOWN), {"calendar_id": calendar_id, "ids": sorted(group_ids)})


async def are_members(connection: AsyncConnection, members: Collection[tuple[int, int]]) -> None:
    """The pairs of calendars and groups that calendars name."""
    if members:
        await connection.execute(text(_ARE_MEMBERS), _columns(members))


async def leave_out(
    connection: AsyncConnection, read: Collection[int], members: Collection[tuple[int, int]], today: date
) -> None:
    """Of the calendars that were read, all but the members and the groups of courses.

    Of a calendar that names members, one that is none any longer goes unless it has courses to come.
    """
    values = {"read": list(read), "today": today, "listed_for": LISTED_FOR.days, **_columns(members)}
    await connection.execute(text(_ARE_LEFT_OUT), values)


async def leave_out_all(connection: AsyncConnection, calendars: Collection[int]) -> None:
    """These calendars speak for nobody any more."""
    query = "update calendar_group set is_listed = false, is_member = false where is_listed and calendar_id = any(:ids)"
    await connection.execute(text(query), {"ids": list(calendars)})


def _columns(pairs: Iterable[tuple[int, int]]) -> dict[str, list[int]]:
    ordered = sorted(pairs)
    return {"calendars": [calendar for calendar, _ in ordered], "groups": [group for _, group in ordered]}
