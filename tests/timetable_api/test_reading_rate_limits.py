"""Rate limits: off unless asked for; told in headers beforehand, by a problem afterwards; by the caller's address."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from carillon_kit.forwarded import ForwardedMiddleware
from carillon_timetable_api.rate_limits import Windows
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from timetable_rest import opened

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
async def limited(migrated_database):
    """Three requests a minute, and a client that says from which address it comes, as an edge does."""
    async with opened(migrated_database, rate_limit="3/minute", cache_mib=8) as rest:
        transport = httpx.ASGITransport(ForwardedMiddleware(rest.app, "127.0.0.1"))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:

            async def ask(address: str, path: str = "/api/rooms/", **headers) -> httpx.Response:
                return await client.get(path, headers={"X-Forwarded-For": address, **headers})

            ask.clock = rest.clock
            ask.clock["now"] = NOW
            yield ask


async def test_without_the_setting_nothing_is_counted(rest):
    assert not [name for name in (await rest.get("/api/rooms/")).headers if name.startswith("ratelimit")]


async def test_what_is_left_is_told_and_a_kept_answer_counts_too(limited):
    told = []
    for seconds in (0, 10, 20):
        limited.clock["now"] = NOW + timedelta(seconds=seconds)
        answer = await limited("203.0.113.7")
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == '"address";q=3;w=60'
        told.append(answer.headers["ratelimit"])
    assert told == ['"address";r=2;t=60', '"address";r=1;t=50', '"address";r=0;t=40']


async def test_one_too_many_is_a_problem_that_says_when_to_come_back(limited):
    for _ in range(3):
        await limited("203.0.113.7")
    limited.clock["now"] = NOW + timedelta(seconds=20)
    answer = await limited("203.0.113.7", **{"Accept-Language": "en"})
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/too-many-requests"
    assert answer.json()["detail"] == "Try again in 40 seconds."
    assert answer.headers["retry-after"] == "40"
    assert answer.headers["ratelimit"] == '"address";r=0;t=40'
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-request-id"]
    limited.clock["now"] = NOW + timedelta(seconds=60)
    assert (await limited("203.0.113.7")).headers["ratelimit"] == '"address";r=2;t=60'


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40)), max_size=60))
def test_counts_are_those_of_windows_that_begin_with_the_first_request(requests):
    windows, begun, at = Windows(60), {}, 1000
    for address, later in requests:
        at += later
        first, number = begun.get(address, (at, 0))
        first, number = (at, 0) if at - first >= 60 else (first, number)
        begun[address] = (first, number + 1)
        assert windows.count(address, at) == (number + 1, first + 60 - at)


async def test_each_address_has_its_own_and_a_household_of_ipv6_one(limited):
    for address in ("203.0.113.7", "203.0.113.8", "2001:db8:1:1::1", "2001:db8:1:2::1", "::ffff:203.0.113.9"):
        assert (await limited(address)).headers["ratelimit"].startswith('"address";r=2')
    assert (await limited("2001:db8:1:1:abcd::9")).headers["ratelimit"].startswith('"address";r=1')
    assert (await limited("203.0.113.9")).headers["ratelimit"].startswith('"address";r=1')


async def test_health_checks_are_never_refused(limited):
    for _ in range(5):
        assert (await limited("203.0.113.7", "/livez")).status_code == 200


async def test_a_limit_that_is_none_stops_the_start(migrated_database):
    with pytest.raises(ValidationError, match="rate_limit"):
        async with opened(migrated_database, rate_limit="many"):
            pass
