"""The timetables are limited by address from the start, kept answers and streams included; `0` turns it off."""

import pytest
from timetable_rest import opened


async def test_without_the_setting_the_limit_is_a_wide_one(rest):
    answer = await rest.get("/api/rooms/")
    assert answer.headers["ratelimit-policy"] == '"address";q=12000;w=60'
    assert answer.headers["ratelimit"].startswith('"address";r=11999;t=')


async def test_switched_off_nothing_is_counted(open_rest):
    async with open_rest(rate_limit="0") as rest:
        assert not [name for name in (await rest.get("/api/rooms/")).headers if name.startswith("ratelimit")]


@pytest.fixture
async def limited(migrated_database):
    async with opened(migrated_database, rate_limit="3/day", cache_mib=8) as rest:
        yield rest


async def test_a_kept_answer_counts_and_one_too_many_is_a_problem_with_a_page(limited):
    for left in (2, 1, 0):
        assert (await limited.get("/api/rooms/")).headers["ratelimit"].startswith(f'"address";r={left};')
    refused = await limited.get("/api/rooms/", headers={"Origin": "https://app.example.org"})
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
    assert refused.headers["access-control-allow-origin"] == "*"
    assert refused.headers["access-control-expose-headers"] == "*"
    assert refused.headers["x-request-id"]
    assert (await limited.get("/livez")).status_code == 200
    assert (await limited.get("/metrics")).status_code == 200
