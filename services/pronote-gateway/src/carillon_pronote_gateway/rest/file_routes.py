"""Files, passed through with their name and type, so that nobody needs the school's signed addresses."""

import mimetypes
from typing import Annotated
from urllib.parse import quote

from carillon_pronote.pages import attachments
from fastapi import APIRouter, Query, Response

from carillon_pronote_gateway.rest.parameters import AskedPupil, Reading
from carillon_pronote_gateway.rest.problem_answers import PROBLEMS

router = APIRouter(prefix="/pronote/v1", tags=["files"], responses=PROBLEMS)
_PHOTO = "photo.jpg"


@router.get("/files/{file_id}", response_class=Response)
async def download(
    reading: Reading,
    file_id: str,
    name: Annotated[str, Query(min_length=1, max_length=300, description="As its list names it.")],
    role: Annotated[str, Query(max_length=40, description="Of a mark's file: DevoirSujet or DevoirCorrige.")] = "",
) -> Response:
    """A file of homework, lessons, information, discussions or marks, by the id and name that its list gave."""
    reading.spend(1)
    wanted = attachments.Attachment(file_id, name, attachments.FILE, role=role)
    return _file(name, await attachments.download(reading.session, wanted))


@router.get("/photo", response_class=Response)
async def photo(reading: Reading, pupil: AskedPupil) -> Response:
    """The pupil's photo, where the school shows it."""
    reading.spend(1)
    url = attachments.photo_address(reading.session, (pupil or reading.session.pupil()).id)
    return _file(_PHOTO, await attachments.fetch(reading.session, url))


def _file(name: str, content: bytes) -> Response:
    """Never shown as a page of ours, whatever it holds."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=kind, headers=headers)
