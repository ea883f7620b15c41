"""The simulated school: what was generated, and what users wrote during the run."""

import hashlib
import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime

from carillon_pronote_simulator.school.accounts import Account, Kind, accounts
from carillon_pronote_simulator.school.attendance import Event, detentions, events_of
from carillon_pronote_simulator.school.calendar import school_year
from carillon_pronote_simulator.school.canteen import Meal, meals_of
from carillon_pronote_simulator.school.classwork import contents_of, homework_of
from carillon_pronote_simulator.school.communication import Discussion, News, discussions_of, news_of
from carillon_pronote_simulator.school.marks import Assessment, Evaluation, assessments_of, evaluations_of
from carillon_pronote_simulator.school.model import (
    Attachment,
    Group,
    Homework,
    Lesson,
    LessonContent,
    Pupil,
    Room,
    SchoolClass,
    SchoolYear,
    Teacher,
)
from carillon_pronote_simulator.school.people import People, people
from carillon_pronote_simulator.school.timetable import change_some, lessons_of_year, model_week, outing

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
    contents: list[LessonContent]
    homework: list[Homework]
    assessments: list[Assessment]
    evaluations: list[Evaluation]
    events: list[Event]
    meals: list[Meal]
    news: list[News]
    discussions: list[Discussion]
    attachments: dict[str, Attachment] = field(default_factory=dict)
    # PDF documents that were ordered: number to kind (`edt`, `bulletin`) and key of the resource.
    documents: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make every file findable by its key."""
        self.with_content = {content.lesson.key for content in self.contents}
        self.with_homework = {work.given_in.key for work in self.homework}
        self.keep(*(each for content in self.contents for each in content.attachments))
        self.keep(*(each for work in self.homework for each in work.attachments))
        self.keep(*(each for news in self.news for question in news.questions for each in question.attachments))
        self.keep(*(each for talk in self.discussions for message in talk.messages for each in message.attachments))

    def keep(self, *attachments: Attachment) -> None:
        """Make files downloadable."""
        self.attachments.update({attachment.key: attachment for attachment in attachments})

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
        begin = bisect_left(self.lessons, first, key=_day)
        end = bisect_right(self.lessons, last, key=_day)
        return [lesson for lesson in self.lessons[begin:end] if _has(lesson, resource)]

    def sort_lessons(self) -> None:
        """Put the lessons back in order after a change."""
        self.lessons.sort(key=lambda lesson: (lesson.start, lesson.key))

    def calendar_token(self, key: str) -> str:
        """The secret part of the iCal address of a resource; stable for a seed."""
        return hashlib.sha256(f"{self.seed}:calendar:{key}".encode()).hexdigest()[:32].upper()


def _day(lesson: Lesson) -> date:
    return lesson.start.date()


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
    lessons.append(outing(year, everybody, year.week_of(today)))
    events = events_of(rng, year, everybody, today)
    lessons += detentions(events)
    lessons.sort(key=lambda lesson: (lesson.start, lesson.key))
    ordinary = [lesson for lesson in lessons if lesson.kind == "lesson"]
    return School(
        today=today,
        seed=seed,
        year=year,
        people=everybody,
        lessons=lessons,
        accounts=accounts(everybody),
        contents=contents_of(rng, ordinary, today, year),
        homework=homework_of(rng, ordinary, today),
        assessments=assessments_of(rng, year, everybody, today),
        evaluations=evaluations_of(rng, year, everybody, today),
        events=events,
        meals=meals_of(rng, year),
        news=news_of(everybody, today),
        discussions=discussions_of(everybody, today),
    )
