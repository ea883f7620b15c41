"""A room's answer in the form in which it is shown."""

from dataclasses import dataclass
from datetime import datetime

from carillon_kit.languages import Language

from carillon_rooms.availability import Answer, State
from carillon_rooms.explanations import REASONS
from carillon_rooms.institution_time import at as at_zone
from carillon_rooms.occupancy_index import Room
from carillon_rooms.rooms_state import Known
from carillon_rooms.spans import Span


@dataclass(frozen=True, slots=True)
class RoomShown:
    """A room with its state; `until` is None where the day's end ends its free time."""

    id: int
    name: str
    building: str | None
    access: str | None
    state: State
    explanation: str
    free_from: datetime | None
    until: datetime | None
    is_locked_perhaps: bool


def shown(known: Known, room: Room, found: Answer, window: Span, language: Language) -> RoomShown:
    """The answer for a window."""
    building = known.policy.rules_of(room.named.name).building
    until = None if found.free_until is None else at_zone(found.free_until, known.zone)
    ends_with_day = until is not None and until.hour == until.minute == 0 and found.free_until != window.end
    begin = None if found.free_from is None or found.state is State.FREE else at_zone(found.free_from, known.zone)
    return RoomShown(
        id=room.named.id,
        name=room.named.name,
        building=building.name if building else None,
        access=building.access if building else None,
        state=found.state,
        explanation=REASONS[found.reason].in_language(language),
        free_from=begin,
        until=None if ends_with_day else until,
        is_locked_perhaps=found.reason.value == "no-course-that-day",
    )
