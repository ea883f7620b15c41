"""What school-life staff and teachers see of pupils: ``ListeRessources`` and ``FicheEleve``, tab 105."""

from dataclasses import dataclass
from datetime import date

from carillon_pronote.reading import Json, Reference, day, decoder, entry, flag, items, references, text
from carillon_pronote.school_year import Period
from carillon_pronote.session import Session

TAB = 105
_CLASS = 1


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class the account sees."""

    id: str
    name: str
    responsible: bool
    level: str


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil in a class's list."""

    id: str
    name: str
    last_name: str
    first_names: str
    sex: str
    born: date | None
    entered: date | None
    options: tuple[str, ...]
    projects: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A pupil's or guardian's record; a guardian has ``relation`` ("MERE") and ``responsibility`` ("LEGAL")."""

    last_name: str
    first_name: str
    born: date | None
    mail: str
    address: tuple[str, ...]
    postal_code: str
    city: str
    country: str
    accepts_mail: bool
    relation: str
    responsibility: str


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """A pupil's record with the guardians'."""

    identity: Person
    guardians: tuple[Person, ...]


def read_classes(session: Session) -> tuple[SchoolClass, ...]:
    """Return the classes the account sees (they came with the sign-in)."""
    return decode_classes(session.raw_user())


async def fetch_pupils(session: Session, class_id: str, period: Period | str) -> Json:
    """Return the raw list of a class's pupils in a period."""

    def data(current: Session) -> Json:
        chosen = current.year.period(period)
        return {"classe": {"N": class_id, "G": _CLASS}, "periode": {"N": chosen.id, "G": 1}}

    return await session.request("ListeRessources", data, TAB)


async def read_pupils(session: Session, class_id: str, period: Period | str) -> tuple[PupilRow, ...]:
    """Read a class's pupils in a period."""
    return decode_pupils(await fetch_pupils(session, class_id, period))


async def fetch_record(session: Session, pupil_id: str) -> Json:
    """Return a pupil's raw record."""
    data = {"Eleve": {"N": pupil_id}, "AvecEleve": True, "AvecResponsables": True}
    return await session.request("FicheEleve", data, TAB)


async def read_record(session: Session, pupil_id: str) -> PupilRecord:
    """Read a pupil's record."""
    return decode_record(await fetch_record(session, pupil_id))


@decoder("ParametresUtilisateur")
def decode_classes(raw: Json) -> tuple[SchoolClass, ...]:
    """Read the classes of ParametresUtilisateur's ``data``."""
    return tuple(
        SchoolClass(text(item, "N"), text(item, "L"), flag(item, "estResponsable"), text(entry(item, "niveau"), "L"))
        for item in items(raw, "listeClasses")
    )


@decoder("ListeRessources")
def decode_pupils(raw: Json) -> tuple[PupilRow, ...]:
    """Read the list's ``data``."""
    return tuple(
        PupilRow(
            id=text(item, "N"),
            name=text(item, "L"),
            last_name=text(item, "nom"),
            first_names=text(item, "prenoms"),
            sex=text(item, "sexe"),
            born=day(item, "neLe"),
            entered=day(item, "entree"),
            options=tuple(text(item, name) for name in sorted(item) if name.startswith("option") and text(item, name)),
            projects=references(item, "listeProjets"),
        )
        for item in items(raw, "listeRessources")
    )


@decoder("FicheEleve")
def decode_record(raw: Json) -> PupilRecord:
    """Read the record's ``data``."""
    return PupilRecord(
        identity=_person(entry(raw, "Identite")),
        guardians=tuple(_person(item) for item in items(raw, "Responsables")),
    )


def _person(item: Json) -> Person:
    return Person(
        last_name=text(item, "nom"),
        first_name=text(item, "prenom"),
        born=day(item, "dateNaiss"),
        mail=text(item, "email"),
        address=tuple(line for line in (text(item, f"adresse{number}") for number in range(1, 5)) if line),
        postal_code=text(item, "CP"),
        city=text(item, "ville"),
        country=text(item, "pays"),
        accepts_mail=flag(item, "autoriseEmail"),
        relation=text(item, "lienParente"),
        responsibility=text(item, "niveauResponsabilite"),
    )
