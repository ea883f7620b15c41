"""The simulated school: what was generated, and what users wrote during the run."""

import hashlib
import random
from dataclasses import dataclass
from datetime import date, datetime

from carillon_pronote_simulator.school.accounts import Account, Kind, accounts
from carillon_pronote_simulator.school.calendar import school_year
from carillon_pronote_simulator.school.model import Group, Lesson, Pupil, Room, SchoolClass, SchoolYear, Teacher
from carillon_pronote_simulator.school.people import People, people
from carillon_pronote_simulator.school.timetable import change_some, lessons_of_year, model_week

Resource = Pupil | Teacher | Room | SchoolClass | Group


@dataclass
class School:
    """Everything one simulated instance knows; `today` is the day it was made for."""

    today: date
    seed: int
    year: SchoolYear
    people: People
    lessons: list[Lesson]
    accounts: dict[tuple[Kind, str], Account]

    @property
    def now(self) -> datetime:
        """Noon of the day the school was made for: what it shows does not depend on the hour."""
        return datetime.combine(self.today, datetime.min.time()).replace(hour=12)

    def pupil(self, key: str) -> Pupil:
        """A pupil by key."""
        return next(pupil for pupil in self.people.pupils if pupil.key == key)

    def resource(self, key: str) -> Resource | None:
        """Anything that has a timetable, by key."""
        everything: tuple[Resource, ...] = (
            *self.people.pupils,
            *self.people.teachers,
            *self.people.rooms,
            *self.people.classes,
            *self.people.groups,
        )
        return next((resource for resource in everything if resource.key == key), None)

    def lessons_of(self, resource: Resource, first: date, last: date) -> list[Lesson]:
        """The timetable of a resource from `first` to `last`, both included, in order."""
        return [lesson for lesson in self.lessons if first <= lesson.start.date() <= last and _has(lesson, resource)]

    def calendar_token(self, key: str) -> str:
        """The secret part of the iCal address of a resource; stable for a seed."""
        return hashlib.sha256(f"{self.seed}:calendar:{key}".encode()).hexdigest()[:32].upper()


def _has(lesson: Lesson, resource: Resource) -> bool:
    if isinstance(resource, Pupil):
        return lesson.concerns(resource)
    return resource in lesson.teachers or resource in lesson.rooms or resource == lesson.audience


def make_school(today: date, seed: int = 1) -> School:
    """The school for a day; the same day and seed always give the same school."""
    rng = random.Random(seed)
    year = school_year(today)
    everybody = people(rng, year.first_day)
    lessons = lessons_of_year(year, model_week(rng, everybody))
    change_some(rng, year, everybody, lessons)
    return School(today, seed, year, everybody, lessons, accounts(everybody))
