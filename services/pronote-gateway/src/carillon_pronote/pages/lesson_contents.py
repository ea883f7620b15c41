"""What was done in lessons: ``PageCahierDeTexte`` tab 89 and ``donneesContenusCDT``."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from carillon_pronote.pages.attachments import Attachment, decode_attachments
from carillon_pronote.pages.homework import Homework, decode_homework
from carillon_pronote.reading import (
    Json,
    Reference,
    decoder,
    entry,
    integer,
    items,
    local_moment,
    named,
    names,
    references,
    required,
    text,
)
from carillon_pronote.school_year import Pupil
from carillon_pronote.session import Session
from carillon_pronote.values import ValueKind, encode

TAB = 89


@dataclass(frozen=True, slots=True)
class Content:
    """One part of what was done. ``category.kind``: 1 lesson, 2 correction, 3 test, 4 oral, 5 exercises."""

    id: str
    title: str
    html: str
    category: Reference | None
    educational_path: int | None
    attachments: tuple[Attachment, ...]
    themes: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class LessonContent:
    """A lesson's entry in the class diary; ``lesson`` is the timetable entry's number, ``homework_due`` may be None."""

    id: str
    lesson: str
    subject: Reference | None
    colour: str
    teachers: tuple[str, ...]
    groups: tuple[Reference, ...]
    start: datetime
    end: datetime | None
    homework_due: datetime | None
    contents: tuple[Content, ...]
    programme: tuple[Reference, ...]


async def fetch_weeks(session: Session, weeks: range, pupil: Pupil | str | None = None) -> Json:
    """Return the raw contents of a range of school weeks."""
    return await session.request("PageCahierDeTexte", {"domaine": encode(ValueKind.DOMAIN, weeks)}, TAB, pupil)


async def fetch_entry(
    session: Session, diary_id: str, *, homework: bool = False, pupil: Pupil | str | None = None
) -> Json:
    """Return one raw diary entry by its number, or its homework."""
    data: Json = {"cahierDeTextes": {"N": diary_id}}
    if homework:
        data["pourTAF"] = True
    return await session.request("donneesContenusCDT", data, TAB, pupil)


async def read_contents(
    session: Session, first: datetime, last: datetime, pupil: Pupil | str | None = None
) -> tuple[LessonContent, ...]:
    """Read the contents of lessons that begin from ``first`` to ``last`` (aware, both included)."""
    first, last = first.astimezone(session.timezone), last.astimezone(session.timezone)
    weeks = session.year.weeks(first.date(), last.date())
    if not weeks:
        return ()
    found = decode(await fetch_weeks(session, weeks, pupil), session.timezone)
    return tuple(sorted((one for one in found if first <= one.start <= last), key=lambda one: one.start))


async def read_entry(session: Session, diary_id: str, pupil: Pupil | str | None = None) -> LessonContent | None:
    """Read one diary entry by its number (``Lesson.diary``), None when it is not there any more."""
    found = decode(await fetch_entry(session, diary_id, pupil=pupil), session.timezone)
    return found[0] if found else None


async def read_entry_homework(
    session: Session, diary_id: str, pupil: Pupil | str | None = None
) -> tuple[Homework, ...]:
    """Read the homework given with one diary entry."""
    return decode_entry_homework(await fetch_entry(session, diary_id, homework=True, pupil=pupil))


@decoder("donneesContenusCDT")
def decode_entry_homework(raw: Json) -> tuple[Homework, ...]:
    """Read the homework of the entries in ``data``."""
    entries = items(raw, "ListeCahierDeTextes")
    return tuple(decode_homework(item) for one in entries for item in items(one, "ListeTravailAFaire"))


@decoder("PageCahierDeTexte")
def decode(raw: Json, timezone: ZoneInfo) -> tuple[LessonContent, ...]:
    """Read the page's ``data``."""
    return tuple(_lesson_content(item, timezone) for item in items(raw, "ListeCahierDeTextes"))


def _lesson_content(item: Json, timezone: ZoneInfo) -> LessonContent:
    return LessonContent(
        id=text(item, "N"),
        lesson=text(entry(item, "cours"), "N"),
        subject=named(item, "Matiere"),
        colour=text(item, "CouleurFond"),
        teachers=names(item, "listeProfesseurs"),
        groups=references(item, "listeGroupes"),
        start=required(local_moment(item, "Date", timezone), "Date"),
        end=local_moment(item, "DateFin", timezone),
        homework_due=local_moment(item, "dateTAF", timezone),
        contents=tuple(_content(content) for content in items(item, "listeContenus")),
        programme=references(item, "listeElementsProgrammeCDT"),
    )


def _content(item: Json) -> Content:
    return Content(
        id=text(item, "N"),
        title=text(item, "L"),
        html=text(item, "descriptif"),
        category=named(item, "categorie"),
        educational_path=integer(item, "parcoursEducatif"),
        attachments=decode_attachments(item, "ListePieceJointe"),
        themes=references(item, "ListeThemes"),
    )
