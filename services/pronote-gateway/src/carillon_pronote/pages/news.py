"""News and surveys: ``PageActualites`` and ``SaisieActualites``, tab 8."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any
from zoneinfo import ZoneInfo

from carillon_pronote.pages.attachments import Attachment, decode_attachments
from carillon_pronote.reading import (
    Json,
    Reference,
    decoder,
    domain,
    entry,
    flag,
    integer,
    items,
    local_moment,
    named,
    number,
    text,
)
from carillon_pronote.school_year import Pupil
from carillon_pronote.session import Session
from carillon_pronote.values import ValueKind, encode

TAB = 8
_MODIFY = 2


class QuestionKind(IntEnum):
    """What a question asks for."""

    INFORMATION = 0
    TEXT = 1
    SINGLE_CHOICE = 2
    MULTIPLE_CHOICE = 3
    NO_ANSWER = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a question's choices; ``free`` ones take the person's own words."""

    text: str
    rank: int
    free: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered so far: ranks of choices, or free text."""

    id: str
    given: bool
    expected: bool
    choices: tuple[int, ...]
    words: str
    free_words: str


@dataclass(frozen=True, slots=True)
class Question:
    """One part of a news item; an information has one whose ``html`` is its text."""

    id: str
    name: str
    title: str
    rank: int
    kind: int
    html: str
    attachments: tuple[Attachment, ...]
    choices: tuple[Choice, ...]
    longest: int
    most_choices: int
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A piece of information or a survey.

    Attributes:
        audience: whom it is shown to (``public``); sent back when it is marked read.
        questions: empty in lists of 2026.2.4 and later until ``read_detail`` fetches them.
    """

    id: str
    title: str
    author: str
    category: str
    audience: Reference | None
    audience_kind: int | None
    created: datetime | None
    start: datetime | None
    end: datetime | None
    read: bool
    is_information: bool
    is_survey: bool
    anonymous: bool
    own: bool
    questions: tuple[Question, ...]


async def fetch(session: Session, pupil: Pupil | str | None = None) -> Json:
    """Return the raw news received."""
    data = {"modesAffActus": encode(ValueKind.NUMBER_SET, (0,)), "estAuteur": False}
    return await session.request("PageActualites", data, TAB, pupil)


async def fetch_detail(session: Session, item: NewsItem, pupil: Pupil | str | None = None) -> Json:
    """Return the raw questions of one item (2026.2.4 and later)."""
    data = {"actualite": _addressed(item), "genreRequeteActualite": 1, "modeAffActu": 0}
    return await session.request("PageActualites", data, TAB, pupil)


async def read_news(session: Session, pupil: Pupil | str | None = None) -> tuple[NewsItem, ...]:
    """Read the news received, questions included where Pronote sends them with the list."""
    return decode(await fetch(session, pupil), session.timezone)


async def read_questions(session: Session, item: NewsItem, pupil: Pupil | str | None = None) -> tuple[Question, ...]:
    """Return an item's questions, asking Pronote for them when the list did not hold them."""
    return item.questions or decode_detail(await fetch_detail(session, item, pupil))


async def mark_read(session: Session, item: NewsItem, *, read: bool = True, pupil: Pupil | str | None = None) -> None:
    """Mark an item as read, or unread."""
    await _save(session, item, {"lue": read, "marqueLueSeulement": True}, pupil)


async def acknowledge(session: Session, item: NewsItem, pupil: Pupil | str | None = None) -> None:
    """Confirm that an information was taken note of."""
    questions = await read_questions(session, item, pupil)
    await _answer(session, item, [_given(question, "") for question in questions], pupil)


async def answer(
    session: Session,
    item: NewsItem,
    answers: dict[str, str | tuple[int, ...]],
    *,
    free_words: dict[str, str] | None = None,
    pupil: Pupil | str | None = None,
) -> None:
    """Answer a survey.

    ``answers`` has, for each question's number, a text or the ranks of its chosen choices; ``free_words`` the
    person's own words for questions with a free choice.
    """
    given = [
        _given(question, answers[question.id], (free_words or {}).get(question.id, ""))
        for question in await read_questions(session, item, pupil)
        if question.id in answers
    ]
    await _answer(session, item, given, pupil)


async def delete(session: Session, item: NewsItem, pupil: Pupil | str | None = None) -> None:
    """Take an item off the person's list."""
    await _save(session, item, {"supprimee": True}, pupil)


