"""What any account may ask for: the school, and what pronote-api lacks. A parent says which child with `student`."""

from datetime import datetime
from typing import Annotated

import strawberry
from carillon_pronote.errors import NotPublishedError
from carillon_pronote.pages import parameters, personal_information

from carillon_pronote_gateway.graphql_schemas.context import Info, null_where_hidden
from carillon_pronote_gateway.graphql_types.communication import Discussion, DiscussionMessage, Me, Recipient, Report
from carillon_pronote_gateway.graphql_types.parameters import PronoteParams
from carillon_pronote_gateway.graphql_types.timetable import LessonChange
from carillon_pronote_gateway.lesson_changes import changes
from carillon_pronote_gateway.translations import communication
from carillon_pronote_gateway.translations import parameters as parameter_words
from carillon_pronote_gateway.translations import timetable as timetable_words
from carillon_pronote_gateway.translations.moments import span


@strawberry.type
class AnyAccountQuery:
    """What is asked of any account."""

    @strawberry.field
    def me(self, info: Info) -> Me:
        """Who is signed in."""
        return Me(**vars(info.context.reader.me()))

    @strawberry.field
    @null_where_hidden
    async def timetable_changes(
        self,
        info: Info,
        student: str | None = None,
        first: Annotated[datetime | None, strawberry.argument(name="from")] = None,
        last: Annotated[datetime | None, strawberry.argument(name="to")] = None,
    ) -> list[LessonChange] | None:
        """Lessons that are cancelled, moved, replaced or otherwise changed; the old and the new one together."""
        begin, end = span(first, last, info.context.now)
        return [
            LessonChange(
                kind=one.kind,
                before=timetable_words.lesson(one.before) if one.before else None,
                after=timetable_words.lesson(one.after) if one.after else None,
            )
            for one in changes(await info.context.reader.lessons(begin, end, info.context.pupil(student)))
        ]

    @strawberry.field
    @null_where_hidden
    async def discussions(self, info: Info, student: str | None = None) -> list[Discussion] | None:
        """The threads."""
        found = await info.context.reader.discussions(info.context.pupil(student))
        return [communication.discussion(one) for one in found]

    @strawberry.field
    @null_where_hidden
    async def discussion(self, info: Info, id: str, student: str | None = None) -> list[DiscussionMessage] | None:  # noqa: A002
        """The messages of a thread."""
        found = await info.context.reader.thread(id, info.context.pupil(student))
        return [communication.message(one) for one in found.messages]

    @strawberry.field
    @null_where_hidden
    async def recipients(self, info: Info, student: str | None = None) -> list[Recipient] | None:
        """Whom the account may write to."""
        found = await info.context.reader.recipients(info.context.pupil(student))
        return [communication.recipient(one) for one in found]

    @strawberry.field
    @null_where_hidden
    async def report(self, info: Info, student: str | None = None, period: str | None = None) -> Report | None:
        """A period's report."""
        try:
            return communication.report(await info.context.reader.report(period, info.context.pupil(student)))
        except NotPublishedError as error:
            return Report(message=error.detail or error.french, comments=[], subjects=[])

    @strawberry.field
    @null_where_hidden
    async def i_cal_address(self, info: Info, student: str | None = None) -> str | None:
        """Pronote's own calendar address; it holds a secret. Null where the school offers none."""
        context = info.context
        context.reader.spend(2)
        try:
            return await personal_information.calendar_address(context.reader.session, context.pupil(student))
        except NotPublishedError:
            return None

    @strawberry.field
    def params(self, info: Info) -> PronoteParams:
        """The school and its site."""
        return parameter_words.params(parameters.read_parameters(info.context.reader.session))
