"""Changes of the timetable while the simulator runs."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from carillon_pronote_simulator.school.model import Group, Lesson, Room, SchoolClass, Subject, Teacher
from carillon_pronote_simulator.school.people import SUBJECTS
from carillon_pronote_simulator.school.school import Resource, School

_ZONE = ZoneInfo("Europe/Paris")


class UnknownNameError(LookupError):
    """No resource or subject of that name."""


class LessonChange(BaseModel):
    """What to change; what is not given stays. Times with an offset, or wall-clock times of Paris."""

    model_config = ConfigDict(extra="forbid")

    start: datetime | None = None
    end: datetime | None = None
    subject: str | None = None
    teachers: list[str] | None = None
    rooms: list[str] | None = None
    cancelled: bool | None = None
    status: str | None = None
    memo: str | None = None


class NewLesson(BaseModel):
    """A lesson of a class or group."""

    model_config = ConfigDict(extra="forbid")

    start: datetime
    end: datetime
    subject: str
    audience: str
    teachers: list[str] = []
    rooms: list[str] = []
    status: str | None = None


def named(school: School, name: str) -> Resource:
    """The class, group, room, teacher or pupil of that name.

    Raises:
        UnknownNameError: there is none.
    """
    people = school.people
    everything: tuple[Resource, ...] = (
        *people.classes,
        *people.groups,
        *people.rooms,
        *people.teachers,
        *people.pupils,
    )
    for resource in everything:
        if resource.name == name:
            return resource
    raise UnknownNameError(f"no class, group, room, teacher or pupil is called {name!r}")


def _teachers(school: School, names: list[str]) -> tuple[Teacher, ...]:
    return tuple(each for name in names if isinstance(each := named(school, name), Teacher))


def _rooms(school: School, names: list[str]) -> tuple[Room, ...]:
    return tuple(each for name in names if isinstance(each := named(school, name), Room))


def _subject(name: str) -> Subject:
    for subject in SUBJECTS.values():
        if subject.name == name:
            return subject
    raise UnknownNameError(f"no subject is called {name!r}")


def _wall(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(_ZONE).replace(tzinfo=None)


def change(school: School, lesson: Lesson, changed: LessonChange) -> Lesson:
    """Apply a change; a new start without a new end keeps the length, an empty status takes it away.

    Raises:
        UnknownNameError: a teacher, room or subject does not exist; nothing is changed then.
    """
    teachers = lesson.teachers if changed.teachers is None else _teachers(school, changed.teachers)
    rooms = lesson.rooms if changed.rooms is None else _rooms(school, changed.rooms)
    subject = lesson.subject if changed.subject is None else _subject(changed.subject)
    length = lesson.end - lesson.start
    if changed.start is not None:
        lesson.start = _wall(changed.start)
        lesson.end = lesson.start + length
    if changed.end is not None:
        lesson.end = _wall(changed.end)
    lesson.teachers, lesson.rooms, lesson.subject = teachers, rooms, subject
    if changed.cancelled is not None:
        lesson.cancelled = changed.cancelled
    if changed.status is not None:
        lesson.status = changed.status or None
    if changed.memo is not None:
        lesson.memo = changed.memo or None
    school.sort_lessons()
    return lesson


def add(school: School, new: NewLesson) -> Lesson:
    """Add a lesson.

    Raises:
        UnknownNameError: a name does not exist, or the audience is neither class nor group.
    """
    audience = named(school, new.audience)
    if not isinstance(audience, (SchoolClass, Group)):
        raise UnknownNameError(f"{new.audience!r} is neither a class nor a group")
    lesson = Lesson(
        key=f"lesson-added-{len(school.lessons)}",
        start=_wall(new.start),
        end=_wall(new.end),
        subject=_subject(new.subject),
        teachers=_teachers(school, new.teachers),
        rooms=_rooms(school, new.rooms),
        audience=audience,
        status=new.status,
    )
    school.lessons.append(lesson)
    school.sort_lessons()
    return lesson
