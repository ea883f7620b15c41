"""Skills evaluations: ``DernieresEvaluations``, tab 201."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carillon_pronote.reading import (
    Json,
    Reference,
    day,
    decimal,
    decoder,
    entry,
    items,
    named,
    names,
    number,
    text,
)
from carillon_pronote.school_year import Period, Pupil
from carillon_pronote.session import Session

TAB = 201


@dataclass(frozen=True, slots=True)
class SkillLevel:
    """How well one skill is acquired: ``name`` ("Très bonne maîtrise"), ``short`` ("A+")."""

    id: str
    name: str
    short: str
    order: int
    coefficient: Decimal | None
    domain: Reference | None
    item: Reference | None
    pillar: Reference | None
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation."""

    id: str
    name: str
    description: str
    subject: Reference | None
    subject_order: int
    colour: str
    teacher: str
    coefficient: Decimal | None
    on: date | None
    period: Reference | None
    domain: str
    paliers: tuple[str, ...]
    levels: tuple[SkillLevel, ...]


async def fetch(session: Session, period: Period | str, pupil: Pupil | str | None = None) -> Json:
    """Return a period's raw evaluations."""

    def data(current: Session) -> Json:
        return {"periode": current.year.period(period).wire()}

    return await session.request("DernieresEvaluations", data, TAB, pupil)


async def read_evaluations(
    session: Session, period: Period | str, pupil: Pupil | str | None = None
) -> tuple[Evaluation, ...]:
    """Read a period's evaluations in Pronote's order."""
    return decode(await fetch(session, period, pupil))


@decoder("DernieresEvaluations")
def decode(raw: Json) -> tuple[Evaluation, ...]:
    """Read the page's ``data``."""
    return tuple(_evaluation(item) for item in items(raw, "listeEvaluations"))


def _evaluation(item: Json) -> Evaluation:
    subject = entry(item, "matiere")
    return Evaluation(
        id=text(item, "N"),
        name=text(item, "L"),
        description=text(item, "descriptif"),
        subject=named(item, "matiere"),
        subject_order=number(subject, "ordre"),
        colour=text(subject, "couleur"),
        teacher=text(entry(item, "individu"), "L"),
        coefficient=decimal(item, "coefficient"),
        on=day(item, "date"),
        period=named(item, "periode"),
        domain=text(entry(item, "domaine"), "L"),
        paliers=names(item, "listePaliers"),
        levels=tuple(_level(level) for level in items(item, "listeNiveauxDAcquisitions")),
    )


def _level(item: Json) -> SkillLevel:
    prefixes = text(entry(item, "pilier"), "strPrefixes")
    return SkillLevel(
        id=text(item, "N"),
        name=text(item, "L"),
        short=text(item, "abbreviation"),
        order=number(item, "ordre"),
        coefficient=decimal(item, "coefficient"),
        domain=named(item, "domaine"),
        item=named(item, "item"),
        pillar=named(item, "pilier"),
        prefixes=tuple(prefix.strip() for prefix in prefixes.split(",") if prefix.strip()),
    )
