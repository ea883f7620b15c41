"""Marks: ``DernieresNotes``, tab 198."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carillon_pronote.pages.attachments import CORRECTION_FILE, FILE, SUBJECT_FILE, Attachment
from carillon_pronote.reading import (
    Json,
    Reference,
    day,
    decimal,
    decoder,
    flag,
    items,
    mark,
    named,
    number,
    reference,
    text,
)
from carillon_pronote.school_year import Period, Pupil
from carillon_pronote.session import Session
from carillon_pronote.values import Mark

TAB = 198


@dataclass(frozen=True, slots=True)
class Grade:
    """One mark.

    Attributes:
        mark: the pupil's; its ``value`` is None where an annotation (absent, exempted …) stands.
        scale: what the mark is out of.
        average, lowest, highest: of the class.
    """

    id: str
    subject: Reference | None
    period: Reference | None
    mark: Mark | None
    scale: Decimal | None
    default_scale: Decimal | None
    average: Mark | None
    lowest: Mark | None
    highest: Mark | None
    coefficient: Decimal | None
    on: date | None
    title: str
    remark: str
    optional: bool
    bonus: bool
    out_of_20: bool
    in_group: bool
    subject_file: Attachment | None
    correction_file: Attachment | None


@dataclass(frozen=True, slots=True)
class SubjectAverages:
    """A subject's averages, out of ``scale``."""

    subject: Reference
    pupil: Mark | None
    scale: Decimal | None
    class_: Mark | None
    lowest: Mark | None
    highest: Mark | None
    colour: str
    order: int
    group_subject: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """A period's marks; the overall averages are None where the school does not show them."""

    grades: tuple[Grade, ...]
    subjects: tuple[SubjectAverages, ...]
    overall: Mark | None
    overall_class: Mark | None
    scale: Decimal | None
    with_marks: bool
    with_subjects: bool


async def fetch(session: Session, period: Period | str, pupil: Pupil | str | None = None) -> Json:
    """Return a period's raw marks."""

    def data(current: Session) -> Json:
        return {"Periode": current.year.period(period).wire()}

    return await session.request("DernieresNotes", data, TAB, pupil)


async def read_marks(session: Session, period: Period | str, pupil: Pupil | str | None = None) -> Marks:
    """Read a period's marks; ``session.year.period_of(today)`` gives the current one."""
    return decode(await fetch(session, period, pupil))


@decoder("DernieresNotes")
def decode(raw: Json) -> Marks:
    """Read the page's ``data``."""
    return Marks(
        grades=tuple(_grade(item) for item in items(raw, "listeDevoirs")),
        subjects=tuple(_subject(item) for item in items(raw, "listeServices")),
        overall=mark(raw, "moyGenerale"),
        overall_class=mark(raw, "moyGeneraleClasse"),
        scale=decimal(raw, "baremeMoyGenerale"),
        with_marks=flag(raw, "avecDetailDevoir", default=True),
        with_subjects=flag(raw, "avecDetailService", default=True),
    )


def _subject(item: Json) -> SubjectAverages:
    return SubjectAverages(
        subject=reference(item),
        pupil=mark(item, "moyEleve"),
        scale=decimal(item, "baremeMoyEleve"),
        class_=mark(item, "moyClasse"),
        lowest=mark(item, "moyMin"),
        highest=mark(item, "moyMax"),
        colour=text(item, "couleur"),
        order=number(item, "ordre"),
        group_subject=flag(item, "estServiceGroupe") or flag(item, "estServiceEnGroupe"),
    )


def _grade(item: Json) -> Grade:
    return Grade(
        id=text(item, "N"),
        subject=named(item, "service"),
        period=named(item, "periode"),
        mark=mark(item, "note"),
        scale=decimal(item, "bareme"),
        default_scale=decimal(item, "baremeParDefaut"),
        average=mark(item, "moyenne"),
        lowest=mark(item, "noteMin"),
        highest=mark(item, "noteMax"),
        coefficient=decimal(item, "coefficient"),
        on=day(item, "date"),
        title=text(item, "commentaire"),
        remark=text(item, "commentaireSurNote"),
        optional=flag(item, "estFacultatif"),
        bonus=flag(item, "estBonus"),
        out_of_20=flag(item, "estRamenerSur20"),
        in_group=flag(item, "estEnGroupe"),
        subject_file=_file(item, "libelleSujet", SUBJECT_FILE),
        correction_file=_file(item, "libelleCorrige", CORRECTION_FILE),
    )


def _file(item: Json, name: str, role: str) -> Attachment | None:
    label = text(item, name)
    return Attachment(text(item, "N"), label, FILE, role=role) if label else None
