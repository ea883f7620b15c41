"""Free rooms against a slow, obvious reading of all courses."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from carillon_contracts.events import Busy, Coverage, Named, RoomWeek, SourceState, SourceStates
from carillon_contracts.weeks import days_of as days_of_week
from carillon_contracts.weeks import week_of
from carillon_rooms.availability import DayTimelines, Reason, State, answer
from carillon_rooms.day_board import DayBoard
from carillon_rooms.institution_time import at, day_of, window_of
from carillon_rooms.institution_time import days_of as days_of_window
from carillon_rooms.known_sources import KnownSources
from carillon_rooms.occupancy_index import OccupancyIndex
from carillon_rooms.room_policy import RoomPolicy, read_policy
from carillon_rooms.spans import Span
from hypothesis import given
from hypothesis import strategies as st

ZONES = [ZoneInfo(name) for name in ("Europe/Paris", "America/Martinique", "Pacific/Noumea")]
DAYS = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 23), date(2027, 1, 3)]  # a Monday; W53's Sunday
NAMES = ["Amphi AMPERE (3A)", "1TP1-B08", "1TP1-B08bis", "Étude", "etude 2"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Course:
    room: int
    begin: int
    end: int


@st.composite
def timetables(draw) -> tuple[ZoneInfo, date, list[Course]]:
    """Courses of up to 30 hours, by the quarter of an hour, around a day."""
    zone, day = draw(st.sampled_from(ZONES)), draw(st.sampled_from(DAYS))
    midnight = day_of(day, zone).begin
    quarters = st.tuples(st.integers(0, len(NAMES) - 1), st.integers(-60, 160), st.integers(1, 120))
    courses = draw(st.lists(quarters, max_size=15))
    return zone, day, [Course(room, midnight + q * 900, midnight + (q + n) * 900) for room, q, n in courses]


def index_of(zone: ZoneInfo, courses: list[Course], covered: list[date]) -> OccupancyIndex:
    """As the timetable API writes the bucket: a course in every week that it touches."""
    index = OccupancyIndex()
    by_week: dict[tuple[int, str], list[Busy]] = {}
    for number, course in enumerate(courses):
        span = Span(course.begin, course.end)
        for week in {week_of(day) for day in days_of_window(span, zone)}:
            busy = Busy(begin=at(course.begin, zone), end=at(course.end, UTC), course=number)
            by_week.setdefault((course.room, week), []).append(busy)
    for (room, week), busy in by_week.items():
        ordered = tuple(sorted(busy, key=lambda one: one.begin))
        index.put_room_week(RoomWeek(room=named(room), week=week, busy=ordered), 1)
    for week in {week_of(day) for day in covered}:
        index.put_coverage(Coverage(week=week, days={day: ("s",) for day in days_of_week(week) if day in covered}))
    source = SourceState(slug="s", last_read_at=NOW, failing_since=None)
    index.sources = KnownSources.of(SourceStates(timezone=zone.key, sources=(source,)))
    return index


def named(room: int) -> Named:
    return Named(id=room, name=NAMES[room], slug=f"room-{room}")


times = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] < pair[1])


@given(timetables(), times)
def test_the_rooms_without_a_course_are_those_of_a_brute_force_reading(timetable, minutes) -> None:
    zone, day, courses = timetable
    window = window_of(day, *(time(minute // 60, minute % 60) for minute in minutes), zone)
    busy = {one.room for one in courses if one.begin < window.end and one.end > window.begin}
    index, extent = index_of(zone, courses, []), window_of(day, time.min, time.max, zone)
    rooms = [room.named.id for room in index.rooms]
    board = DayBoard(rooms, (index.busy(room, extent, [day]) for room in rooms), extent)
    assert list(board.free(window)) == [room for room in rooms if room not in busy]
    assert set(rooms) == {one.room for one in courses}


@given(timetables())
def test_a_timeline_tiles_its_day_and_is_busy_exactly_when_a_course_is_on(timetable) -> None:
    zone, day, courses = timetable
    timelines = DayTimelines(index_of(zone, courses, [day]), RoomPolicy(), (day,), zone, NOW)
    whole = day_of(day, zone)
    for room in {course.room for course in courses}:
        segments = timelines.of(room, NAMES[room])
        assert (segments[0].span.begin, segments[-1].span.end) == whole
        assert all(one.span.end == following.span.begin for one, following in pairwise(segments))
        for segment in segments:
            on = {
                number
                for number, one in enumerate(courses)
                if one.room == room and one.begin < segment.span.end and one.end > segment.span.begin
            }
            assert set(segment.courses) == on
            assert (segment.state is State.BUSY) == bool(on)


@given(timetables(), st.integers(0, 95), st.integers(1, 96))
def test_a_room_is_free_for_a_time_as_every_minute_of_its_courses_says(timetable, quarter, length) -> None:
    zone, day, courses = timetable
    begin = day_of(day, zone).begin + quarter * 900
    window = Span(begin, begin + length * 900)
    days = days_of_window(window, zone)
    extent = Span(day_of(days[0], zone).begin, day_of(days[-1], zone).end)
    timelines = DayTimelines(index_of(zone, courses, list(days)), RoomPolicy(), days, zone, NOW)
    for room in {course.room for course in courses}:
        taken = {q for one in courses if one.room == room for q in range(one.begin, one.end, 900)}
        found = answer(timelines.of(room, NAMES[room]), window)
        assert (found.state is State.FREE) == taken.isdisjoint(range(*window, 900))
        starts = [start for start in range(window.begin, extent.end, 900) if _fits(start, window, extent, taken)]
        if not starts:
            assert found.free_from is None
            assert found.free_until is None
            continue
        assert found.free_from is not None
        assert found.free_until is not None
        assert max(found.free_from, window.begin) == starts[0]
        assert taken.isdisjoint(range(found.free_from, found.free_until, 900))
        assert found.free_until == extent.end or found.free_until in taken


def _fits(start: int, window: Span, extent: Span, taken: set[int]) -> bool:
    end = start + window.end - window.begin
    return end <= extent.end and taken.isdisjoint(range(start, end, 900))


def test_a_day_that_no_source_spoke_for_is_unknown_and_a_course_in_it_is_still_busy() -> None:
    zone, day = ZONES[0], DAYS[2]
    morning = day_of(day, zone).begin + 8 * 3600
    index = index_of(zone, [Course(0, morning, morning + 3600)], [])
    segments = DayTimelines(index, RoomPolicy(), (day,), zone, NOW).of(0, NAMES[0])
    assert [(one.state, one.reason) for one in segments] == [
        (State.UNKNOWN, Reason.NOT_COVERED),
        (State.BUSY, Reason.COURSE),
        (State.UNKNOWN, Reason.NOT_COVERED),
    ]


def test_old_data_make_a_room_unknown_after_the_time_that_the_policy_says() -> None:
    zone, day = ZONES[0], DAYS[2]
    index = index_of(zone, [Course(0, 0, 60)], [day])
    policy = read_policy('stale_after = "2h"')
    for hours, reason in [(2, Reason.NO_COURSE_THAT_DAY), (2.1, Reason.STALE)]:
        timelines = DayTimelines(index, policy, (day,), zone, NOW + timedelta(hours=hours))
        assert [one.reason for one in timelines.of(0, NAMES[0])] == [reason]


def test_a_room_is_closed_outside_of_its_hours_and_on_holidays_but_a_course_is_said_first() -> None:
    zone, day = ZONES[0], DAYS[2]
    night = day_of(day, zone).begin + 22 * 3600
    index = index_of(zone, [Course(0, night, night + 3600)], [day])
    policy = read_policy('opening = { monday = ["08:00-12:00", "13:30-24:00"] }')
    found = DayTimelines(index, policy, (day,), zone, NOW).of(0, NAMES[0])
    shown = [(f"{at(one.span.begin, zone):%H:%M}", one.state.value, one.reason.value) for one in found]
    assert shown == [
        ("00:00", "busy", "closed"),
        ("08:00", "free", "between-courses"),
        ("12:00", "busy", "closed"),
        ("13:30", "free", "between-courses"),
        ("22:00", "busy", "course"),
        ("23:00", "free", "between-courses"),
    ]
    holidays = read_policy('holiday = [{ name = "Pont", first = 2026-11-22, last = 2026-11-23 }]')
    found = DayTimelines(index, holidays, (day,), zone, NOW).of(0, NAMES[0])
    assert [one.reason.value for one in found] == ["holiday", "course", "holiday"]


def test_rooms_come_in_the_order_of_the_api_without_accents_and_case() -> None:
    index = OccupancyIndex()
    names = ["etude 2", "Étude", "ETUDE", "1TP1-B08bis", "1TP1-B08", "Œuvre", "odeur", "Zoé"]
    for number, name in enumerate(names):
        index.put_room_week(RoomWeek(room=Named(id=number, name=name, slug="x"), week="2026-W47", busy=()), 1)
    assert [room.named.name for room in index.rooms] == [
        "1TP1-B08", "1TP1-B08bis", "ETUDE", "Étude", "etude 2", "odeur", "Œuvre", "Zoé",
    ]  # fmt: skip


def test_a_room_takes_the_name_of_its_newest_value_and_goes_with_its_last_week() -> None:
    index = OccupancyIndex()
    new, old = Named(id=1, name="B1", slug="b1"), Named(id=1, name="A1", slug="a1")
    index.put_room_week(RoomWeek(room=new, week="2026-W47", busy=()), 8)
    index.put_room_week(RoomWeek(room=old, week="2026-W48", busy=()), 7)
    assert [room.named for room in index.rooms] == [new]
    index.drop_room_week(1, "2026-W47")
    assert [room.named for room in index.rooms] == [new]
    index.drop_room_week(1, "2026-W48")
    assert index.rooms == []
