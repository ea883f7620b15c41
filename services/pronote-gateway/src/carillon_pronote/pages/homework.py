"""Homework: ``PageCahierDeTexte`` tab 88, ticking it off, handing files in."""

import secrets
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from carillon_pronote.errors import UploadRefusedError
from carillon_pronote.pages.attachments import Attachment, decode_attachment, decode_attachments
from carillon_pronote.reading import (
    Json,
    Reference,
    day,
    decoder,
    entry,
    flag,
    integer,
    items,
    named,
    number,
    references,
    required,
    text,
)
from carillon_pronote.school_year import Pupil
from carillon_pronote.session import Session
from carillon_pronote.values import ValueKind, encode

TAB = 88
UPLOAD_FUNCTION = "SaisieTAFARendreEleve"
_NEW_FILE = -1001
_CREATE, _MODIFY, _DELETE = 1, 2, 3
_STILL_UPLOADING, _REFUSED = 3, (0, 2)
MOST_UPLOAD_ROUNDS = 20


class HandIn(IntEnum):
    """How a piece of homework is handed in."""

    NONE = 0
    PAPER = 1
    UPLOAD = 2
    KIOSK = 3
    RECORDING = 4


@dataclass(frozen=True, slots=True)
class Homework:
    """A piece of homework.

    Attributes:
        html: the text as the teacher formatted it; never trusted, clean it before showing.
        due, given: days; ``given`` is None where Pronote does not tell.
        difficulty: 0 (not said) to 3; ``minutes``: expected duration, None when not said.
        diary: number of the lesson's content entry it was given in.
        handed_in: the file uploaded so far.
    """

    id: str
    html: str
    subject: Reference | None
    due: date
    given: date | None
    done: bool
    colour: str
    attachments: tuple[Attachment, ...]
    difficulty: int
    minutes: int | None
    diary: str
    lesson: str
    themes: tuple[Reference, ...]
    hand_in: HandIn
    may_upload: bool
    handed_in: Attachment | None


async def fetch_weeks(session: Session, weeks: range, pupil: Pupil | str | None = None) -> Json:
    """Return the raw homework of a range of school weeks."""
    return await session.request("PageCahierDeTexte", {"domaine": encode(ValueKind.DOMAIN, weeks)}, TAB, pupil)


async def read_homework(
    session: Session, first: date, last: date, pupil: Pupil | str | None = None
) -> tuple[Homework, ...]:
    """Read the homework due from ``first`` to ``last``, both included, by day."""
    weeks = session.year.weeks(first, last)
    if not weeks:
        return ()
    found = decode(await fetch_weeks(session, weeks, pupil))
    return tuple(sorted((one for one in found if first <= one.due <= last), key=lambda one: one.due))


@decoder("PageCahierDeTexte")
def decode(raw: Json) -> tuple[Homework, ...]:
    """Read the page's ``data``."""
    return tuple(decode_homework(item) for item in items(raw, "ListeTravauxAFaire"))


def decode_homework(item: Json) -> Homework:
    """Read one ``ListeTravauxAFaire`` entry."""
    kind = integer(item, "genreRendu")
    uploaded = entry(item, "documentRendu")
    return Homework(
        id=text(item, "N"),
        html=text(item, "descriptif"),
        subject=named(item, "Matiere"),
        due=required(day(item, "PourLe"), "PourLe"),
        given=day(item, "DonneLe"),
        done=flag(item, "TAFFait"),
        colour=text(item, "CouleurFond"),
        attachments=decode_attachments(item, "ListePieceJointe"),
        difficulty=number(item, "niveauDifficulte"),
        minutes=integer(item, "duree"),
        diary=text(entry(item, "cahierDeTextes"), "N"),
        lesson=text(entry(item, "cours"), "N"),
        themes=references(item, "ListeThemes"),
        hand_in=HandIn(kind) if kind in set(HandIn) else HandIn.NONE,
        may_upload=flag(item, "peuRendre"),
        handed_in=decode_attachment(uploaded) if uploaded else None,
    )


async def mark_done(session: Session, homework_id: str, *, done: bool = True) -> None:
    """Tick homework off (pupils only); the number is one of this session."""
    data = {"listeTAF": [{"N": homework_id, "E": _MODIFY, "TAFFait": done}]}
    await session.request("SaisieTAFFaitEleve", data, TAB)


async def hand_in(session: Session, homework_id: str, name: str, content: bytes) -> None:
    """Upload a file for a piece of homework (pupils only).

    Raises:
        UploadRefusedError: larger than the account may upload, or refused.
    """
    largest = session.facts.largest_upload
    if largest and len(content) > largest:
        raise UploadRefusedError(f"{len(content)} bytes, {largest} are allowed")
    file_id = f"selecfile_1_{secrets.token_hex(6)}"
    for _ in range(MOST_UPLOAD_ROUNDS):
        state = (await session.channel.upload(UPLOAD_FUNCTION, file_id, name, content)).get("etat")
        if state != _STILL_UPLOADING:
            break
    if state in (*_REFUSED, _STILL_UPLOADING):
        raise UploadRefusedError(f"state {state}")
    file = {"E": _CREATE, "G": 1, "L": name, "N": _NEW_FILE, "idFichier": file_id, "TAF": {"N": homework_id}}
    await session.request(UPLOAD_FUNCTION, {"listeFichiers": [file]}, TAB)


async def withdraw(session: Session, homework_id: str) -> None:
    """Take the handed-in file back (pupils only)."""
    data = {"listeFichiers": [{"E": _DELETE, "TAF": {"N": homework_id}}]}
    await session.request(UPLOAD_FUNCTION, data, TAB)
