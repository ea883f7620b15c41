"""How a source is doing."""

from datetime import UTC, datetime

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
    }
    assert answer.headers["cache-control"] == "no-store"
    english = await rest.get("/api/sources/1/status/", headers={"Accept-Language": "en"})
    assert english.json()["last_failure"]["reason"] == "This is not XML."
    assert (await rest.get("/api/sources/2/status/")).status_code == 404
