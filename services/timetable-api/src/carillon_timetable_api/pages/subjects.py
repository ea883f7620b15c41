"""What a page is about: a group, a room or a timetable named in its address, or everything."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from carillon_timetable_api import queries
from carillon_timetable_api.answers import not_found
from carillon_timetable_api.changes.filters import Id
from carillon_timetable_api.pages import names_found
from carillon_timetable_api.pages.names_found import Found, Kind
from carillon_timetable_api.pages.site import VisitDep

_TABLES: dict[Kind, str] = {"group": "student_group", "room": "room", "timetable": "timetable"}


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing, or None for everything; and what a search for another one has found."""

    one: Found | None
    find: str
    found: list[Found]


async def _subject(
    visit: VisitDep,
    *,
    group: Annotated[Id | None, Query()] = None,
    room: Annotated[Id | None, Query()] = None,
    timetable: Annotated[Id | None, Query()] = None,
    find: Annotated[str, Query(max_length=200)] = "",
) -> Subject:
    named: tuple[tuple[Kind, int | None], ...] = (("group", group), ("room", room), ("timetable", timetable))
    one = None
    for kind, wanted in named:
        if wanted is not None:
            name = await queries.find_name(visit.connection, _TABLES[kind], wanted)
            if name is None:
                raise not_found()
            one = Found(kind, wanted, name)
            break
    return Subject(one, find, await names_found.search(visit, find) if find else [])


SubjectDep = Annotated[Subject, Depends(_subject)]
