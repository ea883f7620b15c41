"""Files and links on pages: their signed addresses and their content (PROTOCOL.md §10)."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from carillon_pronote import crypto
from carillon_pronote.answers import check_error_object
from carillon_pronote.errors import PronoteError, ProtocolError
from carillon_pronote.http_answers import StreamedAnswer, check_status
from carillon_pronote.reading import integer, items, text
from carillon_pronote.session import Session

LINK, FILE = 0, 1
SUBJECT_FILE, CORRECTION_FILE = "DevoirSujet", "DevoirCorrige"
_ENCODE_URI_COMPONENT = "!'()*~"  # what JavaScript's encodeURIComponent leaves alone beside letters, digits and -_.


@dataclass(frozen=True, slots=True)
class ArrivingFile:
    """A file that is being fetched.

    Attributes:
        chunks: its content in order; reading them may still fail (``UnreachableError``, ``ProtocolError``).
        length: its bytes; None where the server does not tell.
    """

    chunks: AsyncIterator[bytes]
    length: int | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or link.

    Attributes:
        kind: ``LINK`` or ``FILE``.
        url: the link's own address; "" for files, whose address is signed by the session (``address``).
        role: what a mark's file is (``SUBJECT_FILE``, ``CORRECTION_FILE``); "" elsewhere.
    """

    id: str
    name: str
    kind: int
    url: str = ""
    role: str = ""


def decode_attachment(node: Mapping[str, Any]) -> Attachment:
    """Read one ``{G, L, N, url?}``."""
    kind = integer(node, "G")
    return Attachment(text(node, "N"), text(node, "L"), FILE if kind is None else kind, text(node, "url"))


def decode_attachments(node: Mapping[str, Any], name: str) -> tuple[Attachment, ...]:
    """Read a list of them."""
    return tuple(decode_attachment(item) for item in items(node, name))


def address(session: Session, attachment: Attachment) -> str:
    """Return where an attachment is to be had: for a file an address that is valid while this session lives."""
    if attachment.kind == LINK and attachment.url:
        return attachment.url
    if attachment.kind == LINK and attachment.name.startswith(("http://", "https://")):
        return attachment.name
    name = "link" if attachment.kind == LINK else attachment.name
    return _signed(session, attachment.id, name, attachment.role)


def photo_address(session: Session, pupil_id: str) -> str:
    """Return the address of a pupil's photo (offered where ``avecPhoto`` is set)."""
    return _signed(session, pupil_id, "photo.jpg", "")


def _signed(session: Session, object_id: str, name: str, role: str) -> str:
    state = session.channel.state
    entity: dict[str, Any] = {"N": object_id, "Actif": True}
    if role:
        entity["G"] = role
    reference = crypto.file_reference(entity, state.key, state.iv)
    return (
        f"{state.root}/FichiersExternes/{reference}/{quote(name, safe=_ENCODE_URI_COMPONENT)}?Session={state.session}"
    )


async def download(session: Session, attachment: Attachment) -> bytes:
    """Fetch a file's content whole, up to the client's ``largest_file``.

    Raises:
        ProtocolError: it is a link elsewhere, which is not followed; or larger than allowed.
        PronoteError: the server refuses it.
    """
    return await fetch(session, file_address(session, attachment))


def file_address(session: Session, attachment: Attachment) -> str:
    """Return the address of a file at the school's own Pronote.

    Raises:
        ProtocolError: it is a link elsewhere, which is not followed.
    """
    url = address(session, attachment)
    if not url.startswith(session.channel.state.root + "/"):
        raise ProtocolError("a link to another site, which is not fetched")
    return url


async def fetch(session: Session, url: str) -> bytes:
    """Fetch an address of the school's own Pronote whole.

    Raises:
        PronoteError: the server refuses it.
    """
    async with opened(session, url) as file:
        return b"".join([chunk async for chunk in file.chunks])


@asynccontextmanager
async def opened(session: Session, url: str) -> AsyncIterator[ArrivingFile]:
    """Begin to fetch an address of the school's own Pronote; the end of the block lets the connection go.

    It takes no order number. When the block begins, the first bytes are there.

    Raises:
        PronoteError: the server refuses it, or it is larger than the client's ``largest_file``.
    """
    http = session.channel.http
    async with http.stream(url, http.largest_file) as answer:
        check_status(answer)
        if answer.redirect:
            raise PronoteError("the file's address leads elsewhere")
        first = await anext(answer.chunks, b"")
        _check_content(answer, first)
        yield ArrivingFile(_joined(first, answer), answer.length)


async def _joined(first: bytes, answer: StreamedAnswer) -> AsyncIterator[bytes]:
    yield first
    async for chunk in answer.chunks:
        yield chunk


def _check_content(answer: StreamedAnswer, first: bytes) -> None:
    """Pronote says with HTTP 200 and an ``Erreur`` that the session has ended; such an answer is one small piece."""
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return
    try:
        content = json.loads(first)
    except (ValueError, RecursionError):
        return
    if isinstance(content, dict):
        check_error_object(content)