async def _answer(session: Session, item: NewsItem, given: list[Json], pupil: Pupil | str | None) -> None:
    await _save(session, item, {"E": _MODIFY, "lue": True, "listeQuestions": given}, pupil)


async def _save(session: Session, item: NewsItem, change: Json, pupil: Pupil | str | None) -> None:
    saved = {
        **_addressed(item),
        "L": item.title,
        "validationDirecte": True,
        "lue": item.read,
        "marqueLueSeulement": False,
        "supprimee": False,
        "saisieActualite": False,
        "listeQuestions": [],
        **change,
    }
    data = {"genreSaisie": 0, "listeActualites": [saved], "saisieActualite": False}
    await session.request("SaisieActualites", data, TAB, pupil)


def _addressed(item: NewsItem) -> Json:
    audience = item.audience
    kind = item.audience_kind if item.audience_kind is not None else (audience.kind if audience else None)
    addressed: Json = {"N": item.id, "genrePublic": kind}
    if audience is not None:
        addressed["public"] = {"N": audience.id, "G": audience.kind if audience.kind is not None else kind}
    return addressed


def _given(question: Question, value: str | tuple[int, ...], free_words: str = "") -> Json:
    before = question.answer
    reply: Json = {
        "N": before.id if before else "0",
        "Actif": True,
        "E": _MODIFY,
        "avecReponse": True,
        "estReponseAttendue": before.expected if before else True,
        "valeurReponse": value if isinstance(value, str) else encode(ValueKind.DOMAIN, value),
        "_validationSaisie": True,
    }
    if free_words:
        reply["valeurReponseLibre"] = free_words
    return {"N": question.id, "L": question.name, "E": _MODIFY, "genreReponse": question.kind, "reponse": reply}


@decoder("PageActualites")
def decode(raw: Json, timezone: ZoneInfo) -> tuple[NewsItem, ...]:
    """Read the list's ``data``: the items of every mode it holds."""
    return tuple(
        _item(item, timezone) for mode in items(raw, "listeModesAff") for item in items(mode, "listeActualites")
    )


@decoder("PageActualites")
def decode_detail(raw: Json) -> tuple[Question, ...]:
    """Read the questions of a detail's ``data``."""
    return tuple(_question(question) for question in items(entry(raw, "detailsActualite"), "listeQuestions"))


def _item(item: Json, timezone: ZoneInfo) -> NewsItem:
    category = entry(item, "categorie") or entry(item, "nature")
    return NewsItem(
        id=text(item, "N"),
        title=text(item, "L"),
        author=text(item, "auteur") or text(entry(item, "elmauteur"), "L"),
        category=text(category, "L"),
        audience=named(item, "public"),
        audience_kind=integer(item, "genrePublic"),
        created=local_moment(item, "dateCreation", timezone),
        start=local_moment(item, "dateDebut", timezone),
        end=local_moment(item, "dateFin", timezone),
        read=flag(item, "lue"),
        is_information=flag(item, "estInformation"),
        is_survey=flag(item, "estSondage"),
        anonymous=flag(item, "reponseAnonyme"),
        own=flag(item, "estAuteur"),
        questions=tuple(_question(question) for question in items(item, "listeQuestions")),
    )


def _question(item: Json) -> Question:
    reply = entry(item, "reponse")
    most = integer(item, "nombreReponsesMax") or number(item, "nombreReponseMax")
    return Question(
        id=text(item, "N"),
        name=text(item, "L"),
        title=text(item, "titre"),
        rank=number(item, "rang"),
        kind=number(item, "genreReponse"),
        html=text(item, "texte"),
        attachments=decode_attachments(item, "listePiecesJointes"),
        choices=tuple(_choice(choice) for choice in items(item, "listeChoix")),
        longest=number(item, "tailleReponse"),
        most_choices=most if flag(item, "avecMaximum") else 0,
        answer=_decode_answer(reply) if reply else None,
    )


def _choice(item: Json) -> Choice:
    return Choice(text(item, "L"), number(item, "rang"), flag(item, "estReponseLibre"))


def _decode_answer(reply: Json) -> Answer:
    value: Any = reply.get("valeurReponse")
    chosen = isinstance(value, dict) or (isinstance(value, str) and value.startswith("["))
    return Answer(
        id=text(reply, "N"),
        given=flag(reply, "avecReponse"),
        expected=flag(reply, "estReponseAttendue"),
        choices=domain(reply, "valeurReponse") if chosen else (),
        words="" if chosen else text(reply, "valeurReponse"),
        free_words=text(reply, "valeurReponseLibre"),
    )
