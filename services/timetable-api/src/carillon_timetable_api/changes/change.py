"""One change as it is served, and several of one course as one."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from carillon_contracts.events import ChangeKind
from sqlalchemy import Row

from carillon_timetable_api.snapshot import Content, kind_of

State = dict[str, Any]
_SHOWN = ("name", "type", "notes", "begin", "end", "cancelled", "groups", "rooms")


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the journal; `before` and `after` hold `_SHOWN`, times in the institution's zone."""

    number: int
    at: datetime
    kind: ChangeKind
    course: int
    source: int
    groups: frozenset[int]
    rooms: frozenset[int]
    before: State | None
    after: State

    def begins(self) -> list[datetime]:
        """When the course was to begin, and when it now begins."""
        return [datetime.fromisoformat(state["begin"]) for state in (self.before, self.after) if state]

    def fields(self) -> list[str]:
        """What differs; everything of a course that is new."""
        before = self.before or {}
        return [name for name in _SHOWN if before.get(name) != self.after[name] or self.before is None]

    def body(self) -> dict[str, Any]:
        """As it is served."""
        return {
            "id": self.number,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "course": self.course,
            "source": self.source,
            "fields": self.fields(),
            "before": self.before,
            "after": self.after,
        }

    def text(self) -> str:
        """The body as one line of JSON."""
        return json.dumps(self.body(), ensure_ascii=False, separators=(",", ":"))


def read(row: Row[Any], zone: ZoneInfo) -> Change:
    """A row of the table `journal`."""
    return Change(
        number=row.number,
        at=row.at.astimezone(zone),
        kind=ChangeKind(row.kind),
        course=row.course_id,
        source=row.source_id,
        groups=frozenset(row.group_ids),
        rooms=frozenset(row.room_ids),
        before=_shown(row.before, zone) if row.before else None,
        after=_shown(row.after, zone),
    )


def _shown(state: State, zone: ZoneInfo) -> State:
    times = {
        name: datetime.fromisoformat(state[name]).astimezone(zone).isoformat() for name in ("begin", "end")
    }  # fmt: skip
    return {name: times.get(name, state[name]) for name in _SHOWN}


def digest(changes: Iterable[Change]) -> list[Change]:
    """Several changes of one course become one, from the first's before to the last's after; none if they undo it.

    In the order of each course's last change, under whose number it stands.
    """
    merged: dict[int, Change] = {}
    for change in changes:
        earlier = merged.pop(change.course, None)
        if earlier is not None:
            groups, rooms = change.groups | earlier.groups, change.rooms | earlier.rooms
            # It takes the place of both.
            change = replace(change, before=earlier.before, groups=groups, rooms=rooms)  # noqa: PLW2901
        merged[change.course] = change
    kinds = {course: _kind(change) for course, change in merged.items()}
    return [replace(change, kind=kind) for course, change in merged.items() if (kind := kinds[course]) is not None]


def _kind(change: Change) -> ChangeKind | None:
    if change.before is None and change.after["cancelled"]:
        return None  # it came and went unseen
    return kind_of(_content(change.before) if change.before else None, _content(change.after))


def _content(state: State) -> Content:
    ids = {of: sorted(named["id"] for named in state[of]) for of in ("groups", "rooms")}
    return Content.from_json({**state, **ids, "teachers": []})


def is_within(change: Change, now: datetime, horizon: timedelta | None) -> bool:
    """Whether the course was or is to begin between `now` and the horizon; always without one."""
    return horizon is None or any(now <= begin <= now + horizon for begin in change.begins())
