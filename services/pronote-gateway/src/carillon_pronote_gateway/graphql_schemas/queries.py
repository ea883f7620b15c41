"""`Query` for each kind of account, as in pronote-api, and the queries that it lacks."""

from datetime import datetime
from typing import Annotated

import strawberry
from carillon_pronote import AccountKind
from carillon_pronote.pages import user as user_page

from carillon_pronote_gateway.graphql_schemas import page_fields
from carillon_pronote_gateway.graphql_schemas.context import Info, RequestContext
from carillon_pronote_gateway.graphql_schemas.fields_of_any_account import AnyAccountQuery
from carillon_pronote_gateway.graphql_types.attendance import Absences
from carillon_pronote_gateway.graphql_types.classwork import File, Homework, LessonContent
from carillon_pronote_gateway.graphql_types.classwork import Info as PronoteInfo
from carillon_pronote_gateway.graphql_types.marks import EvaluationSubject, Marks
from carillon_pronote_gateway.graphql_types.menus import MenuDay
from carillon_pronote_gateway.graphql_types.timetable import Lesson
from carillon_pronote_gateway.graphql_types.user import ParentUser, StaffUser, StudentUser
from carillon_pronote_gateway.translations import user as user_words

From = Annotated[datetime | None, strawberry.argument(name="from")]
To = datetime | None


def _account(context: RequestContext) -> user_page.User:
    return user_page.read_user(context.reader.session)


@strawberry.type(name="Query")
class StudentQuery(AnyAccountQuery):
    """A pupil's own pages."""

    @strawberry.field
    def user(self, info: Info) -> StudentUser:
        """The account."""
        return user_words.pupil_user(info.context.reader.session, _account(info.context))

    @strawberry.field
    async def timetable(self, info: Info, from_: From = None, to: To = None) -> list[Lesson] | None:
        """Lessons, by default those of the next day."""
        return await page_fields.timetable(info.context, None, from_, to)

    @strawberry.field
    async def marks(self, info: Info, period: str | None = None) -> Marks | None:
        """Marks, by default those of the current trimester."""
        return await page_fields.marks(info.context, None, period)

    @strawberry.field
    async def evaluations(self, info: Info, period: str | None = None) -> list[EvaluationSubject] | None:
        """Evaluations, by default those of the current trimester."""
        return await page_fields.evaluations(info.context, None, period)

    @strawberry.field
    async def absences(
        self, info: Info, period: str | None = None, from_: From = None, to: To = None
    ) -> Absences | None:
        """Absences, delays, punishments and other events."""
        return await page_fields.absences(info.context, None, period, from_, to)

    @strawberry.field
    async def infos(self, info: Info) -> list[PronoteInfo | None] | None:
        """Information and surveys."""
        found = await page_fields.infos(info.context, None)
        return None if found is None else list(found)

    @strawberry.field
    async def contents(self, info: Info, from_: From = None, to: To = None) -> list[LessonContent] | None:
        """What was done in lessons."""
        return await page_fields.contents(info.context, None, from_, to)

    @strawberry.field
    async def homeworks(self, info: Info, from_: From = None, to: To = None) -> list[Homework] | None:
        """Homework."""
        return await page_fields.homeworks(info.context, None, from_, to)

    @strawberry.field
    async def menu(self, info: Info, from_: From = None, to: To = None) -> list[MenuDay] | None:
        """Menus."""
        return await page_fields.menu(info.context, None, from_, to)

    @strawberry.field
    async def files(self, info: Info) -> list[File] | None:
        """Files at the pupils' disposal."""
        return await page_fields.files(info.context, None)


@strawberry.type(name="Query")
class ParentQuery(AnyAccountQuery):
    """A parent's pages: `student` is a child's name or number."""

    @strawberry.field
    def user(self, info: Info) -> ParentUser:
        """The account."""
        return user_words.parent_user(info.context.reader.session, _account(info.context))

    @strawberry.field
    async def timetable(self, info: Info, student: str, from_: From = None, to: To = None) -> list[Lesson] | None:
        """Lessons, by default those of the next day."""
        return await page_fields.timetable(info.context, info.context.pupil(student), from_, to)

    @strawberry.field
    async def marks(self, info: Info, student: str, period: str | None = None) -> Marks | None:
        """Marks, by default those of the current trimester."""
        return await page_fields.marks(info.context, info.context.pupil(student), period)

    @strawberry.field
    async def evaluations(self, info: Info, student: str, period: str | None = None) -> list[EvaluationSubject] | None:
        """Evaluations, by default those of the current trimester."""
        return await page_fields.evaluations(info.context, info.context.pupil(student), period)

    @strawberry.field
    async def absences(
        self, info: Info, student: str, period: str | None = None, from_: From = None, to: To = None
    ) -> Absences | None:
        """Absences, delays, punishments and other events."""
        return await page_fields.absences(info.context, info.context.pupil(student), period, from_, to)

    @strawberry.field
    async def infos(self, info: Info, student: str) -> list[PronoteInfo] | None:
        """Information and surveys."""
        return await page_fields.infos(info.context, info.context.pupil(student))

    @strawberry.field
    async def contents(self, info: Info, student: str, from_: From = None, to: To = None) -> list[LessonContent] | None:
        """What was done in lessons."""
        return await page_fields.contents(info.context, info.context.pupil(student), from_, to)

    @strawberry.field
    async def homeworks(self, info: Info, student: str, from_: From = None, to: To = None) -> list[Homework] | None:
        """Homework."""
        return await page_fields.homeworks(info.context, info.context.pupil(student), from_, to)

    @strawberry.field
    async def menu(self, info: Info, student: str, from_: From = None, to: To = None) -> list[MenuDay] | None:
        """Menus."""
        return await page_fields.menu(info.context, info.context.pupil(student), from_, to)

    @strawberry.field
    async def files(self, info: Info, student: str) -> list[File] | None:
        """Files at the pupils' disposal."""
        return await page_fields.files(info.context, info.context.pupil(student))


@strawberry.type(name="Query")
class StaffQuery(AnyAccountQuery):
    """Pages of teachers and other staff."""

    @strawberry.field
    def user(self, info: Info) -> StaffUser:
        """The account."""
        return user_words.staff_user(info.context.reader.session, _account(info.context))

    @strawberry.field
    async def timetable(self, info: Info, from_: From = None, to: To = None) -> list[Lesson] | None:
        """One's own lessons, by default those of the next day."""
        return await page_fields.timetable(info.context, None, from_, to)

    @strawberry.field
    async def infos(self, info: Info) -> list[PronoteInfo] | None:
        """Information and surveys."""
        return await page_fields.infos(info.context, None)


QUERIES: dict[AccountKind, type] = {AccountKind.PUPIL: StudentQuery, AccountKind.PARENT: ParentQuery}
"""Which accounts have pages of their own; all others have `StaffQuery`."""
