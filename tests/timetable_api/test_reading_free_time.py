"""Common free time of several groups: against brute force, minute by minute, and over the API."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from carillon_timetable_api.common_free_time import WorkingHours, free_slots, working_time
from carillon_timetable_api.periods import Period
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

MINUTE = timedelta(minutes=1)
ZONES = ["Europe/Paris", "America/Martinique", "Pacific/Noumea", "America/Santiago", "Australia/Lord_Howe"]
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 9, 6), date(2026, 10, 4)]
days = st.one_of(st.sampled_from(CHANGES), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 5, 15, 30, 59]))
spans = st.tuples(st.integers(-300, 1700), st.integers(0, 400))


@st.composite
def questions(draw):
    """A day, its hours, courses as minutes from the day's first noon in UTC, and the shortest slot."""
    begin, end = draw(clocks), draw(st.one_of(st.none(), clocks))
    hours = WorkingHours(begin, end if end is None or end > begin else None)
    return draw(st.sampled_from(ZONES)), draw(days), hours, draw(st.lists(spans, max_size=6)), draw(st.integers(1, 180))


@given(questions())
@settings(max_examples=150, deadline=None)
def test_free_is_each_minute_that_is_working_time_and_no_course(question):
    zone_name, day, hours, courses, shortest = question
    zone = ZoneInfo(zone_name)
    noon = datetime.combine(day, time(), UTC)
    busy = [Period(noon + at * MINUTE, noon + (at + length) * MINUTE) for at, length in courses]
    slots = free_slots(working_time(day, hours, zone), busy, shortest * MINUTE)

    def is_free(minute: datetime) -> bool:
        local = minute.astimezone(zone)
        is_working = (
            local.date() == day and hours.begin <= local.time() and (hours.end is None or local.time() < hours.end)
        )
        return is_working and not any(one.begin <= minute < one.end for one in busy)

    free = [is_free(noon + number * MINUTE) for number in range(-1000, 2800)]
    runs, start = [], None
    for number, state in enumerate([*free, False], -1000):
        if state and start is None:
            start = number
        elif not state and start is not None:
            runs.append((start, number))
            start = None
    expected = [Period(noon + a * MINUTE, noon + b * MINUTE) for a, b in runs if b - a >= shortest]
    assert slots == expected


async def covering(rest, calendars: list[int], *covered: str) -> None:
    async with rest.engine.begin() as connection:
        query = "insert into calendar_day (calendar_id, day, observed_at) values (:calendar, :day, now())"
        rows = [{"calendar": calendar, "day": date.fromisoformat(day)} for calendar in calendars for day in covered]
        await connection.execute(text(query), rows)


