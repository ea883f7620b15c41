"""The things a school consists of. All times are wall-clock times of the school (Europe/Paris), all keys are stable."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal


@dataclass(frozen=True)
class Subject:
    """A taught subject with the colour of its lessons."""

    key: str
    name: str
    colour: str


@dataclass(frozen=True)
class Teacher:
    """A teacher; `name` is how Pronote shows it, such as `Mme PETIT Anne`."""

    key: str
    name: str
    subjects: tuple[Subject, ...]


@dataclass(frozen=True)
class StaffMember:
    """A member of the school life team or of the administration."""

    key: str
    name: str
    function: str


@dataclass(frozen=True)
class Room:
    """A room."""

    key: str
    name: str


@dataclass(frozen=True)
class SchoolClass:
    """A class with the level it belongs to."""

    key: str
    name: str
    level: str


@dataclass(frozen=True)
class Group:
    """Pupils of one or several classes who follow a subject together."""

    key: str
    name: str


@dataclass(frozen=True)
class Guardian:
    """A parent as the pupil's file shows it."""

    key: str
    last_name: str
    first_name: str
    title: str
    relation: str
    email: str
    born: date

    @property
    def name(self) -> str:
        """How Pronote shows the person."""
        return f"{self.title} {self.last_name} {self.first_name}"


@dataclass(frozen=True)
class Pupil:
    """A pupil with class, groups and guardians."""

    key: str
    last_name: str
    first_name: str
    school_class: SchoolClass
    groups: tuple[Group, ...]
    guardians: tuple[Guardian, ...]
    born: date
    male: bool
    national_number: str
    email: str

    @property
    def name(self) -> str:
        """How Pronote shows the pupil."""
        return f"{self.last_name} {self.first_name}"


LessonKind = Literal["lesson", "detention", "outing"]


@dataclass
class Lesson:
    """One appointment of the timetable; `audience` is a class or a group."""

    key: str
    start: datetime
    end: datetime
    subject: Subject
    teachers: tuple[Teacher, ...]
    rooms: tuple[Room, ...]
    audience: SchoolClass | Group
    cancelled: bool = False
    status: str | None = None
    memo: str | None = None
    video_address: str | None = None
    test: bool = False
    kind: LessonKind = "lesson"
    exempted: frozenset[str] = frozenset()
    only_for: frozenset[str] = frozenset()
    layer: int = 0

    def concerns(self, pupil: Pupil) -> bool:
        """Whether the lesson is in the pupil's timetable."""
        if self.only_for:
            return pupil.key in self.only_for
        return self.audience == pupil.school_class or self.audience in pupil.groups


@dataclass(frozen=True)
class Attachment:
    """A file with its bytes, or a link when `address` is given."""

    key: str
    name: str
    content: bytes = b""
    address: str | None = None


@dataclass(frozen=True)
class LessonContent:
    """What was done in a lesson."""

    key: str
    lesson: Lesson
    title: str
    html: str
    category: tuple[int, str]
    attachments: tuple[Attachment, ...]


@dataclass
class Homework:
    """Work given in one lesson for a later day; `done` and `handed_in` hold pupils' keys."""

    key: str
    given_in: Lesson
    due: date
    html: str
    difficulty: int
    minutes: int
    hand_in: int
    attachments: tuple[Attachment, ...]
    done: set[str] = field(default_factory=set)
    handed_in: dict[str, Attachment] = field(default_factory=dict)


@dataclass(frozen=True)
class Period:
    """A term, semester or year; `kind` is 1, 2 or 3."""

    key: str
    name: str
    kind: int
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Holiday:
    """Days without lessons."""

    key: str
    name: str
    first: date
    last: date


@dataclass(frozen=True)
class SchoolYear:
    """The calendar: week 1 starts on `first_monday`."""

    first_monday: date
    first_day: date
    last_day: date
    weeks: int
    holidays: tuple[Holiday, ...]
    periods: tuple[Period, ...]

    def week_of(self, day: date) -> int:
        """The school's number of the week a day lies in; 1 or more within the year."""
        return 1 + (day - self.first_monday).days // 7

    def monday_of(self, week: int) -> date:
        """The Monday a week starts with."""
        return self.first_monday + timedelta(weeks=week - 1)

    def is_open(self, day: date) -> bool:
        """Whether lessons are held on that day."""
        within = self.first_day <= day <= self.last_day and day.weekday() < 5
        return within and not any(holiday.first <= day <= holiday.last for holiday in self.holidays)
