"""What several snapshots of one read mean together: a course that went and came has moved. Pure.

A snapshot is of one week, so a meeting that is put into another week is withdrawn by one snapshot and shown by another;
a source that makes an event anew withdraws the old one and shows a new one. Neither is two changes to those who read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from carillon_contracts.events import ChangeKind

from carillon_timetable_api.course_rows import Written
from carillon_timetable_api.snapshot import Content, kind_of

LOOKS_BACK = timedelta(days=7)
"""A meeting of longer ago that goes was dropped from an archive: it has not moved."""


class Move(NamedTuple):
    """A course that went, and the new one that it has become."""

    gone: Written
    come: Written

    def as_change(self) -> Written | None:
        """The one change; None if the new course is as the old one was."""
        kind = kind_of(self.gone.before, self.come.after)
        if kind is None:
            return None
        return replace(self.come, course_id=self.gone.course_id, kind=kind, before=self.gone.before)


def net(written: Iterable[Written]) -> list[Written]:
    """Several changes of one course as one, from the first's before to the last's after; of no kind if they undo it."""
    merged: dict[int, Written] = {}
    for change in written:
        earlier = merged.pop(change.course_id, None)
        merged[change.course_id] = change if earlier is None else _both(earlier, change)
    return list(merged.values())


def _both(earlier: Written, change: Written) -> Written:
    kind, is_dropped = kind_of(earlier.before, change.after), earlier.is_dropped or change.is_dropped
    return replace(change, kind=kind, before=earlier.before, is_dropped=is_dropped)


def moves(changes: Iterable[Written], observed_at: datetime, stale: Collection[int]) -> list[Move]:
    """Which courses that went have become which new ones: the likest first, each once.

    They have the same name, type and groups. A course has gone once a calendar has dropped it and only `stale` ones,
    which other sources showed before this read, still have it. One that its source marks as cancelled has not moved.
    """
    gone: dict[object, list[Written]] = defaultdict(list)
    come: dict[object, list[Written]] = defaultdict(list)
    for change in changes:
        if change.before is None and change.kind is ChangeKind.ADDED:
            come[_teaching(change.after)].append(change)
        elif _has_gone(change, stale) and change.after.end > observed_at - LOOKS_BACK:
            gone[_teaching(change.after)].append(change)
    return [move for teaching in gone for move in _likest(gone[teaching], come[teaching])]


def _has_gone(change: Written, stale: Collection[int]) -> bool:
    if change.before is None or change.before.cancelled:
        return False
    if not change.shown_by:
        return change.after.cancelled
    return change.is_dropped and not change.after.cancelled and change.shown_by <= set(stale)


def _teaching(content: Content) -> object:
    return content.name, content.type, content.groups


def _likest(gone: list[Written], come: list[Written]) -> Iterator[Move]:
    possible = (Move(one, other) for one in gone for other in come if one.shown_by.isdisjoint(other.shown_by))
    candidates = sorted(possible, key=_unlikeness)
    taken: set[int] = set()
    for move in candidates:
        if taken.isdisjoint(ids := {move.gone.course_id, move.come.course_id}):
            taken |= ids
            yield move


def _unlikeness(move: Move) -> tuple[object, ...]:
    before, after = move.gone.after, move.come.after
    return (
        abs(after.begin - before.begin),
        after.end - after.begin != before.end - before.begin,
        after.rooms != before.rooms,
        move.gone.course_id,
        move.come.course_id,
    )
