"""Writes. Numbers are those of the session that read them."""

from typing import Annotated

from carillon_pronote.pages import discussions, homework, news
from fastapi import APIRouter, UploadFile
from pydantic import BaseModel, Field

from carillon_pronote_gateway.reading import NoSuchItemError
from carillon_pronote_gateway.rest.parameters import AskedPupil, Reading
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS

router = APIRouter(prefix="/pronote/v1", tags=["writes"], responses=PROBLEMS)


class Done(BaseModel):
    """Whether it is done."""

    done: bool = True


class Read(BaseModel):
    """Whether it is read."""

    read: bool = True


class Words(BaseModel):
    """A message."""

    message: str = Field(min_length=1, max_length=50_000)


class NewDiscussion(Words):
    """A thread to begin."""

    subject: str = Field(min_length=1, max_length=500)
    recipients: list[str] = Field(min_length=1, max_length=50, description="Ids of GET /pronote/v1/recipients.")


class PollAnswer(BaseModel):
    """An answer to one question: a text, or the ranks of choices."""

    question: str
    text: str | None = None
    choices: list[int] = Field(default_factory=list)
    free_text: str | None = None


@router.put("/homework/{homework_id}/done", status_code=204)
async def mark_homework(reading: Reading, homework_id: str, body: Done) -> None:
    """Tick a piece of homework off, or not."""
    reading.spend(1)
    await homework.mark_done(reading.session, homework_id, done=body.done)


@router.put("/homework/{homework_id}/file", status_code=204)
async def hand_in(reading: Reading, homework_id: str, file: UploadFile) -> None:
    """Upload a file for a piece of homework."""
    reading.spend(2)
    await homework.hand_in(reading.session, homework_id, file.filename or "fichier", await file.read())


@router.delete("/homework/{homework_id}/file", status_code=204)
async def withdraw(reading: Reading, homework_id: str) -> None:
    """Take an uploaded file back."""
    reading.spend(1)
    await homework.withdraw(reading.session, homework_id)


@router.put("/news/{news_id}/read", status_code=204)
async def mark_news(reading: Reading, news_id: str, body: Read, pupil: AskedPupil) -> None:
    """Mark a piece of information as read, or unread."""
    reading.spend(1)
    await news.mark_read(reading.session, await reading.news_item(news_id, pupil), read=body.read, pupil=pupil)


@router.post("/news/{news_id}/answers", status_code=204)
async def answer_poll(
    reading: Reading, news_id: str, body: Annotated[list[PollAnswer], Field(min_length=1)], pupil: AskedPupil
) -> None:
    """Answer questions of a survey."""
    reading.spend(2)
    answers: dict[str, str | tuple[int, ...]] = {
        one.question: one.text if one.text is not None else tuple(one.choices) for one in body
    }
    free = {one.question: one.free_text for one in body if one.free_text}
    item = await reading.news_item(news_id, pupil)
    await news.answer(reading.session, item, answers, free_words=free, pupil=pupil)


@router.put("/discussions/{discussion_id}/read", status_code=204)
async def mark_discussion(reading: Reading, discussion_id: str, body: Read, pupil: AskedPupil) -> None:
    """Mark a thread as read, or unread."""
    reading.spend(1)
    found = await reading.discussion(discussion_id, pupil)
    await discussions.mark(reading.session, found, read=body.read, pupil=pupil)


@router.post("/discussions/{discussion_id}/replies", status_code=204)
async def reply(reading: Reading, discussion_id: str, body: Words, pupil: AskedPupil) -> None:
    """Answer in a thread."""
    reading.spend(2)
    await discussions.reply(reading.session, await reading.discussion(discussion_id, pupil), body.message, pupil)


@router.post("/discussions", status_code=204)
async def new_discussion(reading: Reading, body: NewDiscussion, pupil: AskedPupil) -> None:
    """Begin a thread."""
    known = {one.id: one for one in await reading.recipients(pupil)}
    if any(one not in known for one in body.recipients):
        raise NoSuchItemError("recipient")
    reading.spend(1)
    chosen = [known[one] for one in body.recipients]
    await discussions.create(reading.session, body.subject, body.message, chosen, pupil)
