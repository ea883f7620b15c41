"""Files and links teachers put at the pupils' disposal: ``RessourcePedagogique``, tab 99."""

from dataclasses import dataclass
from datetime import date

from carillon_pronote.pages.attachments import Attachment, decode_attachment
from carillon_pronote.reading import Json, day, decoder, entry, items, references, text
from carillon_pronote.school_year import Pupil
from carillon_pronote.session import Session

TAB = 99


@dataclass(frozen=True, slots=True)
class Resource:
    """A file or link, with its subject's name and the day it was put there."""

    attachment: Attachment
    subject: str
    on: date | None


async def fetch(session: Session, pupil: Pupil | str | None = None) -> Json:
    """Return the raw page."""
    data = {"avecRessourcesPronote": True, "avecRessourcesEditeur": False}
    return await session.request("RessourcePedagogique", data, TAB, pupil)


async def read_resources(session: Session, pupil: Pupil | str | None = None) -> tuple[Resource, ...]:
    """Read the files and links."""
    return decode(await fetch(session, pupil))


@decoder("RessourcePedagogique")
def decode(raw: Json) -> tuple[Resource, ...]:
    """Read the page's ``data``; a resource names its subject by its number in ``listeMatieres``."""
    subjects = {subject.id: subject.name for subject in references(raw, "listeMatieres")}
    return tuple(
        Resource(
            attachment=decode_attachment(entry(item, "ressource")),
            subject=_subject(entry(item, "matiere"), subjects),
            on=day(item, "date"),
        )
        for item in items(raw, "listeRessources")
    )


def _subject(node: Json, subjects: dict[str, str]) -> str:
    return subjects.get(text(node, "N")) or text(node, "L")
