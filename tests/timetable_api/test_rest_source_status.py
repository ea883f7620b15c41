"""How a source is doing."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

READ = datetime(2018, 12, 5, 8, 0, 3, 250000, UTC)  # the clock of the tests says 09:00
FAILED = datetime(2018, 12, 5, 8, 45, tzinfo=UTC)


async def test_a_source_that_was_never_read_says_so(rest):
    async with rest.building() as builder:
        await builder.source("new")
    assert await rest.json("/api/sources/1/status/") == {
        "id": 1,
        "slug": "new",
        "last_read": None,
        "age": None,
        "failing_since": None,
        "last_failure": None,
        "courses": None,
        "skipped": 0,
        "covered_from": None,
        "covered_until": None,
        "empty_because": "not-covered",
    }


async def test_a_failing_source_says_since_when_and_why_in_both_languages(rest):
    failure = {"failing_since": FAILED, "failed_at": FAILED, "failure_code": "not-xml"}
    reasons = {"failure_fr": "Ce n’est pas du XML.", "failure_en": "This is not XML."}
    async with rest.building() as builder:
        await builder.source("old", last_read_at=READ, courses=312, skipped=2, **failure, **reasons)
    answer = await rest.get("/api/sources/1/status/")
    assert answer.json() == {
        "id": 1,
        "slug": "old",
        "last_read": "2018-12-05T09:00:03.250000+01:00",
        "age": 3596,
        "failing_since": "2018-12-05T09:45:00+01:00",
        "last_failure": {"code": "not-xml", "reason": "Ce n’est pas du XML.", "at": "2018-12-05T09:45:00+01:00"},
        "courses": 312,
        "skipped": 2,
        "covered_from": None,
        "covered_until": None,
        "empty_because": "source-failing",
    }
    assert answer.headers["cache-control"] == "private, no-cache"
    english = await rest.get("/api/sources/1/status/", headers={"Accept-Language": "en"})
    assert english.json()["last_failure"]["reason"] == "This is not XML."
    assert (await rest.get("/api/sources/2/status/")).status_code == 404


async def test_it_says_which_days_are_covered_and_why_today_is_empty(rest):
    async with rest.building() as builder:
        source = await builder.source()
        group = await builder.group("L1", source)
        calendar = await builder.calendar(source, [group])
        course = await builder.course(source, READ, READ + timedelta(hours=1), [group])
    today = date(2018, 12, 5)
    days = "insert into calendar_day (calendar_id, day, observed_at) values (:calendar, :day, now())"
    shown = "insert into sighting (course_id, calendar_id, day, observed_at) values (:course, :calendar, :day, now())"
    async with rest.engine.begin() as connection:
        for number in (-2, 0, 5):
            values = {"calendar": calendar, "day": today + timedelta(days=number)}
            await connection.execute(text(days), values)
    status = await rest.json("/api/sources/1/status/")
    assert (status["covered_from"], status["covered_until"]) == ("2018-12-03", "2018-12-10")
    assert status["empty_because"] == "nothing-planned"
    async with rest.engine.begin() as connection:
        await connection.execute(text(shown), {"course": course, "calendar": calendar, "day": today})
    assert (await rest.json("/api/sources/1/status/"))["empty_because"] is None
