"""The pupil's teachers and staff: ``PageEquipePedagogique``, tab 37."""

from dataclasses import dataclass

from carillon_pronote.reading import Json, Reference, decoder, items, named, number, reference, text
from carillon_pronote.school_year import Pupil
from carillon_pronote.session import Session

TAB = 37


@dataclass(frozen=True, slots=True)
class StaffSubject:
    """A subject taught, ``hours`` a week in Pronote's words ("3h30"), and the subject it is part of."""

    subject: Reference
    hours: str
    parent: Reference | None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of the team. ``kind``: 3 teacher, 34 staff."""

    id: str
    name: str
    kind: int
    position: int
    subjects: tuple[StaffSubject, ...]


async def fetch(session: Session, pupil: Pupil | str | None = None) -> Json:
    """Return the raw page."""
    return await session.request("PageEquipePedagogique", {}, TAB, pupil)


async def read_teaching_staff(session: Session, pupil: Pupil | str | None = None) -> tuple[StaffMember, ...]:
    """Read the team."""
    return decode(await fetch(session, pupil))


@decoder("PageEquipePedagogique")
def decode(raw: Json) -> tuple[StaffMember, ...]:
    """Read the page's ``data``."""
    return tuple(
        StaffMember(
            id=text(item, "N"),
            name=text(item, "L"),
            kind=number(item, "G"),
            position=number(item, "P"),
            subjects=tuple(
                StaffSubject(reference(one), text(one, "volumeHoraire"), named(one, "servicePere"))
                for one in items(item, "matieres")
            ),
        )
        for item in items(raw, "liste")
    )
