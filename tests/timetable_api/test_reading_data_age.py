"""Headers of all that rests on sources: how old the data are, which sources fail, and why there are no courses."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from carillon_servers import eventually
from sqlalchemy import text
from timetable_rest import opened

NOW = datetime(2018, 12, 5, 9, 0, tzinfo=UTC)
FAILED = {"failing_since": NOW, "failed_at": NOW, "failure_code": "not-xml"}


async def covering(rest, calendar: int, *days: str) -> None:
    async with rest.engine.begin() as connection:
        query = "insert into calendar_day (calendar_id, day, observed_at) values (:calendar, :day, :at)"
        rows = [{"calendar": calendar, "day": date.fromisoformat(day), "at": NOW} for day in days]
        await connection.execute(text(query), rows)
        await connection.execute(text("notify carillon"))


async def why(rest, path: str) -> str | None:
    answer = await rest.get(path)
    assert answer.status_code == 200
    return answer.headers.get("carillon-empty-because")


@pytest.fixture
async def faculty(rest):
    await establish(rest)
    return rest


@pytest.fixture(scope="module")
async def unchanged_faculty(rest_of_module):
    await establish(rest_of_module)
    return rest_of_module


async def establish(rest) -> None:
    """Group 2 is below group 1; sources 1 and 2 show them; source 3 has nothing to do with them, and fails."""
    async with rest.building() as builder:
        await builder.source("parents", last_read_at=NOW - timedelta(hours=1))
        await builder.source("own", last_read_at=NOW - timedelta(minutes=5))
        await builder.source("another", last_read_at=NOW - timedelta(days=9), **FAILED)
        await builder.timetable("L1 PS", await builder.year("L1"), 2)
        await builder.group("L1 PS s1 CMA", 1)
        await builder.group("L1 PS s1 TDA1", 2, [1])
        await builder.group("L9", 3)
        for number in (1, 2, 3):
            await builder.calendar(number, [number])
        await builder.room("A1")


@pytest.mark.parametrize(
    ("path", "age", "failing"),
    [
        ("/api/groups/1/courses/", 3600, None),
        ("/api/groups/2/courses/", 3600, None),
        ("/api/groups/2/courses/days/2018/12/5/", 3600, None),
        ("/api/groups/2/courses/weeks/current/", 3600, None),
        ("/api/groups/3/courses/", 9 * 86400, "another"),
        ("/api/rooms/1/courses/", 9 * 86400, "another"),
        ("/api/courses/", 9 * 86400, "another"),
        ("/api/courses/?group=2", 3600, None),
        ("/api/courses/?group=2&group=3", 9 * 86400, "another"),
        ("/api/groups/2/courses/weeks/", 3600, None),
        ("/api/groups/2/courses.ics", 3600, None),
        ("/api/groups/3/courses.ics?format=jscalendar", 9 * 86400, "another"),
        ("/api/rooms/1/courses.ics", 9 * 86400, "another"),
        ("/api/timetables/1/courses.ics", 3600, None),
        ("/api/groups/1/free/?with=2", 3600, None),
        ("/api/groups/1/free/?with=3&from=2018-12-05T08:00", 9 * 86400, "another"),
        ("/api/search/?q=nothing", 9 * 86400, "another"),
        ("/api/changes/", 9 * 86400, "another"),
        ("/api/changes/?group=2&since=latest", 3600, None),
        ("/api/changes/?group=2&room=1", 3600, None),
        ("/api/changes/?timetable=1", 3600, None),
        ("/api/changes/?room=1", 9 * 86400, "another"),
        ("/api/changes/?source=2", 300, None),
        ("/api/groups/2/changes.atom", 3600, None),
        ("/api/rooms/1/changes.atom", 9 * 86400, "another"),
        ("/api/timetables/1/changes.atom", 3600, None),
    ],
)
async def test_an_answer_is_as_old_as_the_oldest_of_its_sources(unchanged_faculty, path, age, failing):
    answer = await unchanged_faculty.get(path)
    assert answer.headers["carillon-data-age"] == str(age)
    assert answer.headers.get("carillon-failing-sources") == failing
    assert not [name for name in answer.headers if "read-at" in name]


async def test_a_course_is_as_old_as_the_sources_that_show_it(faculty):
    async with faculty.building() as builder:
        shown = await builder.course(2, NOW, NOW + timedelta(hours=1), [2])
        await builder.sighting(shown, 2, NOW.date())
    path = f"/api/courses/{shown}/"
    answer = await faculty.get(path)
    assert answer.headers["carillon-data-age"] == "300"
    assert "carillon-failing-sources" not in answer.headers
    async with faculty.building() as builder:
        await builder.sighting(shown, 3, NOW.date())
    answer = await faculty.get(path)
    assert answer.headers["carillon-data-age"] == str(9 * 86400)
    assert answer.headers["carillon-failing-sources"] == "another"


async def test_what_has_no_age_says_nothing_of_it(faculty):
    """A name that was once given stays, whatever becomes of its source."""
    for path in ("/api/groups/", "/api/rooms/1/", "/api/changes/stream", "/livez"):
        assert not [name for name in (await faculty.get(path)).headers if name.startswith("carillon")]


async def test_without_any_read_there_is_no_age(rest):
    async with rest.building() as builder:
        await builder.source("new", **FAILED)
    answer = await rest.get("/api/courses/")
    assert "carillon-data-age" not in answer.headers
    assert answer.headers["carillon-failing-sources"] == "new"


@pytest.mark.parametrize("path", ["/api/courses/", "/api/groups/1/courses.ics", "/api/groups/1/courses/weeks/"])
async def test_the_age_of_a_kept_answer_grows_and_its_tag_stays(open_rest, path):
    async with open_rest(cache_mib=8) as rest:
        async with rest.building() as builder:
            source = await builder.source(last_read_at=NOW)
            await builder.group("L1", 1)
            await builder.calendar(source, [1])
            await builder.course(source, NOW, NOW + timedelta(hours=1), [1])

        async def kept() -> bool:
            rest.statements.clear()
            await rest.get(path)
            await asyncio.sleep(0)
            return not rest.statements

        await eventually(kept)
        first = await rest.get(path)
        rest.clock["now"] = NOW + timedelta(seconds=90)
        later = await rest.get(path)
        told = await rest.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (later.content, later.headers["etag"]) == (first.content, first.headers["etag"])
        assert [answer.headers["carillon-data-age"] for answer in (first, later, told)] == ["0", "90", "90"]
        assert told.status_code == 304
        assert not rest.statements


async def test_what_shows_courses_gives_no_reason(faculty):
    async with faculty.building() as builder:
        await builder.course(2, NOW, NOW + timedelta(hours=1), [2], [1])
    for path in (
        "/api/groups/2/courses/days/2018/12/5/",
        "/api/groups/2/courses/weeks/",
        "/api/groups/2/courses.ics",
        "/api/rooms/1/courses/",
        "/api/rooms/1/courses.ics?format=jscalendar",
        "/api/courses/",
    ):
        assert await why(faculty, path) is None


async def test_a_feed_says_why_it_is_empty_and_one_of_cancelled_courses_is(faculty):
    path = "/api/groups/1/courses.ics?past=0&future=0"
    assert await why(faculty, path) == "not-covered"
    await covering(faculty, 1, "2018-12-05")
    assert await why(faculty, path) == "nothing-planned"
    assert await why(faculty, path.replace("future=0", "future=1")) == "not-covered"
    assert await why(faculty, "/api/groups/3/courses.ics") == "source-failing"
    async with faculty.building() as builder:
        course = await builder.course(1, NOW, NOW + timedelta(hours=1), [1])
    assert await why(faculty, path + "&format=jscalendar") is None
    async with faculty.engine.begin() as connection:
        await connection.execute(text("update course set cancelled_at = :at where id = :id"), {"at": NOW, "id": course})
    # Another address, since no journal row says that the written feed is old.
    answer = await faculty.get(path + "&format=jscalendar&again")
    assert '"cancelled"' in answer.text
    assert answer.headers["carillon-empty-because"] == "nothing-planned"


async def test_personal_feeds_and_their_preview_say_the_same(faculty):
    wanted = {"choice": {"groups": [2, 3]}}
    made = (await faculty.client.post("/api/feeds/", json=wanted)).json()
    feed = await faculty.get(made["address"])
    preview = await faculty.client.post("/api/feeds/preview/", json=wanted)
    for answer in (feed, preview):
        assert answer.headers["carillon-data-age"] == str(9 * 86400)
        assert answer.headers["carillon-failing-sources"] == "another"
        assert answer.headers["carillon-empty-because"] == "source-failing"
        assert "carillon-read-at" not in answer.headers
    async with faculty.building() as builder:
        await builder.course(2, NOW, NOW + timedelta(hours=1), [2])
    assert "carillon-empty-because" not in (await faculty.client.post("/api/feeds/preview/", json=wanted)).headers


async def test_a_day_of_which_a_source_has_not_spoken_is_not_called_empty(faculty):
    path = "/api/groups/2/courses/days/2018/12/5/"
    assert await why(faculty, path) == "not-covered"
    await covering(faculty, 2, "2018-12-05")
    assert await why(faculty, path) == "not-covered", "the courses of its parent are its own"
    await covering(faculty, 3, "2018-12-05")
    assert await why(faculty, path) == "not-covered", "another group's calendar says nothing of it"
    await covering(faculty, 1, "2018-12-05")
    assert await why(faculty, path) == "nothing-planned"
    assert await why(faculty, "/api/groups/2/courses/days/2018/12/6/") == "not-covered"


async def test_a_week_is_known_when_each_of_its_days_is(faculty):
    days = [f"2018-12-{day:02}" for day in range(3, 10)]
    await covering(faculty, 1, *days[:6])
    path = "/api/groups/1/courses/weeks/2018/49/"
    assert await why(faculty, path) == "not-covered"
    await covering(faculty, 1, days[6])
    assert await why(faculty, path) == "nothing-planned"
    assert await why(faculty, "/api/groups/1/courses/") == "nothing-planned"
    assert await why(faculty, "/api/groups/2/courses/") == "not-covered"


async def test_unknown_days_of_a_failing_source_are_blamed_on_it(faculty):
    path = "/api/groups/3/courses/days/2018/12/5/"
    assert await why(faculty, path) == "source-failing"
    await covering(faculty, 3, "2018-12-05")
    assert await why(faculty, path) == "nothing-planned", "what it said before it failed still counts"


async def test_rooms_and_all_courses_depend_on_every_source(faculty):
    for path in ("/api/rooms/1/courses/days/2018/12/5/", "/api/courses/?begin_after=2018-12-05T00:00&begin_before=2018-12-06T00:00"):  # fmt: skip
        assert await why(faculty, path) == "source-failing"
    for calendar in (1, 2, 3):
        await covering(faculty, calendar, "2018-12-05")
    for path in ("/api/rooms/1/courses/days/2018/12/5/", "/api/courses/?search=nothing"):
        assert await why(faculty, path) == "nothing-planned"


@pytest.mark.parametrize(
    ("zone", "day", "reason"),
    [
        ("Europe/Paris", "2018-12-25", "holiday"),
        ("Europe/Paris", "2019-04-22", "holiday"),
        ("Europe/Paris", "2018-11-11", "nothing-planned"),
        ("Europe/Paris", "2019-05-22", "nothing-planned"),
        ("America/Martinique", "2019-05-22", "holiday"),
        ("Pacific/Noumea", "2019-09-24", "holiday"),
        ("Europe/Brussels", "2018-12-25", "nothing-planned"),
    ],
)
async def test_a_public_holiday_explains_a_weekday(migrated_database, tmp_path, zone, day, reason):
    """11 November 2018 was a Sunday, which explains more."""
    sources = tmp_path / "sources.toml"
    sources.write_text(f'[institution]\nname = "UA"\ntimezone = "{zone}"\n')
    async with opened(migrated_database, sources=sources) as rest:
        async with rest.building() as builder:
            await builder.source()
            await builder.group("L1", 1)
            await builder.calendar(1, [1])
        path = f"/api/groups/1/courses/days/{day.replace('-', '/')}/"
        assert await why(rest, path) == "not-covered"
        await covering(rest, 1, day)
        assert await why(rest, path) == reason


async def test_a_week_with_a_holiday_is_a_week_like_others(rest):
    async with rest.building() as builder:
        await builder.source()
        await builder.group("L1", 1)
        await builder.calendar(1, [1])
    await covering(rest, 1, *(f"2018-12-{day}" for day in range(24, 31)))
    assert await why(rest, "/api/groups/1/courses/weeks/2018/52/") == "nothing-planned"
