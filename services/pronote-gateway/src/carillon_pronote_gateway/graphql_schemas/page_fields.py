"""The fields that pupils and parents share, which differ only in whom they are asked about."""

from datetime import datetime

from carillon_pronote import Pupil
from carillon_pronote.pages import parameters, resources
from carillon_pronote.pages import timetable as client_timetable

from carillon_pronote_gateway.graphql_schemas.context import RequestContext, null_where_hidden
from carillon_pronote_gateway.graphql_types.attendance import Absences
from carillon_pronote_gateway.graphql_types.classwork import File, Homework, Info, LessonContent
from carillon_pronote_gateway.graphql_types.marks import EvaluationSubject, Marks
from carillon_pronote_gateway.graphql_types.menus import MenuDay
from carillon_pronote_gateway.graphql_types.timetable import Lesson
from carillon_pronote_gateway.translations import attendance as attendance_words
from carillon_pronote_gateway.translations import classwork, menus
from carillon_pronote_gateway.translations import marks as mark_words
from carillon_pronote_gateway.translations import timetable as timetable_words
from carillon_pronote_gateway.translations.moments import span

Moment = datetime | None


@null_where_hidden
async def timetable(context: RequestContext, pupil: Pupil | None, first: Moment, last: Moment) -> list[Lesson]:
    """Lessons; those of a week without any are marked as cancelled."""
    reader = context.reader
    held = await reader.held_weeks(pupil)
    shown: list[Lesson] = []
    week_of = reader.session.year.week_of
    by_week: dict[int, list[client_timetable.Lesson]] = {}
    for one in await reader.lessons(*span(first, last, context.now), pupil):
        by_week.setdefault(week_of(one.start.date()), []).append(one)
    for week, found in by_week.items():
        shown += timetable_words.lessons(found, held=week in held)
    return shown


@null_where_hidden
async def marks(context: RequestContext, pupil: Pupil | None, period: str | None) -> Marks:
    """A period's marks."""
    return mark_words.marks(await context.reader.marks(period, pupil), context.reader.session.timezone)


@null_where_hidden
async def evaluations(context: RequestContext, pupil: Pupil | None, period: str | None) -> list[EvaluationSubject]:
    """A period's evaluations."""
    found = await context.reader.evaluations(period, pupil)
    return mark_words.evaluations(found, context.reader.session.timezone)


@null_where_hidden
async def absences(
    context: RequestContext, pupil: Pupil | None, period: str | None, first: Moment, last: Moment
) -> Absences:
    """A period's events."""
    found = await context.reader.attendance(period, first, last, pupil)
    session = context.reader.session
    return attendance_words.absences(found, parameters.read_parameters(session).grid, session.timezone)


@null_where_hidden
async def infos(context: RequestContext, pupil: Pupil | None) -> list[Info]:
    """Information and surveys."""
    return classwork.infos(context.reader.session, await context.reader.news(pupil))


@null_where_hidden
async def contents(context: RequestContext, pupil: Pupil | None, first: Moment, last: Moment) -> list[LessonContent]:
    """What was done in lessons."""
    begin, end = span(first, last, context.now)
    found = await context.reader.contents(begin, end, pupil)
    return classwork.contents(context.reader.session, found, begin, end)


@null_where_hidden
async def homeworks(context: RequestContext, pupil: Pupil | None, first: Moment, last: Moment) -> list[Homework]:
    """Homework."""
    begin, end = span(first, last, context.now)
    session = context.reader.session
    found = await context.reader.homework(begin, end, pupil)
    return classwork.homeworks(session, classwork.of_days(found, begin, end, session.timezone))


@null_where_hidden
async def menu(context: RequestContext, pupil: Pupil | None, first: Moment, last: Moment) -> list[MenuDay]:
    """Menus."""
    begin, end = span(first, last, context.now)
    return menus.menus(await context.reader.menus(begin, end, pupil), begin, end, context.reader.session.timezone)


@null_where_hidden
async def files(context: RequestContext, pupil: Pupil | None) -> list[File]:
    """Files at the pupils' disposal."""
    context.reader.spend(1)
    session = context.reader.session
    return classwork.resource_files(session, await resources.read_resources(session, pupil))
