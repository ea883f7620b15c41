"""Discussions: ``ListeMessagerie``, ``ListeMessages``, ``SaisieMessage``, tab 131."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from html import escape
from zoneinfo import ZoneInfo

from carillon_pronote.errors import AccessRefusedError, PronoteError
from carillon_pronote.pages.attachments import Attachment, decode_attachments
from carillon_pronote.pages.recipients import Recipient
from carillon_pronote.reading import (
    Json,
    Reference,
    decoder,
    entry,
    flag,
    integer,
    items,
    local_moment,
    names,
    number,
    references,
    text,
)
from carillon_pronote.school_year import Pupil
from carillon_pronote.session import Session
from carillon_pronote.values import ValueKind, encode

TAB = 131
NOTHING = "0"
_CREATE = 1
_MODIFY = 2
_NEW_DRAFT = -1001


class FolderKind(IntEnum):
    """Kinds of folders (Pronote's labels) that matter; others keep their number."""

    OWN = 0
    INBOX = 1
    ARCHIVE = 2
    SENT = 3
    DRAFT = 4
    BIN = 5


class SendAction(IntEnum):
    """What a send button does."""

    SEND = 0
    SEND_TO_ALL = 1
    REPLY_TO_ALL = 2
    CLOSE = 5


@dataclass(frozen=True, slots=True)
class Discussion:
    """A thread as the list shows it.

    Attributes:
        possessions: numbers that name the thread in requests.
        participants_of: number of the message that knows the participants; "" when Pronote gives none.
        date_label: Pronote's words ("vendredi 10h12", "20/11").
        folders: kinds of the folders it lies in.
    """

    possessions: tuple[str, ...]
    participants_of: str
    subject: str
    creator: str
    audience: str
    recipients: tuple[str, ...]
    messages: int
    unread: int
    read: bool
    date_label: str
    closed: bool
    folders: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message; ``html`` tells whether ``content`` is HTML (never trusted), ``reply_to`` is "" for the first."""

    id: str
    possession: str
    reply_to: str
    author: str
    author_hint: str
    recipient: str
    recipient_hint: str
    own: bool
    read: bool
    sent: datetime | None
    html: bool
    content: str
    attachments: tuple[Attachment, ...]
    audience_size: int


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread's messages and what an answer to it needs."""

    messages: tuple[Message, ...]
    reply_to: Json = field(default_factory=dict)
    buttons: tuple[Json, ...] = ()


async def fetch_discussions(session: Session, pupil: Pupil | str | None = None) -> Json:
    """Return the raw list."""
    data = {"avecLu": True, "avecMessage": True, "possessionMessageDiscussionUnique": None}
    return await session.request("ListeMessagerie", data, TAB, pupil)


async def fetch_messages(
    session: Session, discussion: Discussion, *, mark_read: bool = False, pupil: Pupil | str | None = None
) -> Json:
    """Return a thread's raw messages."""
    data: Json = {
        "listePossessionsMessages": _possessions(discussion),
        "marquerCommeLu": mark_read,
        "nbMessagesVus": 0,
        "estNonPossede": False,
    }
    return await session.request("ListeMessages", data, TAB, pupil)


async def read_discussions(session: Session, pupil: Pupil | str | None = None) -> tuple[Discussion, ...]:
    """Read the list of threads."""
    return decode_discussions(await fetch_discussions(session, pupil))


async def read_thread(
    session: Session, discussion: Discussion, *, mark_read: bool = False, pupil: Pupil | str | None = None
) -> Thread:
    """Read a thread; Pronote is told that it was read only with ``mark_read``."""
    raw = await fetch_messages(session, discussion, mark_read=mark_read, pupil=pupil)
    return decode_thread(raw, session.timezone)


async def create(
    session: Session, subject: str, words: str, recipients: Sequence[Recipient], pupil: Pupil | str | None = None
) -> None:
    """Begin a discussion.

    Raises:
        AccessRefusedError: the account may not.
    """
    data = {
        "objet": subject,
        "contenu": _content(session, words),
        "listeDestinataires": [{"E": _MODIFY, "N": one.id, "G": one.kind, "L": one.name} for one in recipients],
        "listeFichiers": [],
        "estCreationCarnetLiaison": False,
    }
    await session.request("SaisieMessage", data, TAB, pupil)


async def reply(session: Session, discussion: Discussion, words: str, pupil: Pupil | str | None = None) -> None:
    """Answer in a thread.

    Raises:
        AccessRefusedError: the thread takes no answers (it is closed).
    """
    thread = await read_thread(session, discussion, pupil=pupil)
    buttons = [button for button in thread.buttons if integer(button, "G") != SendAction.CLOSE]
    if not buttons or not thread.reply_to:
        raise AccessRefusedError("this discussion takes no answers")
    data: Json = {
        "messagePourReponse": {"G": number(thread.reply_to, "G"), "N": text(thread.reply_to, "N")},
        "contenu": _content(session, words),
        "bouton": {"N": text(buttons[0], "N") or 0, "G": number(buttons[0], "G"), "L": text(buttons[0], "L")},
        "brouillon": {"N": _NEW_DRAFT, "E": _CREATE},
        "genreDiscussion": 0,
        "listeFichiers": [],
    }
    await session.request("SaisieMessage", data, TAB, pupil)


async def mark(session: Session, discussion: Discussion, *, read: bool, pupil: Pupil | str | None = None) -> None:
    """Mark a thread read or unread."""
    await _command(session, "pourLu", discussion, pupil, lu=read)


async def move_to_bin(session: Session, discussion: Discussion, pupil: Pupil | str | None = None) -> None:
    """Put a thread into the bin."""
    await _command(session, "corbeille", discussion, pupil)


async def take_from_bin(session: Session, discussion: Discussion, pupil: Pupil | str | None = None) -> None:
    """Take a thread out of the bin."""
    await _command(session, "restauration", discussion, pupil)


async def delete(session: Session, discussion: Discussion, pupil: Pupil | str | None = None) -> None:
    """Delete a thread for good."""
    await _command(session, "suppression", discussion, pupil)


async def _command(
    session: Session, command: str, discussion: Discussion, pupil: Pupil | str | None, **arguments: bool
) -> None:
    if not discussion.possessions:
        raise PronoteError("this discussion has no number")
    data: Json = {"commande": command, "listePossessionsMessages": _possessions(discussion), **arguments}
    await session.request("SaisieMessage", data, TAB, pupil)


def _possessions(discussion: Discussion) -> list[Json]:
    return [{"N": number} for number in discussion.possessions]


def _content(session: Session, words: str) -> Json | str:
    """Accounts with advanced discussions write HTML, the others text."""
    return encode(ValueKind.HTML, escape(words).replace("\n", "<br>")) if session.facts.advanced_discussions else words


@decoder("ListeMessagerie")
def decode_discussions(raw: Json) -> tuple[Discussion, ...]:
    """Read the list's ``data``: its rows that are threads, not the messages below them."""
    kinds = {text(label, "N"): integer(label, "G") for label in items(raw, "listeEtiquettes")}
    return tuple(
        _discussion(item, kinds)
        for item in items(raw, "listeMessagerie")
        if flag(item, "estUneDiscussion") and not integer(item, "profondeur")
    )


def _discussion(item: Json, kinds: dict[str, int | None]) -> Discussion:
    folders = references(item, "listeEtiquettes")
    return Discussion(
        possessions=tuple(one.id for one in references(item, "listePossessionsMessages")),
        participants_of=text(entry(item, "messagePourParticipants"), "N"),
        subject=text(item, "objet"),
        creator=text(item, "initiateur"),
        audience=text(item, "public"),
        recipients=names(item, "destinatairesMessage"),
        messages=number(item, "nombreMessages"),
        unread=number(item, "nbNonLus"),
        read=flag(item, "lu"),
        date_label=text(item, "libelleDate"),
        closed=flag(item, "ferme"),
        folders=tuple(Reference(one.id, one.name, kinds.get(one.id, one.kind)) for one in folders),
    )


@decoder("ListeMessages")
def decode_thread(raw: Json, timezone: ZoneInfo) -> Thread:
    """Read a thread's ``data``, in the order Pronote sends it."""
    return Thread(
        messages=tuple(_message(item, timezone) for item in items(raw, "listeMessages")),
        reply_to=entry(raw, "messagePourReponse"),
        buttons=tuple(items(raw, "listeBoutons")),
    )


def _message(item: Json, timezone: ZoneInfo) -> Message:
    source = text(entry(item, "messageSource"), "N")
    return Message(
        id=text(item, "N"),
        possession=text(entry(item, "possessionMessage"), "N"),
        reply_to="" if source == NOTHING else source,
        author=text(item, "public_gauche"),
        author_hint=text(item, "hint_gauche"),
        recipient=text(item, "public_droite"),
        recipient_hint=text(item, "hint_droite"),
        own=flag(item, "emetteur"),
        read=flag(item, "lu"),
        sent=local_moment(item, "date", timezone),
        html=flag(item, "estHTML"),
        content=text(item, "contenu"),
        attachments=decode_attachments(item, "listeDocumentsJoints"),
        audience_size=number(item, "nbPublic"),
    )
