"""Answers kept in memory: entity tags, forgetting at each commit, at midnight, and while the database is away."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from carillon_servers import eventually, running_postgresql, short_folder
from carillon_timetable_api.migrate import migrate
from timetable_rest import opened


@pytest.fixture
async def keeping(open_rest):
    async with open_rest(cache_mib=8) as rest:
        async with rest.building() as builder:
            await builder.room("A1")
        yield rest


async def test_a_second_answer_costs_no_statement_and_is_the_same(keeping):
    first = await keeping.get("/api/rooms/")
    await eventually_kept(keeping, "/api/rooms/")
    second = await keeping.get("/api/rooms/")
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
    assert second.headers["cache-control"] == "no-cache"
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


async def test_who_has_the_answer_already_is_told_so(keeping):
    tag = (await keeping.get("/api/rooms/")).headers["etag"]
    assert not tag.startswith("W/")
    again = await keeping.get("/api/rooms/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await keeping.get("/api/rooms/", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_commit_of_new_data_is_seen(keeping):
    await eventually_kept(keeping, "/api/rooms/")
    async with keeping.building() as builder:
        await builder.room("A2")

    async def both() -> bool:
        return [room["name"] for room in await keeping.json("/api/rooms/")] == ["A1", "A2"]

    await eventually(both)


async def test_the_current_day_ends_at_midnight_for_kept_answers_too(keeping):
    async with keeping.building() as builder:
        source = await builder.source()
        group = await builder.group("L1", source)
        begin, end = (datetime.fromisoformat(f"2018-12-06T{hour}:00+01:00") for hour in ("08", "10"))
        course = await builder.course(source, begin, end, [group])
    path = "/api/groups/1/courses/days/current/"
    keeping.clock["now"] = datetime.fromisoformat("2018-12-05T23:59:59+01:00")
    await eventually_kept(keeping, path)
    assert await keeping.ids(path) == []
    keeping.clock["now"] = datetime.fromisoformat("2018-12-06T00:00:00+01:00")
    assert await keeping.ids(path) == [course]


async def test_other_origins_may_read_and_see_all_headers(keeping):
    await eventually_kept(keeping, "/api/rooms/")
    answer = await keeping.get("/api/rooms/", headers={"Origin": "https://app.example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "*"
    asked = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "GET"}
    preflight = await keeping.client.options("/api/rooms/", headers=asked)
    assert preflight.status_code == 200


async def test_a_database_that_goes_away_is_waited_for():
    with short_folder() as name:
        folder = Path(name)
        with running_postgresql(folder) as url:
            await migrate(url)
            server = opened(url, cache_mib=8)
            rest = await server.__aenter__()
            assert await rest.json("/api/rooms/") == []
        try:
            answer = await rest.get("/api/years/")
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "5"
            assert answer.headers["content-type"] == "application/problem+json"
            assert "ne répond pas" in answer.json()["detail"]
            assert "database" in (await rest.get("/readyz")).json()["waiting_for"]
            with running_postgresql(folder):
                async with rest.building() as builder:
                    await builder.room("A1")

                async def seen() -> bool:
                    answer = await rest.get("/api/rooms/")
                    return answer.status_code == 200 and len(answer.json()) == 1

                await eventually(seen)
        finally:
            await server.__aexit__(None, None, None)


async def test_without_nats_reads_are_answered_and_the_service_is_not_ready(keeping):
    answer = await keeping.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["waiting_for"] == {"events": "NATS does not answer"}
    assert (await keeping.get("/livez")).status_code == 200


async def test_with_nats_and_database_the_service_is_ready(open_rest, nats_url):
    async with open_rest(nats_url=nats_url) as rest:

        async def ready() -> bool:
            return (await rest.get("/readyz")).status_code == 200

        await eventually(ready)


async def test_work_that_crashes_is_told_in_readiness(open_rest, nats_url, monkeypatch):
    async def crash(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr("carillon_timetable_api.relay.run", crash)
    async with open_rest(nats_url=nats_url) as rest:

        async def said() -> bool:
            waiting = (await rest.get("/readyz")).json()["waiting_for"]
            return "ingest and relay" in waiting.get("background", "")

        await eventually(said)
        assert await rest.json("/api/rooms/") == []


async def eventually_kept(rest, path: str) -> None:
    """Until an answer came without a statement: the notification of the rows that were built is through."""

    async def kept() -> bool:
        rest.statements.clear()
        await rest.get(path)
        await asyncio.sleep(0)
        return not rest.statements

    await eventually(kept)
