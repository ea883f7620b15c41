"""What a snapshot means for one course that we may know already: pure, without a database.

Several calendars may show one course, and may disagree for a while. What counts is what the calendar with the newest
observation shows; what the others show is remembered beside their sighting, so that the outcome is the same in
whatever order snapshots arrive. A course that no calendar shows any longer is cancelled.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from carillon_contracts.events import ChangeKind


@dataclass(frozen=True, slots=True)
class Content:
    """What a calendar shows of a course; groups and rooms by our ids, ascending; times are UTC."""

    begin: datetime
    end: datetime
    name: str
    type: str | None
    notes: str | None
    groups: tuple[int, ...]
    rooms: tuple[int, ...]
    teachers: tuple[str, ...]
    cancelled: bool

    def as_json(self) -> dict[str, Any]:
        """As it is kept beside a sighting."""
        return {  # spelled out: dataclasses.asdict copies deeply, and was half of an import's work
            "begin": self.begin.isoformat(),
            "end": self.end.isoformat(),
            "name": self.name,
            "type": self.type,
            "notes": self.notes,
            "groups": self.groups,
            "rooms": self.rooms,
            "teachers": self.teachers,
            "cancelled": self.cancelled,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """What `as_json` gave."""
        return cls(
            begin=datetime.fromisoformat(kept["begin"]),
            end=datetime.fromisoformat(kept["end"]),
            name=kept["name"],
            type=kept["type"],
            notes=kept["notes"],
            groups=tuple(kept["groups"]),
            rooms=tuple(kept["rooms"]),
            teachers=tuple(kept["teachers"]),
            cancelled=kept["cancelled"],
        )

    def order(self) -> str:
        """Decides between two calendars observed at the same instant, the same way every time."""
        return json.dumps(self.as_json(), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """A calendar's sighting of a course.

    `content` is None where it is what the course row holds. `event_id` is None where it is the course's: a calendar
    that was not read since the course moved shows it under another one, with a content.
    """

    calendar_id: int
    day: date
    observed_at: datetime
    content: Content | None = None
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A course after a snapshot: what its row should hold, and its sightings, each against that."""

    content: Content
    sightings: tuple[Seen, ...]


def show(row: Content | None, sightings: tuple[Seen, ...], seen: Seen, content: Content) -> Settled:
    """A calendar shows the course as `content`; `row` is None if we did not know it."""
    others = tuple(_spelled_out(other, row) for other in sightings if other.calendar_id != seen.calendar_id)
    return _settle((*others, replace(seen, content=content)), content)


def withdraw(row: Content, sightings: tuple[Seen, ...], calendar_id: int) -> Settled:
    """A calendar shows the course no longer."""
    others = tuple(_spelled_out(other, row) for other in sightings if other.calendar_id != calendar_id)
    return _settle(others, replace(row, cancelled=True))


def _spelled_out(seen: Seen, row: Content | None) -> Seen:
    return seen if seen.content is not None or row is None else replace(seen, content=row)


def _settle(sightings: tuple[Seen, ...], otherwise: Content) -> Settled:
    """Let the newest sighting decide; `otherwise` where there is none."""
    if not sightings:
        return Settled(otherwise, ())
    newest = sightings[0]
    if len(sightings) > 1:
        newest = max(sightings, key=lambda seen: (seen.observed_at, (seen.content or otherwise).order()))
    content = newest.content or otherwise
    return Settled(content, tuple(_against(content, seen) for seen in sightings))


def _against(row: Content, seen: Seen) -> Seen:
    """The sighting as it is kept beside its row; one under another event id is always spelled out."""
    return replace(seen, content=None) if seen.content == row and seen.event_id is None else seen


def kind_of(before: Content | None, after: Content) -> ChangeKind | None:
    """What happened between two states; None if nothing did."""
    if before is None:
        return ChangeKind.CANCELLED if after.cancelled else ChangeKind.ADDED
    if before == after:
        return None
    if before.cancelled != after.cancelled:
        return ChangeKind.CANCELLED if after.cancelled else ChangeKind.RESTORED
    if (before.begin, before.end) != (after.begin, after.end):
        return ChangeKind.MOVED
    if before.rooms != after.rooms:
        return ChangeKind.ROOM
    return ChangeKind.RENAMED if before.name != after.name else ChangeKind.OTHER
