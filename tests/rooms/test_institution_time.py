"""The wall clock of the institution, nights of clock changes included."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from carillon_rooms.institution_time import at, day_of, days_of, window_of
from carillon_rooms.spans import Span
from hypothesis import given
from hypothesis import strategies as st

PARIS = ZoneInfo("Europe/Paris")
ZONES = [PARIS, ZoneInfo("America/Martinique"), ZoneInfo("Pacific/Noumea"), ZoneInfo("America/St_Johns")]
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("day", "begin", "end", "first", "last"),
    [
        (date(2026, 11, 23), "10:00", "12:00", "2026-11-23T09:00", "2026-11-23T11:00"),
        (SPRING, "01:00", "04:00", "2026-03-29T00:00", "2026-03-29T02:00"),  # two hours: one is skipped
        (SPRING, "02:30", "03:15", "2026-03-29T01:00", "2026-03-29T01:15"),  # 02:30 is not on the clock
        (SPRING, "01:00", "02:30", "2026-03-29T00:00", "2026-03-29T01:00"),
        (AUTUMN, "01:00", "02:00", "2026-10-24T23:00", "2026-10-25T00:00"),
        (AUTUMN, "02:00", "03:00", "2026-10-25T00:00", "2026-10-25T02:00"),  # two hours: one is repeated
        (AUTUMN, "02:15", "02:45", "2026-10-25T00:15", "2026-10-25T01:45"),  # from the first to the last such time
        (AUTUMN, "03:00", "04:00", "2026-10-25T02:00", "2026-10-25T03:00"),
    ],
)
def test_a_window_in_paris(day: date, begin: str, end: str, first: str, last: str) -> None:
    found = window_of(day, time.fromisoformat(begin), time.fromisoformat(end), PARIS)
    assert found == Span(utc(first), utc(last))


@given(
    st.sampled_from(ZONES),
    st.sampled_from([SPRING, AUTUMN, date(2026, 3, 8), date(2026, 11, 1), date(2026, 7, 14)]),
    st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] < pair[1]),
)
def test_a_window_reaches_from_the_first_to_the_last_minute_with_such_a_clock(zone, day, minutes) -> None:
    begin, end = (time(minute // 60, minute % 60) for minute in minutes)
    midnight = int(datetime.combine(day, time(), UTC).timestamp())
    shown = [
        instant
        for instant in range(midnight - 86400, midnight + 2 * 86400, 60)
        if (wall := at(instant, zone)).date() == day and begin <= wall.time() < end
    ]
    found = window_of(day, begin, end, zone)
    assert found == Span(shown[0], shown[-1] + 60) if shown else found.end == found.begin + 1


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 23), 24)])
def test_a_day_has_as_many_hours_as_the_clock_gives_it(day: date, hours: int) -> None:
    assert day_of(day, PARIS).end - day_of(day, PARIS).begin == hours * 3600


@given(st.sampled_from(ZONES), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_holds_itself_alone(zone: ZoneInfo, day: date) -> None:
    assert days_of(day_of(day, zone), zone) == (day,)
    assert day_of(day, zone).end == day_of(day + timedelta(days=1), zone).begin


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("zone", ZONES)
def test_the_first_and_the_last_day_of_all_can_be_asked_for(zone: ZoneInfo, day: date) -> None:
    found = window_of(day, time(0, 0), time(23, 59), zone)
    assert found.end - found.begin == 24 * 3600 - 60
