"""Absences, delays, punishments and observations: ``PagePresence``, tab 19."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from carillon_pronote.pages.attachments import Attachment, decode_attachments
from carillon_pronote.reading import (
    Json,
    Reference,
    day,
    decimal,
    decoder,
    domain,
    entry,
    flag,
    integer,
    items,
    local_moment,
    named,
    names,
    number,
    reference,
    text,
)
from carillon_pronote.school_year import Period, Pupil, local_midnight
from carillon_pronote.session import Session
from carillon_pronote.values import ValueKind, encode

TAB = 19
_E = TypeVar("_E")
ABSENCE, DELAY, PUNISHMENT, OBSERVATION, MEASURE = 13, 14, 41, 46, 72
OBSERVATION_IN_PAGE = 45  # what ``page.Absence`` calls an observation


@dataclass(frozen=True, slots=True)
class Absence:
    """An absence; ``hours`` is the school's text ("4h00"), ``reasons`` may be empty."""

    id: str
    start: datetime | None
    end: datetime | None
    justified: bool
    settled: bool
    open: bool
    hours: str
    days: Decimal | None
    reasons: tuple[str, ...]
    to_be_justified: bool
    reason_unknown: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """A late arrival of ``minutes``."""

    id: str
    on: datetime | None
    minutes: int
    justified: bool
    settled: bool
    justification: str
    reasons: tuple[str, ...]
    to_be_justified: bool
    reason_unknown: bool