def paris(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


@pytest.fixture
async def faculty(rest):
    """Group 2 is below group 1, group 3 stands alone; each has a source and a calendar of its own."""
    async with rest.building() as builder:
        for slug in ("a", "b", "c"):
            await builder.source(slug)
        await builder.group("L1 PS s1 CMA", 1)
        await builder.group("L1 PS s1 TDA1", 2, [1])
        await builder.group("L2 PS s3 CMA", 3)
        for number in (1, 2, 3):
            await builder.calendar(number, [number])

    async def course(group: int, begin: str, end: str, **shown) -> None:
        async with rest.building() as builder:
            await builder.course(group, paris(begin), paris(end), [group], **shown)

    rest.course = course
    return rest


async def free(rest, path: str, **parameters):
    answer = await rest.json(path, params=parameters)
    return {
        day["day"]: [f"{slot['begin'][11:16]}-{slot['end'][11:16]}" for slot in day["free"]]
        if day["known"]
        else day["unknown"]
        for day in answer["days"]
    }


MONDAY = {"from": "2026-11-23T00:00", "to": "2026-11-24T00:00"}


async def test_courses_of_each_group_and_of_its_parents_are_taken_out(faculty):
    await faculty.course(1, "2026-11-23T08:00", "2026-11-23T10:00")
    await faculty.course(2, "2026-11-23T09:30", "2026-11-23T11:00")
    await faculty.course(3, "2026-11-23T14:00", "2026-11-23T17:00")
    await faculty.course(3, "2026-11-23T12:00", "2026-11-23T13:00", cancelled_at=datetime.now(UTC))
    await covering(faculty, [1, 2, 3], "2026-11-23")
    path = "/api/groups/2/free/"
    assert await free(faculty, path, **MONDAY) == {"2026-11-23": ["11:00-19:00"]}
    assert await free(faculty, path, **MONDAY, **{"with": 3}) == {"2026-11-23": ["11:00-14:00", "17:00-19:00"]}
    assert await free(faculty, path, **MONDAY, **{"with": [3, 2], "for": "2h30m"}) == {"2026-11-23": ["11:00-14:00"]}
    wider = await free(faculty, path, **MONDAY, **{"with": 3, "hours": "07:00-24:00", "for": "90m"})
    assert wider == {"2026-11-23": ["11:00-14:00", "17:00-00:00"]}


async def test_a_day_that_is_unknown_for_one_of_them_is_never_free(faculty):
    week = {"from": "2026-11-23T00:00", "to": "2026-11-28T00:00", "with": 3}
    await covering(faculty, [3], "2026-11-23", "2026-11-24", "2026-11-26")
    await covering(faculty, [2], "2026-11-23", "2026-11-24", "2026-11-25")
    await covering(faculty, [1], "2026-11-23")
    assert await free(faculty, "/api/groups/2/free/", **week) == {
        "2026-11-23": ["08:00-19:00"],
        "2026-11-24": [2],
        "2026-11-25": [2, 3],
        "2026-11-26": [2],
        "2026-11-27": [2, 3],
    }


async def test_week_ends_count_if_asked_for_and_clock_changes_do_not_lose_an_hour(faculty):
    await covering(faculty, [1], "2026-10-24", "2026-10-25", "2026-10-26")
    span = {"from": "2026-10-24T00:00", "to": "2026-10-27T00:00"}
    assert list(await free(faculty, "/api/groups/1/free/", **span)) == ["2026-10-26"]
    answer = await faculty.json("/api/groups/1/free/", params=span | {"weekends": "true", "hours": "00:00-24:00"})
    assert [day["free"][0]["minutes"] for day in answer["days"]] == [1440, 1500, 1440]


async def test_from_now_on_for_a_week_if_nothing_is_said(faculty):
    await covering(faculty, [1], "2018-12-05")
    answer = await faculty.get("/api/groups/1/free/")
    assert answer.headers["cache-control"] == "private, no-cache"
    shown = answer.json()
    assert shown["groups"] == [1]
    assert [day["day"] for day in shown["days"]] == [f"2018-12-{day:02}" for day in (5, 6, 7, 10, 11, 12)]
    slot = {"begin": "2018-12-05T10:00:00+01:00", "end": "2018-12-05T19:00:00+01:00", "minutes": 540}
    assert shown["days"][0]["free"] == [slot]


@pytest.mark.parametrize(
    ("path", "parameters", "status", "named"),
    [
        ("/api/groups/9/free/", {}, 404, "9"),
        ("/api/groups/99999999999999/free/", {}, 404, ""),
        ("/api/groups/1/free/", {"with": 9}, 404, "9"),
        ("/api/groups/1/free/", {"from": "tomorrow"}, 422, "from"),
        ("/api/groups/1/free/", {"to": "2018-12-05T09:00Z"}, 422, "to"),
        ("/api/groups/1/free/", {"to": "2019-12-05T09:00Z"}, 422, "to"),
        ("/api/groups/1/free/", {"for": "90"}, 422, "for"),
        ("/api/groups/1/free/", {"for": "25h"}, 422, "for"),
        ("/api/groups/1/free/", {"hours": "19:00-08:00"}, 422, "hours"),
        ("/api/groups/1/free/", {"hours": "8-19"}, 422, "hours"),
    ],
)
async def test_what_cannot_be_read_is_told_with_its_name(faculty, path, parameters, status, named):
    answer = await faculty.get(path, params=parameters)
    assert answer.status_code == status
    assert named in answer.json()["detail"]
