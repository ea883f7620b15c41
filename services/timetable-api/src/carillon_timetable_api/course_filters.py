"""The filters of `/api/courses/`: query parameters as conditions of its statement; without them the list is plain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from carillon_kit.languages import Text
from carillon_kit.moments import PATTERN, read_moment
from carillon_kit.problems import NOT_FOUND, ProblemError, bad_parameter
from fastapi import Query
from pydantic import StringConstraints
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import coverage, queries
from carillon_timetable_api.changes.filters import Id
from carillon_timetable_api.feeds.choice import STORABLE
from carillon_timetable_api.periods import Period
from carillon_timetable_api.queries import Rows
from carillon_timetable_api.search import words_asked_for
from carillon_timetable_api.serving import Serving

_MOST = 50
_MOMENT = {"pattern": PATTERN}
_BAD_MOMENT = Text(
    "écrivez une date et une heure comme 2026-11-23T10:00:00+01:00, ou 2026-11-23T10:00 à l’heure locale.",
    "write a date and time such as 2026-11-23T10:00:00+01:00, or 2026-11-23T10:00 in local time.",
)
_TABLES = {"group": "student_group", "room": "room"}

Moment = str | SkipJsonSchema[None]
Ids = Annotated[list[Id], Query(max_length=_MOST)]
Texts = list[Annotated[str, StringConstraints(max_length=200, pattern=STORABLE)]]
BeginAfter = Annotated[
    Moment,
    Query(
        description="Courses that begin then or later; without an offset by the institution's clock.",
        examples=["2026-11-23T10:00:00+01:00"],
        json_schema_extra=_MOMENT,
    ),
]
BeginBefore = Annotated[Moment, Query(description="Courses that begin before.", json_schema_extra=_MOMENT)]
Groups = Annotated[Ids, Query(description="Ids of groups.")]
Parents = Annotated[bool, Query(description="Whether the courses of the groups' parents count too.")]
Rooms = Annotated[Ids, Query(description="Ids of rooms.")]
Types = Annotated[Texts, Query(description="Types of courses; letter case does not count.", max_length=_MOST)]
Search = Annotated[
    str,
    Query(
        description="Words of the name or parts of them, in any order; accents and case do not count.", max_length=200
    ),
]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A list of courses with the values of its conditions; `period` is None unless it has both ends."""

    rows: Rows
    values: dict[str, Any]
    period: Period | None


class CourseFilters:
    """What of the list is wanted; parameters of one name are alternatives."""

    def __init__(
        self,
        *,
        begin_after: BeginAfter = None,
        begin_before: BeginBefore = None,
        group: Groups = [],  # noqa: B006 - FastAPI copies it
        parents: Parents = True,
        room: Rooms = [],  # noqa: B006
        type: Types = [],  # noqa: A002, B006
        search: Search = "",
    ) -> None:
        self._begin_after, self._begin_before = begin_after, begin_before
        self._groups, self._parents, self._rooms = sorted(set(group)), parents, sorted(set(room))
        self._types = sorted({wanted.lower() for wanted in type if wanted})
        self._search = search

    async def choose(self, serving: Serving) -> Chosen:
        """The courses that are wanted.

        Raises:
            ProblemError: a moment or a search cannot be read, or nothing has one of the ids.
        """
        begin = moment_of("begin_after", self._begin_after, serving.zone)
        end = moment_of("begin_before", self._begin_before, serving.zone)
        if begin is not None and end is not None and end <= begin:
            raise bad_parameter(
                "begin_before",
                Text("c’est avant begin_after, ou en même temps.", "this is not later than begin_after."),
            )
        if self._groups or self._rooms:
            async with serving.reading.connect() as connection:
                await check_ids(connection, "group", self._groups)
                await check_ids(connection, "room", self._rooms)
        rows, values = queries.COURSES, dict[str, Any]()
        for condition, bound in self._conditions(begin, end):
            concerns = coverage.of_groups("cast(:groups as int[])") if "groups" in bound else None
            rows, values = rows.where_also(condition, concerns=concerns), values | bound
        return Chosen(rows, values, Period(begin, end) if begin is not None and end is not None else None)

    def _conditions(self, begin: datetime | None, end: datetime | None) -> Iterable[tuple[str, dict[str, Any]]]:
        if begin is not None:
            yield "c.begin >= :begin", {"begin": begin}
        if end is not None:
            yield "c.begin < :end", {"end": end}
        if self._groups:
            yield _OF_GROUPS if self._parents else _OF_GROUPS_ALONE, {"groups": self._groups}
        if self._rooms:
            yield _OF_ROOMS, {"rooms": self._rooms}
        if self._types:
            yield "lower(c.type) = any(cast(:types as text[]))", {"types": self._types}
        if self._search.strip():
            words = words_asked_for("search", self._search)
            yield _NAMED, {"patterns": [f"%{word}%" for word in words]}


_OF_GROUPS_ALONE = "c.id in (select course_id from course_group where group_id = any(cast(:groups as int[])))"
_OF_GROUPS = """c.id in (
    select course_id from course_group where group_id = any(array(
        select unnest(cast(:groups as int[]))
        union all select a.ancestor_id from group_ancestor a where a.group_id = any(cast(:groups as int[])))))"""
_OF_ROOMS = "c.id in (select course_id from course_room where room_id = any(cast(:rooms as int[])))"
_NAMED = "c.name in (select name from course_name where sort_name like all(cast(:patterns as text[])))"


def moment_of(name: str, said: str | None, zone: ZoneInfo) -> datetime | None:
    """A query parameter as a moment in UTC, None if it is left out or empty; a 422 problem if it cannot be read."""
    if not said:
        return None
    found = read_moment(said, zone)
    if found is None:
        raise bad_parameter(name, _BAD_MOMENT)
    return found


async def check_ids(connection: AsyncConnection, name: str, wanted: list[int]) -> None:
    """A 404 problem with the first id that no `group` or `room` has."""
    if not wanted:
        return
    query = f"select id from {_TABLES[name]} where id = any(:ids)"  # noqa: S608 - our own names
    known = set((await connection.execute(text(query), {"ids": wanted})).scalars())
    for missing in (one for one in wanted if one not in known):
        detail = Text(f"{name} : rien n’a le numéro {missing}.", f"{name}: nothing has the id {missing}.")
        raise ProblemError("not-found", 404, NOT_FOUND, detail)
