"""Whom the account may write to, and who takes part in a discussion (tab 131)."""

from dataclasses import dataclass

from carillon_pronote.reading import Json, Reference, decoder, entry, flag, items, number, reference, text
from carillon_pronote.school_year import Pupil
from carillon_pronote.session import Session

TAB = 131
TEACHERS, STAFF = 3, 34


@dataclass(frozen=True, slots=True)
class TaughtSubject:
    """A subject a recipient teaches; ``part_of`` names its main subject when it is a sub-subject."""

    subject: Reference
    is_part: bool
    part_of: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to write to. ``kind``: 3 teacher, 34 staff; ``role`` is the staff's function."""

    id: str
    name: str
    kind: int
    accepts: bool
    subjects: tuple[TaughtSubject, ...]
    head_teacher: bool
    role: str
    mail: str


async def fetch_recipients(session: Session, kind: int = TEACHERS, pupil: Pupil | str | None = None) -> Json:
    """Return the raw list of recipients of a kind (``TEACHERS`` or ``STAFF``)."""

    def data(current: Session) -> Json:
        request: Json = {"onglet": {"N": 0, "G": kind}}
        if current.facts.pupils:
            request["filtreElement"] = current.facts.pupil(pupil).wire()
        return request

    return await session.request("ListeRessourcesPourCommunication", data, TAB, pupil)


async def read_recipients(
    session: Session, kinds: tuple[int, ...] = (TEACHERS, STAFF), pupil: Pupil | str | None = None
) -> tuple[Recipient, ...]:
    """Read whom the account may write to, teachers first; those who accept no messages are in it, and marked."""
    found: list[Recipient] = []
    for kind in kinds:
        found += decode(await fetch_recipients(session, kind, pupil))
    return tuple(found)


async def fetch_participants(session: Session, message_id: str, pupil: Pupil | str | None = None) -> Json:
    """Return the raw participants of a discussion (``Discussion.participants_of``)."""
    data = {"message": {"N": message_id}, "estPublicParticipant": True, "estDestinatairesReponse": False}
    return await session.request("SaisiePublicMessage", data, TAB, pupil)


async def read_participants(
    session: Session, message_id: str, pupil: Pupil | str | None = None
) -> tuple[Recipient, ...]:
    """Read who takes part in a discussion."""
    return decode_participants(await fetch_participants(session, message_id, pupil))


@decoder("ListeRessourcesPourCommunication")
def decode(raw: Json) -> tuple[Recipient, ...]:
    """Read the list's ``data``."""
    return tuple(_recipient(item) for item in items(raw, "listeRessourcesPourCommunication"))


@decoder("SaisiePublicMessage")
def decode_participants(raw: Json) -> tuple[Recipient, ...]:
    """Read the participants' ``data``."""
    return tuple(_recipient(item, accepts=not flag(item, "refusMess")) for item in items(raw, "listeDest"))


def _recipient(item: Json, *, accepts: bool | None = None) -> Recipient:
    return Recipient(
        id=text(item, "N"),
        name=text(item, "L"),
        kind=number(item, "G"),
        accepts=flag(item, "avecDiscussion") if accepts is None else accepts,
        subjects=tuple(
            TaughtSubject(reference(one), flag(one, "estUneSousMatiere"), text(one, "libelleMatiere"))
            for one in items(item, "listeRessources")
        ),
        head_teacher=flag(item, "estPrincipal"),
        role=text(entry(item, "fonction"), "L"),
        mail=text(item, "email"),
    )
