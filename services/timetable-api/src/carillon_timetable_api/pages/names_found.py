"""Groups, rooms and timetables by what is typed into the search box."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import search as name_search
from carillon_timetable_api.naming import words_of
from carillon_timetable_api.pages.site import Visit

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


async def search(visit: Visit, typed: str) -> list[Found]:
    """What is called something like it, the best first; accents, letter case and typos are forgiven."""
    return (await _search(visit, typed, ("group", "room", "timetable")))[0]


async def search_courses_too(visit: Visit, typed: str) -> tuple[list[Found], list[str]]:
    """The same, and the names of courses."""
    return await _search(visit, typed, ("group", "room", "timetable", "course"))


async def _search(visit: Visit, typed: str, kinds: tuple[name_search.Kind, ...]) -> tuple[list[Found], list[str]]:
    words = words_of(typed)[: name_search.MOST_WORDS]
    if not words:
        return [], []
    hits = await name_search.find(visit.serving.engine, words, kinds, _MOST)
    places = [Found(hit.kind, hit.id, hit.name) for hit in hits if hit.id is not None and hit.kind != "course"]
    return places, [hit.name for hit in hits if hit.kind == "course"]


@dataclass(frozen=True, slots=True)
class YearShown:
    """A year of study with its timetables."""

    name: str
    timetables: list[Found]


async def years(connection: AsyncConnection) -> list[YearShown]:
    """All years that have timetables."""
    query = """
        select y.name as year, t.id, t.name from timetable t join year y on y.id = t.year_id
        join source s on s.id = t.source_id where s.withdrawn_at is null
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
            join timetable t on t.source_id = k.source_id where t.id = :id and l.is_listed)
        order by g.semester nulls first, g.sort_name collate "C", g.id"""
    found = await connection.execute(text(query), {"id": timetable})
    return name, [GroupListed(row.id, row.name, row.mention, row.semester) for row in found]
