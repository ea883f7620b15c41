"""Years, timetables, groups and rooms: plain lists, single items, and lists of what belongs to an item."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from carillon_timetable_api import described, examples, queries, schemas
from carillon_timetable_api.answers import AnswersDep
from carillon_timetable_api.course_filters import CourseFilters
from carillon_timetable_api.pagination import PageParameter
from carillon_timetable_api.queries import Rows
from carillon_timetable_api.routes.numbers import ID, Id
from carillon_timetable_api.serving import made_at_once

_RESOURCES: tuple[tuple[str, Rows, Any], ...] = (
    ("years", queries.YEARS, examples.YEAR),
    ("timetables", queries.TIMETABLES, examples.TIMETABLE),
    ("sources", queries.SOURCES, examples.SOURCE),
    ("groups", queries.GROUPS, examples.GROUP),
    ("rooms", queries.ROOMS, examples.ROOM),
)
_OWNED: tuple[tuple[str, str, Rows, Any], ...] = (
    ("years", "timetables", queries.TIMETABLES_OF_YEAR, examples.TIMETABLE),
    ("timetables", "groups", queries.GROUPS_OF_TIMETABLE, examples.GROUP),
    ("sources", "timetables", queries.TIMETABLES_OF_SOURCE, examples.TIMETABLE),
)

NAMES = (*(name for name, _, _ in _RESOURCES), "courses")


def router(page_size: int) -> APIRouter:
    """The routes `<name>/`, `<name>/<id>/` and `<name>/<id>/<what belongs to it>/`."""
    made = APIRouter()
    for name, rows, example in _RESOURCES:
        _add_list(made, name, rows, example, page_size)
        _add_item(made, name, rows, example)
    _add_courses(made, page_size)
    _add_item(made, "courses", queries.COURSES, examples.COURSE)
    for owner, name, rows, example in _OWNED:
        _add_owned(made, owner=owner, name=name, rows=rows, example=example, page_size=page_size)
    return made


def _add_list(made: APIRouter, name: str, rows: Rows, example: Any, page_size: int) -> None:
    description = described.list_of(rows.item, example, page_size)

    @made.get(f"/{name}/", tags=[name], operation_id=f"list_{name}", summary=f"All {name}", **description)
    async def every(answers: AnswersDep, page: PageParameter = "1") -> Response:
        return await answers.list(rows, page)


def _add_courses(made: APIRouter, page_size: int) -> None:
    """The one list with filters."""
    description = described.list_of(schemas.Course, examples.COURSE, page_size)

    @made.get("/courses/", tags=["courses"], operation_id="list_courses", summary="All courses", **description)
    async def every(
        answers: AnswersDep,
        filters: Annotated[CourseFilters, Depends(made_at_once(CourseFilters))],
        page: PageParameter = "1",
    ) -> Response:
        chosen = await filters.choose(answers.serving)
        return await answers.list(chosen.rows, page, period=chosen.period, values=chosen.values)


def _add_item(made: APIRouter, name: str, rows: Rows, example: Any) -> None:
    one = name.removesuffix("s")

    @made.get(
        f"/{name}/{ID}/",
        tags=[name],
        operation_id=f"read_{one}",
        summary=f"One {one}",
        **described.body(rows.item, example, headers=described.HEADERS_OF_DATA if rows.one_concerns else None),
    )
    async def item(answers: AnswersDep, wanted: Id) -> Response:
        return await answers.item(rows, wanted)


def _add_owned(made: APIRouter, *, owner: str, name: str, rows: Rows, example: Any, page_size: int) -> None:
    one = owner.removesuffix("s")

    @made.get(
        f"/{owner}/{ID}/{name}/",
        tags=[owner],
        operation_id=f"list_{name}_of_{one}",
        summary=f"The {name} of a {one}",
        **described.list_of(rows.item, example, page_size),
    )
    async def owned(answers: AnswersDep, wanted: Id, page: PageParameter = "1") -> Response:
        return await answers.list(rows, page, owner=wanted)
