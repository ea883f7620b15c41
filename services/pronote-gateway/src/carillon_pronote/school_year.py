"""The facts of a session every page call needs: school year, weeks, periods, account and its pupils."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from carillon_pronote.errors import ProtocolError
from carillon_pronote.reading import (
    Json,
    Reference,
    day,
    decoder,
    entry,
    integer,
    items,
    named,
    number,
    numbers,
    reference,
    required,
    text,
)

PUPIL_KIND = 4


class PeriodKind(IntEnum):
    """Kinds of marking periods, Pronote's ``G``."""

    TRIMESTER = 1
    SEMESTER = 2
    YEAR = 3


@dataclass(frozen=True, slots=True)
class Period:
    """A marking period; both days belong to it. ``kind`` is None for anything but the three of ``PeriodKind``."""

    id: str
    name: str
    kind: PeriodKind | None
    first: date
    last: date

    def wire(self) -> Json:
        """Return the period as requests name it."""
        return {"N": self.id, "L": self.name, "G": 2}


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """The year's grid: weeks count from the Monday of week 1; a day has ``places_per_day`` places."""

    first_monday: date
    first_day: date
    last_day: date
    places_per_day: int
    places_per_hour: int
    periods: tuple[Period, ...]

    def week_of(self, on: date) -> int:
        """Return the number of the school week a day lies in (1 is the first; days before give 0 and less)."""
        return 1 + (on - self.first_monday).days // 7

    def weeks(self, first: date, last: date) -> range:
        """Return the numbers of the weeks that touch first to last, within the school year."""
        return range(max(1, self.week_of(first)), min(self.week_of(self.last_day), self.week_of(last)) + 1)

    def monday_of(self, week: int) -> date:
        """Return the Monday a week begins with."""
        return self.first_monday + timedelta(weeks=week - 1)

    def period(self, wanted: str | Period) -> Period:
        """Choose a period by number, name or itself (by its name then: numbers change at a renewal).

        Raises:
            ProtocolError: no such period.
        """
        if isinstance(wanted, Period):
            wanted = wanted.name
        for period in self.periods:
            if wanted in (period.id, period.name):
                return period
        raise ProtocolError("no such period")

    def period_of(self, on: date, kind: PeriodKind = PeriodKind.TRIMESTER) -> Period:
        """Return the period of a kind (of any, where the school has none of it) in which a day lies.

        Where none holds the day (holidays), the last that began before it is taken, else the first.

        Raises:
            ProtocolError: the school has no periods.
        """
        chosen = [period for period in self.periods if period.kind is kind] or self.periods
        if not chosen:
            raise ProtocolError("the school has no periods")
        holding = [period for period in chosen if period.first <= on <= period.last]
        begun = [period for period in chosen if period.first <= on]
        return (holding or begun[-1:] or list(chosen))[0]


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil the account may read: the pupil itself, or a parent's child."""

    id: str
    name: str
    class_name: str
    establishment: str

    def wire(self) -> Json:
        """Return the pupil as requests name it."""
        return {"N": self.id, "L": self.name, "G": PUPIL_KIND}


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Who is signed in.

    Attributes:
        resource: the account's own object (pupil, guardian, teacher, …).
        pupils: the pupils it may read; empty for staff.
        hidden_tabs: pages the school hides from this account.
        advanced_discussions: whether messages are HTML.
    """

    resource: Reference
    establishment: str
    pupils: tuple[Pupil, ...]
    hidden_tabs: frozenset[int]
    advanced_discussions: bool
    largest_upload: int

    @property
    def is_pupil(self) -> bool:
        """Whether the account is a pupil's own."""
        return self.resource.kind == PUPIL_KIND

    def pupil(self, wanted: "Pupil | str | None" = None) -> Pupil:
        """Choose a pupil: by number, name or itself; without a wish the only or first one.

        Raises:
            ProtocolError: no such pupil, or the account has none.
        """
        if isinstance(wanted, Pupil):
            wanted = wanted.id if any(pupil.id == wanted.id for pupil in self.pupils) else wanted.name
        for pupil in self.pupils:
            if wanted is None or wanted in (pupil.id, pupil.name):
                return pupil
        raise ProtocolError("this account has no such pupil")

    def timetable_owner(self, wanted: "Pupil | str | None") -> Json:
        """Return, as requests name it, whose timetable is meant: a pupil's, or a member of staff's own."""
        if self.pupils:
            return self.pupil(wanted).wire()
        return {"N": self.resource.id, "L": self.resource.name, "G": self.resource.kind}


@decoder("FonctionParametres")
def read_school_year(raw: Json) -> SchoolYear:
    """Read FonctionParametres' ``General``."""
    general = entry(raw, "General")
    first_monday = required(day(general, "PremierLundi"), "PremierLundi")
    first_day = day(general, "PremiereDate") or first_monday
    last_day = day(general, "DerniereDate") or first_day + timedelta(days=365)
    return SchoolYear(
        first_monday=first_monday,
        first_day=first_day,
        last_day=last_day,
        places_per_day=number(general, "PlacesParJour"),
        places_per_hour=integer(general, "PlacesParHeure") or 1,
        periods=tuple(_period(item, first_day, last_day) for item in items(general, "ListePeriodes")),
    )


def _period(item: Json, first_day: date, last_day: date) -> Period:
    kind = integer(item, "G")
    return Period(
        id=text(item, "N"),
        name=text(item, "L"),
        kind=PeriodKind(kind) if kind in set(PeriodKind) else None,
        first=day(item, "dateDebut") or first_day,
        last=day(item, "dateFin") or last_day,
    )


@decoder("ParametresUtilisateur")
def read_account(raw: Json) -> AccountFacts:
    """Read ParametresUtilisateur."""
    resource, rights = entry(raw, "ressource"), entry(raw, "autorisations")
    own = reference(resource)
    children = [resource] if own.kind == PUPIL_KIND else items(resource, "listeRessources")
    return AccountFacts(
        resource=own,
        establishment=text(entry(resource, "Etablissement"), "L"),
        pupils=tuple(_pupil(child) for child in children),
        hidden_tabs=frozenset(numbers(raw, "listeOngletsInvisibles")),
        advanced_discussions=bool(rights.get("AvecDiscussionAvancee")),
        largest_upload=number(rights, "tailleMaxRenduTafEleve"),
    )


def _pupil(child: Json) -> Pupil:
    own_class = named(child, "classeDEleve")
    return Pupil(
        id=text(child, "N"),
        name=text(child, "L"),
        class_name=own_class.name if own_class else "",
        establishment=text(entry(child, "Etablissement"), "L"),
    )


def local_midnight(on: date, timezone: ZoneInfo) -> datetime:
    """Return the beginning of a day at the school."""
    return datetime.combine(on, time(), timezone)
