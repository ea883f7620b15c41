"""Groups, rooms and timetables by what is typed into the search box."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.naming import sort_name

Kind = Literal["group", "room", "timetable"]
_MOST = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A thing with a page of its own."""

    kind: Kind
    id: int
    name: str

    @property
    def address(self) -> str:
        """Its page."""
        return f"/{self.kind}s/{self.id}/"


_SEARCH = """
    select kind, id, name from (
        select 'group' as kind, id, name, sort_name, hidden from student_group
        union all select 'room', id, name, sort_name, false from room
        union all select 'timetable', id, name, sort_name, false from timetable) every
    where {condition}
    order by hidden, position(:first in sort_name), length(name), sort_name, id limit :most"""


async def search(connection: AsyncConnection, typed: str) -> list[Found]:
    """What holds every typed word somewhere in its name, accents and letter case aside; names that begin so first."""
    words = sort_name(typed).split()[:8]
    if not words:
        return []
    condition = " and ".join(f"position(:word{number} in sort_name) > 0" for number in range(len(words)))
    values: dict[str, Any] = {f"word{number}": word for number, word in enumerate(words)}
    values |= {"first": words[0], "most": _MOST}
    found = await connection.execute(text(_SEARCH.format(condition=condition)), values)
    return [Found(row.kind, row.id, row.name) for row in found]


@dataclass(frozen=True, slots=True)
class YearShown:
    """A year of study with its timetables."""

    name: str
    timetables: list[Found]


async def years(connection: AsyncConnection) -> list[YearShown]:
    """All years that have timetables."""
    query = """
        select y.name as year, t.id, t.name from timetable t join year y on y.id = t.year_id
        order by lower(y.name) collate "C", y.id, t.sort_name collate "C", t.id"""
    shown: dict[str, YearShown] = {}
    for row in await connection.execute(text(query)):
        shown.setdefault(row.year, YearShown(row.year, [])).timetables.append(Found("timetable", row.id, row.name))
    return list(shown.values())


@dataclass(frozen=True, slots=True)
class GroupListed:
    """A group of a timetable."""

    id: int
    name: str
    mention: str | None
    semester: int | None


async def groups_of_timetable(connection: AsyncConnection, timetable: int) -> tuple[str, list[GroupListed]] | None:
    """A timetable's name and its groups that have courses; None if there is no such timetable."""
    name = (await connection.execute(text("select name from timetable where id = :id"), {"id": timetable})).scalar()
    if name is None:
        return None
    query = """
        select g.id, g.name, g.mention, g.semester from student_group g
        where not g.hidden and g.id in (
            select l.group_id from calendar_group l join calendar k on k.id = l.calendar_id
            join timetable t on t.source_id = k.source_id where t.id = :id)
        order by g.semester nulls first, g.sort_name collate "C", g.id"""
    found = await connection.execute(text(query), {"id": timetable})
    return name, [GroupListed(row.id, row.name, row.mention, row.semester) for row in found]
