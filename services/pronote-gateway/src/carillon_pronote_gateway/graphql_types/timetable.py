"""Lessons and how they change."""

from datetime import datetime

import strawberry

from carillon_pronote_gateway.lesson_changes import ChangeKind


@strawberry.type
class Lesson:
    """A lesson, detention or outing of a timetable."""

    id: str
    from_: datetime = strawberry.field(name="from")
    to: datetime
    is_detention: bool
    has_duplicate: bool
    subject: str | None = None
    teacher: str | None = None
    room: str | None = None
    status: str | None = None
    is_away: bool | None = None
    is_cancelled: bool | None = None
    color: str | None = None
    remote_lesson: bool | None = None
    pronote_id: str = strawberry.field(description="Of this session; an addition of Carillon, as all below.")
    teachers: list[str]
    rooms: list[str]
    classes: list[str]
    groups: list[str]
    memo: str | None = None
    virtual_rooms: list[str]


strawberry.enum(ChangeKind, name="LessonChangeKind", description="What happened to a lesson.")


@strawberry.type
class LessonChange:
    """A change of the timetable: the lesson that is not held, and the one that is held in its place."""

    kind: ChangeKind
    before: Lesson | None = None
    after: Lesson | None = None
