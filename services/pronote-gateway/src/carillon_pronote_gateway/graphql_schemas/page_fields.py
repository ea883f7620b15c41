"""The fields that pupils and parents share, which differ only in whom they are asked about."""

from datetime import datetime

from carillon_pronote import Pupil
from carillon_pronote.pages import parameters, resources
from carillon_pronote.pages import timetable as client_timetable

from carillon_pronote_gateway.graphql_schemas.context import RequestContext, unless_hidden
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


async def timetable(context: RequestContext, pupil: Pupil | None, first: Moment, last: Moment) -> list[Lesson] | None:
    """Lessons; those of a week without any are marked as cancelled."""
    begin, end = span(first, last, context.now)

    async def read() -> list[Lesson]:
        reader = context.reader
        held = await reader.held_weeks(pupil)
        shown: list[Lesson] = []
        week_of = reader.session.year.week_of
        by_week: dict[int, list[client_timetable.Lesson]] = {}
        for one in await reader.lessons(begin, end, pupil):
            by_week.setdefault(week_of(one.start.date()), []).append(one)
        for week, found in by_week.items():
            shown += timetable_words.lessons(found, held=week in held)
        return shown

    return await unless_hidden(read())


async def marks(context: RequestContext, pupil: Pupil | None, period: str | None) -> Marks | None:
    """A period's marks."""

    async def read() -> Marks:
        return mark_words.marks(await context.reader.marks(period, pupil), context.reader.session.timezone)

    return await unless_hidden(read())


async def evaluations(
    context: RequestContext, pupil: Pupil | None, period: str | None
) -> list[EvaluationSubject] | None:
    """A period's evaluations."""

    async def read() -> list[EvaluationSubject]:
        found = await context.reader.evaluations(period, pupil)
        return mark_words.evaluations(found, context.reader.session.timezone)

    return await unless_hidden(read())


async def absences(
    context: RequestContext, pupil: Pupil | None, period: str | None, first: Moment, last: Moment
) -> Absences | None:
    """A period's events."""

    async def read() -> Absences:
        found = await context.reader.attendance(period, first, last, pupil)
        session = context.reader.session
        return attendance_words.absences(found, parameters.read_parameters(session).grid, session.timezone)

    return await unless_hidden(read())


async def infos(context: RequestContext, pupil: Pupil | None) -> list[Info] | None:
    """Information and surveys."""

    async def read() -> list[Info]:
        return classwork.infos(context.reader.session, await context.reader.news(pupil))

    return await unless_hidden(read())


async def contents(
    context: RequestContext, pupil: Pupil | None, first: Moment, last: Moment
) -> list[LessonContent] | None:
    """What was done in lessons."""
    begin, end = span(first, last, context.now)

    async def read() -> list[LessonContent]:
        found = await context.reader.contents(begin, end, pupil)
        return classwork.contents(context.reader.session, found, begin, end)

    return await unless_hidden(read())


async def homeworks(context: RequestContext, pupil: Pupil | None, first: Moment, last: Moment) -> list[Homework] | None:
    """Homework."""
    begin, end = span(first, last, context.now)

    async def read() -> list[Homework]:
        session = context.reader.session
        found = await context.reader.homework(begin, end, pupil)
        return classwork.homeworks(session, classwork.of_days(found, begin, end, session.timezone))

    return await unless_hidden(read())


async def menu(context: RequestContext, pupil: Pupil | None, first: Moment, last: Moment) -> list[MenuDay] | None:
    """Menus."""
    begin, end = span(first, last, context.now)

    async def read() -> list[MenuDay]:
        return menus.menus(await context.reader.menus(begin, end, pupil), begin, end, context.reader.session.timezone)

    return await unless_hidden(read())


async def files(context: RequestContext, pupil: Pupil | None) -> list[File] | None:
    """Files at the pupils' disposal."""

    async def read() -> list[File]:
        context.reader.spend(1)
        session = context.reader.session
        return classwork.resource_files(session, await resources.read_resources(session, pupil))

    return await unless_hidden(read())
