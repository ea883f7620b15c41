"""Lessons as courses: what concerns the class, and nothing that concerns a pupil.

Left out are detentions, exemptions, memos, contents, homework, who is in it and, unless asked for, who teaches.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from carillon_contracts.course import Course, GroupName
from carillon_pronote.pages.timetable import Lesson

from carillon_pronote_gateway.lesson_changes import ChangeKind, changes


@dataclass(frozen=True)
class Meeting:
    """A lesson to publish; `origin` is when it was to be held, if it was moved within the week."""

    lesson: Lesson
    groups: tuple[str, ...]
    origin: datetime

    @property
    def sort(self) -> str:
        """What stays the same when it moves: the subject and who takes part."""
        return "\n".join((self.lesson.label, *self.groups))


def meetings(lessons: Iterable[Lesson], school_class: str) -> list[Meeting]:
    """The lessons of one week to publish; of a moved one the new place only."""
    public = [lesson for lesson in lessons if not lesson.detention]
    moved = {
        change.after.id: change.before
        for change in changes(public)
        if change.kind is ChangeKind.MOVED and change.before and change.after
    }
    left = {before.id for before in moved.values()}
    found = []
    for lesson in public:
        if lesson.id not in left:
            before = moved.get(lesson.id)
            groups = lesson.groups or lesson.classes or (school_class,)
            found.append(Meeting(lesson, groups, before.start if before else lesson.start))
    return found


def identified(found: Iterable[Meeting], known: dict[str, tuple[str, str]], seed: str) -> dict[str, Meeting]:
    """Give each meeting an id that it keeps while it moves within the week.

    `known` has, by id, the sort and the origin of the week's meetings as they were last seen. Pronote's own numbers
    change with every session, so that a meeting is known again by its subject, groups and time; one that is at a new
    time takes the id of one of the same sort that has gone.
    """
    result: dict[str, Meeting] = {}
    rest: list[Meeting] = []
    free = dict(known)
    for meeting in sorted(found, key=lambda one: (one.origin, one.lesson.position)):
        same = next((id_ for id_, seen in free.items() if seen == (meeting.sort, meeting.origin.isoformat())), None)
        if same is None:
            rest.append(meeting)
        else:
            del free[same]
            result[same] = meeting
    for meeting in rest:
        gone = next((id_ for id_, seen in free.items() if seen[0] == meeting.sort), None)
        if gone is not None:
            del free[gone]
        id_ = gone or _new_id(meeting, seed, {*known, *result})
        result[id_] = meeting
    return result


def _new_id(meeting: Meeting, seed: str, taken: set[str]) -> str:
    number = 0
    while True:
        told = "\n".join((seed, meeting.sort, meeting.origin.isoformat(), str(number)))
        id_ = hashlib.sha256(told.encode()).hexdigest()[:24]
        if id_ not in taken:
            return id_
        number += 1


def course(id_: str, meeting: Meeting, level: str, *, with_teachers: bool) -> Course:
    """A meeting as the event shows it."""
    lesson = meeting.lesson
    return Course(
        event_id=id_,
        begin=lesson.start,
        end=lesson.end,
        name=lesson.label or lesson.status or "Cours",
        notes=lesson.status or None,
        groups=tuple(GroupName(name=name, mention=level) for name in meeting.groups),
        rooms=lesson.rooms,
        teachers=lesson.teachers if with_teachers else (),
        status="cancelled" if lesson.cancelled else "planned",
    )
