"""Free, busy or unknown: what a room's courses, the sources' coverage and the operator's policy say together.

Pure: the index, the policy and the time of asking are passed in. Where several things hold for a moment, the first
of this order is said: a known course; closed by the policy; unknown; free.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from carillon_rooms.institution_time import day_of, window_of
from carillon_rooms.occupancy_index import Covered, OccupancyIndex, Taken
from carillon_rooms.room_policy import Opening, RoomPolicy
from carillon_rooms.spans import BusyTimes, Span, gaps


class State(StrEnum):
    """Whether a room can be had."""

    FREE = "free"
    BUSY = "busy"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a room is in its state; stable words, explained in `explanations.py`."""

    COURSE = "course"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    BETWEEN_COURSES = "between-courses"
    NO_COURSE_THAT_DAY = "no-course-that-day"
    NOT_COVERED = "not-covered"
    PARTLY_COVERED = "partly-covered"
    STALE = "stale"
    UNREADABLE = "unreadable"


class Segment(NamedTuple):
    """A part of a day in which a room's state and its reason are the same."""

    span: Span
    state: State
    reason: Reason
    courses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A room's state for a window, and when it is free near it.

    `free_from` and `free_until` bound the free time that holds the window or, where the room is not free, the next
    free time of the asked days that is long enough; both None if there is none.
    """

    state: State
    reason: Reason
    free_from: int | None
    free_until: int | None


class DayTimelines:
    """Timelines of one run of days; what rooms have in common is worked out once."""

    def __init__(
        self, index: OccupancyIndex, policy: RoomPolicy, days: tuple[date, ...], zone: ZoneInfo, now: datetime
    ) -> None:
        self._index, self._policy, self._days, self._zone = index, policy, days, zone
        self._doubt = {day: _doubt(index, policy, day, now) for day in days}
        self._without_courses: dict[str | None, list[tuple[date, list[Segment]]]] = {}

    def of(self, room: int, name: str) -> list[Segment]:
        """The room's segments from the first midnight to the last, without a gap."""
        rules = self._policy.rules_of(name)
        key = rules.building.name if rules.building else None
        if key not in self._without_courses:
            self._without_courses[key] = [(day, list(self._open_hours(day, rules.opening))) for day in self._days]
        return [
            segment
            for day, empty in self._without_courses[key]
            for segment in _with_courses(empty, self._index.taken(room, _extent(empty), [day]))
        ]

    def _open_hours(self, day: date, opening: Opening | None) -> Iterator[Segment]:
        whole = day_of(day, self._zone)
        if self._policy.holiday_on(day) is not None:
            yield Segment(whole, State.BUSY, Reason.HOLIDAY)
            return
        state, reason = self._doubt[day] or (State.FREE, Reason.NO_COURSE_THAT_DAY)
        if opening is None:
            yield Segment(whole, state, reason)
            return
        hours = BusyTimes(_hours_of(day, opening, whole, self._zone))
        closed = [Segment(span, State.BUSY, Reason.CLOSED) for span in gaps(hours.within(whole), whole)]
        yield from sorted([*closed, *(Segment(span, state, reason) for span in hours.within(whole))])


def answer(timeline: list[Segment], window: Span) -> Answer:
    """The state of a room for a window, from its timeline of the window's days."""
    inside = [one for one in timeline if one.span.begin < window.end and one.span.end > window.begin]
    worst = min(inside, key=lambda one: (_SEVERITY[one.state], one.span.begin))
    length = window.end - window.begin
    for free in _free_times(timeline):
        begin = free.begin if worst.state is State.FREE else max(free.begin, window.begin)
        if free.end - max(begin, window.begin) >= length:
            return Answer(worst.state, worst.reason, begin, free.end)
    return Answer(worst.state, worst.reason, None, None)


_SEVERITY = {State.BUSY: 0, State.UNKNOWN: 1, State.FREE: 2}


def _free_times(timeline: Iterable[Segment]) -> Iterator[Span]:
    """Free segments, those that touch as one: midnight does not end a free time."""
    yield from BusyTimes(one.span for one in timeline if one.state is State.FREE).within(_ALWAYS)


_ALWAYS = Span(-(2**62), 2**62)


def _with_courses(empty: list[Segment], taken: list[Taken] | None) -> Iterator[Segment]:
    if taken is None:
        for segment in empty:
            unknown = segment.state is not State.BUSY
            yield segment._replace(state=State.UNKNOWN, reason=Reason.UNREADABLE) if unknown else segment
        return
    courses = list(_merged(taken))
    for segment in empty:
        busy = [(part, one) for one in courses if (part := _part(one.span, segment.span)) is not None]
        reason = Reason.BETWEEN_COURSES if courses and segment.state is State.FREE else segment.reason
        rest = [segment._replace(span=span, reason=reason) for span in gaps((part for part, _ in busy), segment.span)]
        yield from sorted([*rest, *(one._replace(span=part) for part, one in busy)])


def _merged(taken: list[Taken]) -> Iterator[Segment]:
    """Courses that overlap as one segment; sorted input, disjoint output; those of no length block nothing."""
    begin, end, courses = 0, 0, list[int]()
    for (first, last), course in taken:
        if first == last:
            continue
        if courses and first < end:
            end = max(end, last)
            courses.append(course)
            continue
        if courses:
            yield Segment(Span(begin, end), State.BUSY, Reason.COURSE, tuple(courses))
        begin, end, courses = first, last, [course]
    if courses:
        yield Segment(Span(begin, end), State.BUSY, Reason.COURSE, tuple(courses))


def _part(span: Span, window: Span) -> Span | None:
    begin, end = max(span.begin, window.begin), min(span.end, window.end)
    return Span(begin, end) if begin < end else None


def _extent(segments: list[Segment]) -> Span:
    return Span(segments[0].span.begin, segments[-1].span.end)


def _hours_of(day: date, opening: Opening, whole: Span, zone: ZoneInfo) -> Iterator[Span]:
    for hours in opening.on(day):
        begin, end = window_of(day, hours.begin, hours.end or hours.begin, zone)
        yield Span(begin, end if hours.end is not None else whole.end)


def _doubt(index: OccupancyIndex, policy: RoomPolicy, day: date, now: datetime) -> tuple[State, Reason] | None:
    """Why a room without a course on this day is unknown and not free, if it is so."""
    how = index.covered(day)
    if how is Covered.NO:
        return State.UNKNOWN, Reason.NOT_COVERED
    if index.sources is None or index.sources.stale(policy.stale_after, now):
        return State.UNKNOWN, Reason.STALE
    if how is Covered.PARTLY and policy.partly_covered == "unknown":
        return State.UNKNOWN, Reason.PARTLY_COVERED
    return None
