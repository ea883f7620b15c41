"""Absences, delays, punishments, observations and measures of pupils."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from carillon_pronote_simulator.school.model import Lesson, Pupil, SchoolYear, StaffMember, Subject, Teacher
from carillon_pronote_simulator.school.people import SUBJECTS, People
from carillon_pronote_simulator.school.timetable import PLACES_PER_DAY, PLACES_PER_HOUR, moment

ABSENCE_REASONS = ("Maladie", "Raison familiale")
DELAY_REASONS = ("Transport", "Réveil")


@dataclass(frozen=True)
class Absence:
    """Hours missed from `start` to `end`."""

    key: str
    pupil: Pupil
    start: datetime
    end: datetime
    justified: bool
    reason: str

    @property
    def day(self) -> date:
        """The day it began."""
        return self.start.date()


@dataclass(frozen=True)
class Delay:
    """A late arrival."""

    key: str
    pupil: Pupil
    arrived: datetime
    minutes: int
    justified: bool
    reason: str

    @property
    def day(self) -> date:
        """The day of it."""
        return self.arrived.date()


@dataclass(frozen=True)
class Punishment:
    """A detention (when `served_in` is set) or a written work, asked for at a half-hour of a day."""

    key: str
    pupil: Pupil
    asked: date
    place: int
    by: Teacher
    nature: str
    reason: str
    circumstances: str
    work: str
    served_in: Lesson | None

    @property
    def day(self) -> date:
        """The day it was asked for."""
        return self.asked


@dataclass(frozen=True)
class Observation:
    """A note in the pupil's book; `kind` 1 is an observation, 2 an encouragement."""

    key: str
    pupil: Pupil
    day: date
    by: Teacher
    subject: Subject
    heading: str
    comment: str
    kind: Literal[1, 2]


@dataclass(frozen=True)
class PrecautionaryMeasure:
    """A ban from the site while a case is looked into."""

    key: str
    pupil: Pupil
    first: date
    last: date
    by: StaffMember
    comment: str

    @property
    def day(self) -> date:
        """The first day."""
        return self.first


Event = Absence | Delay | Punishment | Observation | PrecautionaryMeasure


def events_of(rng: random.Random, year: SchoolYear, everybody: People, today: date) -> list[Event]:
    """The events of the year so far; the first pupils have one of each, so that every page shows something."""
    days = [year.first_day + timedelta(days=offset) for offset in range((today - year.first_day).days)]
    open_days = [day for day in days if year.is_open(day)]
    events: list[Event] = []
    for number, pupil in enumerate(everybody.pupils):
        always = pupil.last_name == "PARENT"
        if always or rng.random() < 0.6:
            events.append(_absence(rng, pupil, rng.choice(open_days), number))
        if always or rng.random() < 0.5:
            events.append(_delay(rng, pupil, rng.choice(open_days), number))
        if always or rng.random() < 0.15:
            events.append(_detention(rng, pupil, everybody, year, rng.choice(open_days[:-5])))
            events.append(_written_work(pupil, everybody, rng.choice(open_days)))
        if always or rng.random() < 0.2:
            events += _observations(rng, pupil, everybody, open_days)
    ban = rng.choice(open_days)
    events.append(
        PrecautionaryMeasure("measure-0", everybody.pupils[0], ban, ban, everybody.staff[1], "Le temps de l'enquête")
    )
    return sorted(events, key=lambda event: (event.day, event.key))


def detentions(events: list[Event]) -> list[Lesson]:
    """The appointments at which detentions are served."""
    return [event.served_in for event in events if isinstance(event, Punishment) and event.served_in is not None]


def _absence(rng: random.Random, pupil: Pupil, day: date, number: int) -> Absence:
    hours = rng.choice((2, 4))
    start = moment(day, 0)
    end = start + timedelta(hours=hours)
    return Absence(f"absence-{number}", pupil, start, end, rng.random() < 0.7, rng.choice(ABSENCE_REASONS))


def _delay(rng: random.Random, pupil: Pupil, day: date, number: int) -> Delay:
    minutes = rng.choice((5, 10, 15))
    arrived = moment(day, 0) + timedelta(minutes=minutes)
    return Delay(f"delay-{number}", pupil, arrived, minutes, rng.random() < 0.5, rng.choice(DELAY_REASONS))


def _detention(rng: random.Random, pupil: Pupil, everybody: People, year: SchoolYear, day: date) -> Punishment:
    teacher = rng.choice(everybody.teachers[:6])
    key = f"detention-{pupil.key}"
    served = day + timedelta(days=7)
    while not year.is_open(served):
        served += timedelta(days=1)
    start = moment(served, PLACES_PER_DAY - PLACES_PER_HOUR)
    room = next(room for room in everybody.rooms if room.name == "CDI")
    lesson = Lesson(
        key=f"lesson-{key}",
        start=start,
        end=start + timedelta(hours=1),
        subject=Subject(f"subject-{key}", "Retenue", "#9E9E9E"),
        teachers=(teacher,),
        rooms=(room,),
        audience=pupil.school_class,
        kind="detention",
        only_for=frozenset({pupil.key}),
        layer=2,
    )
    return Punishment(
        key, pupil, day, 4, teacher, "Retenue", "Bavardage", "Bavardages répétés", "Rédaction d'une page", lesson
    )


def _written_work(pupil: Pupil, everybody: People, day: date) -> Punishment:
    teacher = everybody.teachers[0]
    key = f"work-{pupil.key}"
    return Punishment(key, pupil, day, 6, teacher, "Devoir supplémentaire", "Travail non fait", "", "Exercice 3", None)


def _observations(rng: random.Random, pupil: Pupil, everybody: People, days: list[date]) -> list[Observation]:
    subject = SUBJECTS["mathematics"]
    teacher = everybody.teachers[0]
    return [
        Observation(f"observation-{pupil.key}", pupil, rng.choice(days), teacher, subject, "Leçon", "Cahier oublié", 1),
        Observation(
            f"encouragement-{pupil.key}", pupil, rng.choice(days), teacher, subject, "Travail", "Beau progrès", 2
        ),
    ]
