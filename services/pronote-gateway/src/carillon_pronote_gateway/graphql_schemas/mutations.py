"""`Mutation`: pronote-api's three, and the writes that it lacks. Numbers are those of this session."""

import base64
import binascii

import strawberry
from carillon_pronote.errors import PronoteError
from carillon_pronote.pages import discussions, homework, news

from carillon_pronote_gateway.graphql_schemas.context import Info
from carillon_pronote_gateway.reading import NoSuchItemError


class NotBase64Error(PronoteError):
    """A file's content is not readable."""

    code = 122
    french = "Le contenu du fichier n'est pas en base64."
    english = "The file's content is not base64."


@strawberry.type
class Mutation:
    """Each gives true when it was done."""

    @strawberry.mutation
    async def set_keep_alive(self, info: Info, enabled: bool) -> bool:
        """Let the gateway keep the session alive, or not; gives what was chosen."""
        await info.context.sessions.set_kept_alive(info.context.reader.held, wanted=enabled)
        return enabled

    @strawberry.mutation
    async def keep_alive(self, info: Info) -> bool:
        """Tell Pronote once that somebody is there."""
        info.context.reader.spend(1)
        await info.context.reader.session.keep_alive()
        return True

    @strawberry.mutation
    async def logout(self, info: Info) -> bool:
        """End the session, here and at Pronote."""
        info.context.ended = True
        return True

    @strawberry.mutation
    async def mark_homework(
        self, info: Info, homework_id: str, done: bool = True, student: str | None = None
    ) -> bool:  # fmt: skip
        """Tick a piece of homework off, or not."""
        info.context.pupil(student)
        info.context.reader.spend(1)
        await homework.mark_done(info.context.reader.session, homework_id, done=done)
        return True

    @strawberry.mutation
    async def hand_in_homework(self, info: Info, homework_id: str, name: str, content_base64: str) -> bool:
        """Upload a file for a piece of homework."""
        try:
            content = base64.b64decode(content_base64, validate=True)
        except (ValueError, binascii.Error):
            raise NotBase64Error from None
        info.context.reader.spend(2)
        await homework.hand_in(info.context.reader.session, homework_id, name, content)
        return True

    @strawberry.mutation
    async def withdraw_homework(self, info: Info, homework_id: str) -> bool:
        """Take an uploaded file back."""
        info.context.reader.spend(1)
        await homework.withdraw(info.context.reader.session, homework_id)
        return True

    @strawberry.mutation
    async def mark_as_read(
        self,
        info: Info,
        info_id: str | None = None,
        discussion_id: str | None = None,
        read: bool = True,
        student: str | None = None,
    ) -> bool:
        """Mark a piece of information or a discussion as read, or unread."""
        reader, pupil = info.context.reader, info.context.pupil(student)
        if (info_id is None) == (discussion_id is None):
            raise NoSuchItemError("either infoId or discussionId is needed")
        reader.spend(1)
        if info_id is not None:
            await news.mark_read(reader.session, await reader.news_item(info_id, pupil), read=read, pupil=pupil)
        elif discussion_id is not None:
            found = await reader.discussion(discussion_id, pupil)
            await discussions.mark(reader.session, found, read=read, pupil=pupil)
        return True

    @strawberry.mutation
    async def answer_poll(  # noqa: PLR0917 - GraphQL names its arguments
        self, info: Info, info_id: str, question_id: str, text: str | None = None, choices: list[int] | None = None,
        student: str | None = None,
    ) -> bool:  # fmt: skip
        """Answer a question of a survey, with a text or with the ranks of choices."""
        reader, pupil = info.context.reader, info.context.pupil(student)
        reader.spend(2)
        item = await reader.news_item(info_id, pupil)
        await news.answer(
            reader.session, item, {question_id: text if text is not None else tuple(choices or ())}, pupil=pupil
        )
        return True

    @strawberry.mutation
    async def reply(self, info: Info, discussion_id: str, message: str, student: str | None = None) -> bool:
        """Answer in a discussion."""
        reader, pupil = info.context.reader, info.context.pupil(student)
        reader.spend(2)
        await discussions.reply(reader.session, await reader.discussion(discussion_id, pupil), message, pupil)
        return True

    @strawberry.mutation
    async def new_discussion(
        self, info: Info, subject: str, message: str, recipients: list[str], student: str | None = None
    ) -> bool:
        """Begin a discussion with recipients, by their numbers."""
        reader, pupil = info.context.reader, info.context.pupil(student)
        known = {one.id: one for one in await reader.recipients(pupil)}
        missing = [one for one in recipients if one not in known]
        if missing or not recipients:
            raise NoSuchItemError("recipient")
        reader.spend(1)
        await discussions.create(reader.session, subject, message, [known[one] for one in recipients], pupil)
        return True
