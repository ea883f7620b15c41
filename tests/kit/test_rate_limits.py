"""Rate limits: told in headers beforehand, by a problem afterwards; by the caller's address, in bounded memory."""

import httpx
import pytest
from carillon_kit import outer_middleware, problems
from carillon_kit.forwarded import ForwardedMiddleware
from carillon_kit.rate_limits import RateLimitMiddleware, Windows
from carillon_kit.settings import RateLimit, RateLimitSettings
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.middleware.cors import CORSMiddleware


def open_to_all(app):
    return CORSMiddleware(app, allow_origins=["*"], expose_headers=["*"])


@pytest.fixture
async def limited():
    """Three requests a minute, and a client that says from which address it comes, as an edge does."""
    app = FastAPI()
    problems.install(app)
    for path in ("/lists/", "/livez", "/readyz", "/metrics"):
        app.get(path)(lambda: "something")
    clock = {"now": 1000.0}
    counting = RateLimitMiddleware(open_to_all(app), RateLimit(3, 60), open_to_all, lambda: clock["now"])
    transport = httpx.ASGITransport(ForwardedMiddleware(counting, "127.0.0.1"))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:

        async def ask(address: str, path: str = "/lists/", method: str = "GET", **headers) -> httpx.Response:
            return await client.request(method, path, headers={"X-Forwarded-For": address, **headers})

        ask.clock = clock
        yield ask


async def test_what_is_left_is_told(limited):
    told = []
    for seconds in (0, 10, 20):
        limited.clock["now"] = 1000 + seconds
        answer = await limited("203.0.113.7")
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == '"address";q=3;w=60'
        told.append(answer.headers["ratelimit"])
    assert told == ['"address";r=2;t=60', '"address";r=1;t=50', '"address";r=0;t=40']


async def test_one_too_many_is_a_problem_that_says_when_to_come_back(limited):
    for _ in range(3):
        await limited("203.0.113.7")
    limited.clock["now"] += 20
    answer = await limited("203.0.113.7")
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-language"] == "fr"
    assert "Accept-Language" in answer.headers["vary"]
    assert answer.json() == {
        "type": "/problems/too-many-requests",
        "title": "Trop de requêtes.",
        "status": 429,
        "detail": "Réessayez dans 40 secondes.",
        "instance": "/lists/",
    }
    assert answer.headers["retry-after"] == "40"
    assert answer.headers["ratelimit"] == '"address";r=0;t=40'
    english = await limited("203.0.113.7", **{"Accept-Language": "en"})
    assert english.json()["detail"] == "Try again in 40 seconds."
    limited.clock["now"] += 40
    assert (await limited("203.0.113.7")).headers["ratelimit"] == '"address";r=2;t=60'


async def test_scripts_of_other_origins_may_read_the_problem_and_its_headers(limited):
    for _ in range(3):
        await limited("203.0.113.7")
    answer = await limited("203.0.113.7", Origin="https://app.example.org")
    assert answer.status_code == 429
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "*"


async def test_what_browsers_ask_beforehand_is_not_counted(limited):
    asked = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "GET"}
    for _ in range(4):
        assert (await limited("203.0.113.7", method="OPTIONS", **asked)).status_code == 200
    assert (await limited("203.0.113.7")).headers["ratelimit"] == '"address";r=2;t=60'


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_what_operators_ask_is_never_refused(limited, path):
    for _ in range(5):
        answer = await limited("203.0.113.7", path)
        assert answer.status_code == 200
        assert "ratelimit" not in answer.headers


async def test_each_address_has_its_own_and_a_household_of_ipv6_one(limited):
    for address in ("203.0.113.7", "203.0.113.8", "2001:db8:1:1::1", "2001:db8:1:2::1", "::ffff:203.0.113.9"):
        assert (await limited(address)).headers["ratelimit"].startswith('"address";r=2')
    assert (await limited("2001:db8:1:1:abcd::9")).headers["ratelimit"].startswith('"address";r=1')
    assert (await limited("203.0.113.9")).headers["ratelimit"].startswith('"address";r=1')


@pytest.mark.parametrize("address", ["unknown", "fe80::1%eth0", "::::", "a" * 5000])
async def test_what_is_no_address_is_counted_too(limited, address):
    """A proxy that we trust may write what it likes."""
    for left in (2, 1, 0):
        assert (await limited(address)).headers["ratelimit"] == f'"address";r={left};t=60'
    assert (await limited(address)).status_code == 429


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40)), max_size=60))
def test_counts_are_those_of_windows_that_begin_with_the_first_request(requests):
    windows, begun, at = Windows(60), {}, 1000
    for address, later in requests:
        at += later
        first, number = begun.get(address, (at, 0))
        first, number = (at, 0) if at - first >= 60 else (first, number)
        begun[address] = (first, number + 1)
        assert windows.count(address, at) == (number + 1, first + 60 - at)
        assert len(windows) <= sum(at - first < 60 for first, _ in begun.values()) + 2


def test_memory_is_bounded_and_the_newest_are_remembered():
    windows = Windows(60, most=1000)
    for number in range(5000):
        windows.count(str(number), 1.0)
    assert len(windows) == 1000
    assert windows.count("4999", 1.0) == (2, 60)
    assert windows.count("1", 1.0) == (1, 60)
    assert windows.count("new", 61.0) == (1, 60)
    assert len(windows) == 1


@pytest.mark.parametrize(
    ("said", "limit"),
    [("600/minute", (600, 60)), ("5/10seconds", (5, 10)), ("0", None), ("", (12000, 60)), (None, (12000, 60))],
)
def test_the_setting_says_how_many_or_turns_it_off(monkeypatch, said, limit):
    """An empty variable is as one that is not set, as for all settings."""
    monkeypatch.delenv("CARILLON_RATE_LIMIT", raising=False)
    if said is not None:
        monkeypatch.setenv("CARILLON_RATE_LIMIT", said)
    assert RateLimitSettings().rate_limit == limit


@pytest.mark.parametrize("said", ["many", "0/minute", "-1/minute", "10", "1/second;9/minute"])
def test_a_limit_that_is_none_stops_the_start(monkeypatch, said):
    monkeypatch.setenv("CARILLON_RATE_LIMIT", said)
    with pytest.raises(ValidationError, match="rate_limit"):
        RateLimitSettings()


async def test_around_a_service_ids_are_outermost_and_a_crash_has_its_id_and_origin():
    app = FastAPI()
    problems.install(app)

    @app.get("/crash/")
    async def crash() -> None:
        raise ZeroDivisionError

    outer_middleware.install(app, cors=open_to_all, rate_limit=RateLimit(1, 86400))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        answers = [await client.get("/crash/", headers={"Origin": "https://app.example.org"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 429]
    for answer in answers:
        assert answer.headers["x-request-id"]
        assert answer.headers["ratelimit"].startswith('"address";r=0')
        assert answer.headers["access-control-allow-origin"] == "*"
