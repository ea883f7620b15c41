"""What changed in a timetable, typed: Pronote shows the old and the new lesson side by side, without a link."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from carillon_pronote.pages.timetable import Lesson

_MOVED = re.compile(r"d[ée]plac|report[ée]", re.IGNORECASE)


class ChangeKind(Enum):
    """What happened."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    REPLACED = "replaced"
    CHANGED = "changed"


@dataclass(frozen=True)
class LessonChange:
    """A change: `before` is the lesson that is not held, `after` the one that is held in its place; one may be None."""

    kind: ChangeKind
    before: Lesson | None
    after: Lesson | None


def changes(lessons: Iterable[Lesson]) -> list[LessonChange]:
    """Every change among the lessons of a span, by time.

    A lesson that is not held is *moved* when its word says so and one of the same subject and teachers says so too,
    *replaced* when another one is held at its time, else *cancelled*. A held one that has a word of its own
    ("Changement de salle") is *changed*.
    """
    found = list(lessons)
    held = [one for one in found if not one.cancelled]
    used: set[str] = set()
    shown = [_dropped(one, held, used) for one in found if one.cancelled]
    for one in held:
        if one.status and one.id not in used:
            kind = ChangeKind.MOVED if _MOVED.search(one.status) else ChangeKind.CHANGED
            shown.append(LessonChange(kind, None, one))
    return sorted(shown, key=lambda change: (change.before or change.after or found[0]).start)


def _dropped(one: Lesson, held: list[Lesson], used: set[str]) -> LessonChange:
    moved = [
        other
        for other in held
        if _MOVED.search(one.status)
        and other.id not in used
        and _MOVED.search(other.status)
        and (other.label, set(other.teachers)) == (one.label, set(one.teachers))
    ]
    at_its_time = [other for other in held if other.id not in used and other.start < one.end and one.start < other.end]
    for kind, candidates in ((ChangeKind.MOVED, moved), (ChangeKind.REPLACED, at_its_time)):
        if candidates:
            nearest = min(candidates, key=lambda other: abs(other.start - one.start))
            used.add(nearest.id)
            return LessonChange(kind, one, nearest)
    return LessonChange(ChangeKind.CANCELLED, one, None)
