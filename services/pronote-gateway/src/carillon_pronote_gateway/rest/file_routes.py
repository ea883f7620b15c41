"""Files, streamed through with their name and type, so that nobody needs the school's signed addresses."""

import mimetypes
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Annotated
from urllib.parse import quote

from carillon_pronote.pages import attachments
from carillon_pronote.pages.attachments import ArrivingFile
from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from carillon_pronote_gateway.rest.parameters import AskedPupil, Reading
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS

router = APIRouter(prefix="/pronote/v1", tags=["files"], responses=PROBLEMS)
_PHOTO = "photo.jpg"


async def until_sent() -> AsyncIterator[AsyncExitStack]:
    """What is entered here is left when the answer has been sent, or nobody wants it any longer."""
    async with AsyncExitStack() as stack:
        yield stack


UntilSent = Annotated[AsyncExitStack, Depends(until_sent, scope="request")]


@router.get("/files/{file_id}", response_class=Response)
async def download(
    reading: Reading,
    until_sent: UntilSent,
    file_id: str,
    name: Annotated[str, Query(min_length=1, max_length=300, description="As its list names it.")],
    role: Annotated[str, Query(max_length=40, description="Of a mark's file: DevoirSujet or DevoirCorrige.")] = "",
) -> Response:
    """A file of homework, lessons, information, discussions or marks, by the id and name that its list gave."""
    reading.spend(1)
    wanted = attachments.Attachment(file_id, name, attachments.FILE, role=role)
    url = attachments.file_address(reading.session, wanted)
    return _file(name, await until_sent.enter_async_context(attachments.opened(reading.session, url)))


@router.get("/photo", response_class=Response)
async def photo(reading: Reading, until_sent: UntilSent, pupil: AskedPupil) -> Response:
    """The pupil's photo, where the school shows it."""
    reading.spend(1)
    url = attachments.photo_address(reading.session, (pupil or reading.session.pupil()).id)
    return _file(_PHOTO, await until_sent.enter_async_context(attachments.opened(reading.session, url)))


def _file(name: str, file: ArrivingFile) -> Response:
    """Never shown as a page of ours, whatever it holds."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "private, no-store",
    }
    if file.length is not None:
        headers["Content-Length"] = str(file.length)
    return StreamingResponse(file.chunks, media_type=kind, headers=headers)
