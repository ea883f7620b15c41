"""The courses of a group (its ancestors' included) or of a room: all, of a day, of a week; and a group's weeks."""

from fastapi import APIRouter, Response

from carillon_timetable_api import described, examples, periods, queries, schemas
from carillon_timetable_api.answers import AnswersDep
from carillon_timetable_api.pagination import PageParameter
from carillon_timetable_api.queries import Rows
from carillon_timetable_api.routes.numbers import ID, DayNumber, Id, MonthNumber, WeekNumber, YearNumber


def router(page_size: int) -> APIRouter:
    """The routes below `groups/<id>/courses/` and `rooms/<id>/courses/`."""
    made = APIRouter()
    _add_all(made, "group", queries.COURSES_OF_GROUP, page_size)
    _add_days(made, "group", queries.COURSES_OF_GROUP_IN_PERIOD, page_size)
    _add_weeks_of_group(made)
    _add_weeks(made, "group", queries.COURSES_OF_GROUP_IN_PERIOD, page_size)
    _add_all(made, "room", queries.COURSES_OF_ROOM, page_size)
    _add_days(made, "room", queries.COURSES_OF_ROOM_IN_PERIOD, page_size)
    _add_weeks(made, "room", queries.COURSES_OF_ROOM_IN_PERIOD, page_size)
    return made


def _add_all(made: APIRouter, owner: str, rows: Rows, page_size: int) -> None:
    @made.get(
        f"/{owner}s/{ID}/courses/",
        tags=[f"{owner}s"],
        operation_id=f"list_courses_of_{owner}",
        summary=f"All courses of a {owner}",
        **described.list_of(schemas.Course, examples.COURSE, page_size),
    )
    async def every(answers: AnswersDep, wanted: Id, page: PageParameter = "1") -> Response:
        return await answers.list(rows, page, owner=wanted)


def _add_days(made: APIRouter, owner: str, rows: Rows, page_size: int) -> None:
    path = f"/{owner}s/{ID}/courses/days"

    @made.get(
        f"{path}/current/",
        tags=[f"{owner}s"],
        operation_id=f"list_courses_of_{owner}_today",
        summary=f"A {owner}'s courses of today",
        **described.list_of(schemas.Course, examples.COURSE, page_size),
    )
    async def today(answers: AnswersDep, wanted: Id, page: PageParameter = "1") -> Response:
        return await answers.list(rows, page, wanted, periods.current_day(answers.serving.now(), answers.serving.zone))

    @made.get(
        f"{path}/{{year:number}}/{{month:number}}/{{day:number}}/",
        tags=[f"{owner}s"],
        operation_id=f"list_courses_of_{owner}_by_day",
        summary=f"A {owner}'s courses of a day",
        **described.list_of(schemas.Course, examples.COURSE, page_size, {"month": periods.MONTH_WRONG}),
    )
    async def by_day(
        *,
        answers: AnswersDep,
        wanted: Id,
        year: YearNumber,
        month: MonthNumber,
        day: DayNumber,
        page: PageParameter = "1",
    ) -> Response:
        return await answers.list(rows, page, wanted, periods.of_day(year, month, day, answers.serving.zone))


def _add_weeks(made: APIRouter, owner: str, rows: Rows, page_size: int) -> None:
    path = f"/{owner}s/{ID}/courses/weeks"

    @made.get(
        f"{path}/current/",
        tags=[f"{owner}s"],
        operation_id=f"list_courses_of_{owner}_this_week",
        summary=f"A {owner}'s courses of this week, on a week-end of the next one",
        **described.list_of(schemas.Course, examples.COURSE, page_size),
    )
    async def this_week(answers: AnswersDep, wanted: Id, page: PageParameter = "1") -> Response:
        return await answers.list(rows, page, wanted, periods.current_week(answers.serving.now(), answers.serving.zone))

    @made.get(
        f"{path}/{{year:number}}/{{week:number}}/",
        tags=[f"{owner}s"],
        operation_id=f"list_courses_of_{owner}_by_week",
        summary=f"A {owner}'s courses of an ISO week",
        **described.list_of(schemas.Course, examples.COURSE, page_size, {"week": periods.WEEK_WRONG}),
    )
    async def by_week(
        *,
        answers: AnswersDep,
        wanted: Id,
        year: YearNumber,
        week: WeekNumber,
        page: PageParameter = "1",
    ) -> Response:
        return await answers.list(rows, page, wanted, periods.of_week(year, week, answers.serving.zone))


def _add_weeks_of_group(made: APIRouter) -> None:
    @made.get(
        f"/groups/{ID}/courses/weeks/",
        tags=["groups"],
        operation_id="list_weeks_of_group",
        summary="The weeks in which a group has courses",
        **described.body(schemas.Weeks, examples.WEEKS, headers=described.HEADERS_OF_COURSES),
    )
    async def weeks(answers: AnswersDep, wanted: Id) -> Response:
        return await answers.weeks(queries.COURSES_OF_GROUP, wanted)