@dataclass(frozen=True, slots=True)
class Scheduled:
    """When a punishment is to be served; ``place`` counts from the day's first, ``minutes`` long."""

    id: str
    on: date | None
    place: int | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Punishment:
    """A punishment; ``detention`` is true for a nature of Pronote's kind 1."""

    id: str
    given: datetime | None
    place: int | None
    outside_lessons: bool
    exclusion: bool
    nature: Reference | None
    detention: bool
    schedulable: bool
    needs_parents: bool
    giver: str
    reasons: tuple[str, ...]
    circumstances: str
    circumstance_files: tuple[Attachment, ...]
    homework: str
    homework_files: tuple[Attachment, ...]
    minutes: int | None
    schedule: tuple[Scheduled, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """A note in the pupil's book. ``kind``: 0 default, 1 observation, 2 encouragement, 3 other."""

    id: str
    name: str
    on: datetime | None
    kind: int
    heading: str
    comment: str
    giver: str
    giver_is_head_teacher: bool
    giver_mail: str
    subject: Reference | None
    read: bool
    needs_receipt: bool


@dataclass(frozen=True, slots=True)
class PrecautionaryMeasure:
    """A provisional measure before a decision."""

    id: str
    nature: Reference | None
    start: datetime | None
    end: datetime | None
    given: datetime | None
    exclusion: bool
    comment: str
    circumstances: str
    circumstance_files: tuple[Attachment, ...]
    decided_by: str
    giver: str
    reasons: tuple[str, ...]
    no_access: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """An event of another of Pronote's kinds (infirmary 21, meal 22, sanction 42, incident 73 …), with its raw JSON."""

    id: str
    kind: int
    name: str
    on: datetime | None
    raw: Json


@dataclass(frozen=True, slots=True)
class SubjectTotal:
    """Seconds attended and missed in a subject."""

    subject: Reference
    attended_seconds: int
    missed_seconds: int
    group: int
    in_group: int
    lesson_exclusions: int
    school_exclusions: int


@dataclass(frozen=True, slots=True)
class Recap:
    """Totals of one kind of event."""

    kind: int
    name: str
    count: int
    unjustified: int
    hours: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """A period's events, by kind."""

    absences: tuple[Absence, ...]
    delays: tuple[Delay, ...]
    punishments: tuple[Punishment, ...]
    observations: tuple[Observation, ...]
    measures: tuple[PrecautionaryMeasure, ...]
    others: tuple[OtherEvent, ...]
    totals: tuple[SubjectTotal, ...]
    recaps: tuple[Recap, ...]
    rights: tuple[tuple[str, bool], ...]


async def fetch(
    session: Session,
    period: Period | str,
    first: date | None = None,
    last: date | None = None,
    pupil: Pupil | str | None = None,
) -> Json:
    """Return the raw events of a period, or of the days from first to last."""

    def data(current: Session) -> Json:
        chosen = current.year.period(period)
        begin, end = (local_midnight(on, current.timezone) for on in (first or chosen.first, last or chosen.last))
        return {
            "periode": chosen.wire(),
            "DateDebut": encode(ValueKind.DATE, begin),
            "DateFin": encode(ValueKind.DATE, end),
        }

    return await session.request("PagePresence", data, TAB, pupil)


async def read_attendance(
    session: Session,
    period: Period | str,
    first: date | None = None,
    last: date | None = None,
    pupil: Pupil | str | None = None,
) -> Attendance:
    """Read a period's events; ``first`` and ``last`` (both included) narrow it."""
    return decode(await fetch(session, period, first, last, pupil), session.timezone)


@decoder("PagePresence")
def decode(raw: Json, timezone: ZoneInfo) -> Attendance:
    """Read the page's ``data``."""
    by_kind: dict[int, list[Json]] = {}
    for item in items(raw, "listeAbsences"):
        by_kind.setdefault(_kind(item), []).append(item)

    def each(kind: int, read: Callable[[Json, ZoneInfo], _E]) -> tuple[_E, ...]:
        return tuple(read(item, timezone) for item in by_kind.get(kind, ()))

    known = (ABSENCE, DELAY, PUNISHMENT, OBSERVATION, MEASURE)
    return Attendance(
        absences=each(ABSENCE, _absence),
        delays=each(DELAY, _delay),
        punishments=each(PUNISHMENT, _punishment),
        observations=each(OBSERVATION, _observation),
        measures=each(MEASURE, _measure),
        others=tuple(_other(item, kind, timezone) for kind in by_kind if kind not in known for item in by_kind[kind]),
        totals=tuple(_total(item) for item in items(raw, "Matieres")),
        recaps=tuple(_recap(item) for item in items(raw, "listeRecapitulatifs")),
        rights=tuple((name, bool(value)) for name, value in entry(raw, "autorisations").items()),
    )


def _kind(item: Json) -> int:
    kind = integer(item, "G")
    if kind is None:
        kind = integer(entry(item, "page"), "Absence")
    return OBSERVATION if kind == OBSERVATION_IN_PAGE else kind or 0


def _absence(item: Json, timezone: ZoneInfo) -> Absence:
    return Absence(
        id=text(item, "N"),
        start=local_moment(item, "dateDebut", timezone),
        end=local_moment(item, "dateFin", timezone),
        justified=flag(item, "justifie"),
        settled=flag(item, "reglee"),
        open=flag(item, "ouverte"),
        hours=text(item, "NbrHeures"),
        days=decimal(item, "NbrJours"),
        reasons=names(item, "listeMotifs"),
        to_be_justified=flag(item, "aJustifierParParents"),
        reason_unknown=flag(item, "estMotifNonEncoreConnu"),
    )


def _delay(item: Json, timezone: ZoneInfo) -> Delay:
    return Delay(
        id=text(item, "N"),
        on=local_moment(item, "date", timezone),
        minutes=number(item, "duree"),
        justified=flag(item, "justifie"),
        settled=flag(item, "reglee"),
        justification=text(item, "justification"),
        reasons=names(item, "listeMotifs"),
        to_be_justified=flag(item, "aJustifierParParents"),
        reason_unknown=flag(item, "estMotifNonEncoreConnu"),
    )


def _punishment(item: Json, timezone: ZoneInfo) -> Punishment:
    nature = entry(item, "nature")
    return Punishment(
        id=text(item, "N"),
        given=local_moment(item, "dateDemande", timezone),
        place=integer(item, "placeDemande"),
        outside_lessons=flag(item, "horsCours"),
        exclusion=flag(item, "estUneExclusion"),
        nature=named(item, "nature"),
        detention=integer(nature, "G") == 1,
        schedulable=flag(item, "estProgrammable") or flag(nature, "estProgrammable"),
        needs_parents=flag(nature, "estAvecARParent"),
        giver=text(entry(item, "demandeur"), "L"),
        reasons=names(item, "listeMotifs"),
        circumstances=text(item, "circonstances"),
        circumstance_files=decode_attachments(item, "documentsCirconstances"),
        homework=text(item, "travailAFaire"),
        homework_files=decode_attachments(item, "documentsTAF"),
        minutes=integer(item, "duree"),
        schedule=tuple(_scheduled(one) for one in items(item, "programmation")),
    )


def _scheduled(item: Json) -> Scheduled:
    return Scheduled(text(item, "N"), day(item, "date"), integer(item, "placeExecution"), integer(item, "duree"))


def _observation(item: Json, timezone: ZoneInfo) -> Observation:
    giver = entry(item, "demandeur")
    return Observation(
        id=text(item, "N"),
        name=text(item, "L"),
        on=local_moment(item, "date", timezone),
        kind=number(item, "genreObservation"),
        heading=text(entry(item, "rubrique"), "L"),
        comment=text(item, "commentaire"),
        giver=text(giver, "L"),
        giver_is_head_teacher=flag(giver, "estProfPrincipal"),
        giver_mail=text(giver, "mail"),
        subject=named(item, "matiere"),
        read=flag(item, "estLue"),
        needs_receipt=flag(item, "avecARObservation"),
    )


def _measure(item: Json, timezone: ZoneInfo) -> PrecautionaryMeasure:
    return PrecautionaryMeasure(
        id=text(item, "N"),
        nature=named(item, "nature"),
        start=local_moment(item, "dateDebut", timezone),
        end=local_moment(item, "dateFin", timezone),
        given=local_moment(item, "dateDemande", timezone),
        exclusion=flag(item, "estUneExclusion"),
        comment=text(item, "commentaire"),
        circumstances=text(item, "circonstances"),
        circumstance_files=decode_attachments(item, "documentsCirconstances"),
        decided_by=text(entry(item, "decideur"), "L"),
        giver=text(entry(item, "demandeur"), "L"),
        reasons=names(item, "listeMotifs"),
        no_access=domain(item, "interditAcces"),
    )


def _other(item: Json, kind: int, timezone: ZoneInfo) -> OtherEvent:
    on = local_moment(item, "date", timezone) or local_moment(item, "dateDebut", timezone)
    return OtherEvent(text(item, "N"), kind, text(item, "L"), on, item)


def _total(item: Json) -> SubjectTotal:
    return SubjectTotal(
        subject=reference(item),
        attended_seconds=number(item, "suivi"),
        missed_seconds=number(item, "absence"),
        group=number(item, "regroupement"),
        in_group=number(item, "dansRegroupement"),
        lesson_exclusions=number(item, "excluCours"),
        school_exclusions=number(item, "excluEtab"),
    )


def _recap(item: Json) -> Recap:
    return Recap(
        kind=number(item, "G"),
        name=text(item, "L"),
        count=number(item, "NombreTotal"),
        unjustified=number(item, "NombreNonJustifie"),
        hours=text(item, "NbrHeures"),
    )
