"""School reports: ``PageBulletins``, tab 13."""

from dataclasses import dataclass

from carillon_pronote.errors import NotPublishedError
from carillon_pronote.reading import (
    Json,
    Reference,
    decoder,
    entry,
    items,
    mark,
    named,
    names,
    plain,
    reference,
    references,
    text,
)
from carillon_pronote.school_year import Period, Pupil
from carillon_pronote.session import Session
from carillon_pronote.values import Mark

TAB = 13


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """A subject's line; ``parts`` are its sub-subjects."""

    subject: Reference
    teachers: tuple[str, ...]
    colour: str
    coefficient: Mark | None
    pupil: Mark | None
    class_: Mark | None
    lowest: Mark | None
    highest: Mark | None
    comments: tuple[str, ...]
    parts: tuple["ReportSubject", ...] = ()


@dataclass(frozen=True, slots=True)
class OverallComment:
    """A comment on the whole period, with its heading."""

    id: str
    heading: str
    comment: str


@dataclass(frozen=True, slots=True)
class Absences:
    """What the report says of absences, in the school's words, "" where it says nothing."""

    absences: str
    delays: str
    punishments: str
    sanctions: str


@dataclass(frozen=True, slots=True)
class Report:
    """A period's report."""

    pupil: Reference | None
    school_class: Reference | None
    overall: Mark | None
    overall_class: Mark | None
    comments: tuple[OverallComment, ...]
    subjects: tuple[ReportSubject, ...]
    absences: Absences


async def fetch(session: Session, period: Period | str, pupil: Pupil | str | None = None) -> Json:
    """Return a period's raw report."""

    def data(current: Session) -> Json:
        return {"periode": current.year.period(period).wire(), "classe": {}, "eleve": {}}

    return await session.request("PageBulletins", data, TAB, pupil)


async def read_report(session: Session, period: Period | str, pupil: Pupil | str | None = None) -> Report:
    """Read a period's report.

    Raises:
        NotPublishedError: the school has not published it; ``detail`` is its sentence.
    """
    return decode(await fetch(session, period, pupil))


@decoder("PageBulletins")
def decode(raw: Json) -> Report:
    """Read the page's ``data``.

    Raises:
        NotPublishedError: a message stands in the report's place.
    """
    message = text(raw, "Message") or text(raw, "message")
    if message or not raw:
        raise NotPublishedError(message)
    general, comments = entry(raw, "General"), entry(raw, "ObjetListeAppreciations")
    return Report(
        pupil=named(raw, "eleve"),
        school_class=named(raw, "Classe"),
        overall=mark(general, "MoyenneEleve"),
        overall_class=mark(general, "MoyenneClasse"),
        comments=tuple(
            OverallComment(text(item, "N"), text(item, "Intitule"), text(item, "L"))
            for item in items(comments, "ListeAppreciations")
        ),
        subjects=tuple(_subject(item) for item in items(raw, "ListeServices")),
        absences=_absences(plain(raw.get("ListeAbsences"))),
    )


def _subject(item: Json) -> ReportSubject:
    return ReportSubject(
        subject=reference(item),
        teachers=names(item, "ListeProfesseurs"),
        colour=text(item, "couleur"),
        coefficient=mark(item, "Coefficient"),
        pupil=mark(item, "MoyenneEleve"),
        class_=mark(item, "MoyenneClasse"),
        lowest=mark(item, "MoyenneInf"),
        highest=mark(item, "MoyenneSup"),
        comments=tuple(comment.name for comment in references(item, "ListeAppreciations") if comment.name),
        parts=tuple(_subject(part) for part in items(item, "ListeElements")),
    )


def _absences(value: object) -> Absences:
    """Read ``ListeAbsences``: an object of sentences; an empty list says nothing."""
    node = value if isinstance(value, dict) else {}
    return Absences(*(text(node, name) for name in ("strAbsences", "strRetards", "strPunitions", "strSanctions")))
