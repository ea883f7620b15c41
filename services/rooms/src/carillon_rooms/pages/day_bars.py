"""Rooms × hours: a day's timelines as rows of table cells, each some slots of five minutes wide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from carillon_kit.languages import Language

from carillon_rooms.availability import DayTimelines, Segment, State
from carillon_rooms.explanations import REASONS
from carillon_rooms.institution_time import at as at_zone
from carillon_rooms.institution_time import window_of
from carillon_rooms.occupancy_index import Room
from carillon_rooms.rooms_state import Known
from carillon_rooms.spans import Span

SLOT_S = 300
SLOTS_AN_HOUR = 3600 // SLOT_S
_FIRST_HOUR, _LAST_HOUR = 7, 21


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a row: `width` slots in one state; `course` is what takes place, if one course does."""

    width: int
    state: str
    begin: datetime
    end: datetime
    explanation: str
    course: int | None


@dataclass(frozen=True, slots=True)
class RoomBar:
    """A room's row."""

    id: int
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class DayBars:
    """The table: its hours from left to right, the time asked for as slots before, in and after it, its rows."""

    day: date
    hours: tuple[int, ...]
    asked: tuple[int, int, int]
    rows: tuple[RoomBar, ...]


def of_day(known: Known, day: date, asked: Span, rooms: Iterable[Room], language: Language) -> DayBars:
    """The day's table from 7 to 21 o'clock of the institution's clock."""
    shown = window_of(day, time(_FIRST_HOUR), time(_LAST_HOUR), known.zone)
    timelines = DayTimelines(known.index, known.policy, (day,), known.zone, known.now)
    rows = []
    for room in rooms:
        segments = timelines.of(room.named.id, room.named.name)
        cells = _cells(known, _joined(segments, shown), shown, language)
        rows.append(RoomBar(room.named.id, room.named.name, cells))
    begin, end = (_slot(instant, shown) for instant in asked)
    return DayBars(
        day, tuple(range(_FIRST_HOUR, _LAST_HOUR)), (begin, end - begin, _slot(shown.end, shown) - end), tuple(rows)
    )


def _slot(instant: int, shown: Span) -> int:
    """The nearest slot's border, from 0 at the left edge."""
    return (min(max(instant, shown.begin), shown.end) - shown.begin + SLOT_S // 2) // SLOT_S


def _joined(segments: Iterable[Segment], shown: Span) -> Iterable[Segment]:
    for segment in segments:
        begin, end = max(segment.span.begin, shown.begin), min(segment.span.end, shown.end)
        if begin < end:
            yield segment._replace(span=Span(begin, end))


def _cells(known: Known, segments: Iterable[Segment], shown: Span, language: Language) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            width=width,
            state="closed" if segment.state is State.BUSY and not segment.courses else segment.state.value,
            begin=at_zone(segment.span.begin, known.zone),
            end=at_zone(segment.span.end, known.zone),
            explanation=REASONS[segment.reason].in_language(language),
            course=segment.courses[0] if segment.courses else None,
        )
        for segment in segments
        if (width := _slot(segment.span.end, shown) - _slot(segment.span.begin, shown)) > 0
    )
