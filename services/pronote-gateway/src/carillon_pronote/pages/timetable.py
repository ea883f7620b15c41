"""The timetable: ``PageEmploiDuTemps``, tab 16."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

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
    number,
    plain,
    present,
    references,
    required,
    text,
    texts,
)
from carillon_pronote.school_year import Pupil, SchoolYear
from carillon_pronote.session import Session

TAB = 16
_TEACHER_AWAY = re.compile(r"prof.*absent", re.IGNORECASE)
CLASS, GROUP, TEACHER, SUBJECT, ROOM, PUPIL, STAFF = 1, 2, 3, 16, 17, 4, 34


@dataclass(frozen=True, slots=True)
class Lesson:
    """One entry of a timetable: a lesson, a detention or an outing.

    Attributes:
        start, end: aware times.
        position: order among entries that lie on each other (Pronote's ``P``); the greatest is shown on top.
        place: dayIndex × places a day + slot.
        label: the first line when there is no subject (a detention's or outing's title).
        status: the school's word ("Prof. absent", "Cours déplacé", …), "" for none.
        moved: Pronote's word says that it was moved or changed; ``teacher_away``: that its teacher is absent.
        at_home: an exempted pupil may stay (or follows the lesson) at home.
        diary: number of the lesson's content entry, "" when it has none.
    """

    id: str
    start: datetime
    end: datetime
    position: int
    place: int | None
    duration: int | None
    kind: int
    subject: Reference | None
    label: str
    teachers: tuple[str, ...]
    staff: tuple[str, ...]
    rooms: tuple[str, ...]
    groups: tuple[str, ...]
    classes: tuple[str, ...]
    pupils: tuple[str, ...]
    status: str
    cancelled: bool
    exempted: bool
    at_home: bool
    detention: bool
    outing: bool
    test: bool
    memo: str
    virtual_rooms: tuple[str, ...]
    colour: str
    has_content: bool
    has_homework: bool
    diary: str
    reason: str = ""
    companions: tuple[str, ...] = ()
    contents: tuple[Reference, ...] = ()
    has_duplicate: bool = False

    @property
    def teacher_away(self) -> bool:
        """Whether the status says that the teacher is absent ("Prof. absent", "Professeur absent")."""
        return _TEACHER_AWAY.search(self.status) is not None


@dataclass(frozen=True, slots=True)
class Timetable:
    """One week as Pronote shows it; ``ical_token`` is the old iCal parameter, "" when not offered."""

    lessons: tuple[Lesson, ...]
    breaks: tuple[tuple[str, int], ...]
    with_cancelled: bool
    ical_token: str


async def fetch_week(session: Session, week: int, pupil: Pupil | str | None = None) -> Json:
    """Return the raw page of one school week."""

    def data(current: Session) -> Json:
        resource = current.facts.timetable_owner(pupil)
        return {
            "ressource": resource,
            "Ressource": resource,
            "numeroSemaine": week,
            "NumeroSemaine": week,
            "avecAbsencesEleve": False,
            "avecAbsencesRessource": True,
            "avecConseilDeClasse": True,
            "avecCoursSortiePeda": True,
            "avecDisponibilites": True,
            "avecInfosPrefsGrille": True,
            "avecRetenuesEleve": True,
            "estEDTAnnuel": False,
            "estEDTPermanence": False,
            "edt": {"G": TAB, "L": "Emploi du temps"},
        }

    return await session.request("PageEmploiDuTemps", data, TAB, pupil)


async def fetch_presence(session: Session, pupil: Pupil | str | None = None) -> Json:
    """Return the raw weeks in which the pupil has lessons at all."""

    def data(current: Session) -> Json:
        return {"Ressource": current.facts.timetable_owner(pupil)}

    return await session.request("PageEmploiDuTemps_DomainePresence", data, TAB, pupil)


async def read_week(session: Session, week: int, pupil: Pupil | str | None = None) -> Timetable:
    """Read one school week."""
    return decode(await fetch_week(session, week, pupil), session.year, session.timezone)


async def read_filled_weeks(
    session: Session, pupil: Pupil | str | None = None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Read which weeks and which days of the year are filled."""
    return decode_presence(await fetch_presence(session, pupil))


async def read_lessons(
    session: Session, first: datetime, last: datetime, pupil: Pupil | str | None = None
) -> tuple[Lesson, ...]:
    """Read the lessons that begin from ``first`` to ``last`` (aware, both included), one request a week, sorted."""
    lessons: list[Lesson] = []
    first, last = first.astimezone(session.timezone), last.astimezone(session.timezone)
    for week in session.year.weeks(first.date(), last.date()):
        lessons += (await read_week(session, week, pupil)).lessons
    return mark_duplicates(sorted((one for one in lessons if first <= one.start <= last), key=_order))


def mark_duplicates(lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
    """Set ``has_duplicate`` on lessons that share their beginning with another (a replacement beside its original)."""
    lessons = tuple(lessons)
    starts = [lesson.start for lesson in lessons]
    several = {start for start in starts if starts.count(start) > 1}
    return tuple(replace(one, has_duplicate=True) if one.start in several else one for one in lessons)


def top_lessons(lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
    """Leave out cancelled lessons that lie under another entry of the same beginning, as Pronote's own view does."""
    lessons = tuple(lessons)
    held = {lesson.start for lesson in lessons if not lesson.cancelled}
    return tuple(lesson for lesson in lessons if not (lesson.cancelled and lesson.start in held))


@decoder("PageEmploiDuTemps")
def decode(raw: Json, year: SchoolYear, timezone: ZoneInfo) -> Timetable:
    """Read the page's ``data``."""
    lessons = tuple(decode_lesson(item, year, timezone) for item in items(present(raw, "ListeCours"), "ListeCours"))
    return Timetable(
        lessons=tuple(sorted(lessons, key=_order)),
        breaks=tuple((text(item, "L"), number(item, "place")) for item in items(raw, "recreations")),
        with_cancelled=flag(raw, "avecCoursAnnule"),
        ical_token=text(raw, "ParametreExportiCal") if flag(raw, "avecExportICal") else "",
    )


@decoder("PageEmploiDuTemps_DomainePresence")
def decode_presence(raw: Json) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Read the ``data`` of the weeks and days that are filled."""
    return domain(present(raw, "Domaine"), "Domaine"), domain(raw, "joursPresence")


def decode_lesson(item: Json, year: SchoolYear, timezone: ZoneInfo) -> Lesson:
    """Read one ``ListeCours`` entry."""
    start = required(local_moment(item, "DateDuCours", timezone), "DateDuCours")
    duration = integer(item, "duree")
    end = local_moment(item, "DateDuCoursFin", timezone) or _end(start, duration, year)
    contents = references(item, "ListeContenus")
    by_kind: dict[int | None, tuple[str, ...]] = {}
    for content in contents:
        by_kind[content.kind] = (*by_kind.get(content.kind, ()), content.name)
    diary = entry(item, "cahierDeTextes")
    subject = next((content for content in contents if content.kind == SUBJECT), None)
    return Lesson(
        id=text(item, "N"),
        start=start,
        end=end,
        position=number(item, "P"),
        place=integer(item, "place"),
        duration=duration,
        kind=number(item, "G"),
        subject=subject,
        label=subject.name if subject else _title(item),
        teachers=by_kind.get(TEACHER, ()),
        staff=by_kind.get(STAFF, ()),
        rooms=by_kind.get(ROOM, ()),
        groups=by_kind.get(GROUP, ()),
        classes=by_kind.get(CLASS, ()),
        pupils=by_kind.get(PUPIL, ()),
        status=text(item, "Statut"),
        cancelled=flag(item, "estAnnule"),
        exempted=flag(item, "dispenseEleve"),
        at_home=_at_home(item),
        detention=flag(item, "estRetenue"),
        outing=flag(item, "estSortiePedagogique"),
        test=flag(diary, "estDevoir"),
        memo=text(item, "memo"),
        virtual_rooms=tuple(text(room, "url") for room in items(item, "listeVisios")),
        colour=text(item, "CouleurFond"),
        has_content=flag(item, "AvecCdT"),
        has_homework=flag(item, "AvecTafPublie"),
        diary=text(diary, "N"),
        reason=text(item, "motif"),
        companions=texts(item, "accompagnateurs"),
        contents=contents,
    )


def _at_home(item: Json) -> bool:
    """Read ``dispenseEleve``, which is true, or an object that says more."""
    exemption = plain(item.get("dispenseEleve"))
    return isinstance(exemption, dict) and flag(exemption, "maison")


def _title(item: Json) -> str:
    """Name an entry without a subject: by the line marked as its title, else by its first."""
    contents = items(item, "ListeContenus")
    titles = [text(content, "L") for content in contents if flag(content, "estHoraire")]
    return next(iter(titles), text(contents[0], "L") if contents else "")


def _end(start: datetime, duration: int | None, year: SchoolYear) -> datetime:
    """Pronote leaves an end out at times; the duration then counts places."""
    return start + timedelta(hours=(duration or 0) / year.places_per_hour)


def _order(lesson: Lesson) -> tuple[datetime, int]:
    return lesson.start, lesson.position
