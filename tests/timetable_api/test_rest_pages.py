"""Pagination by the rules of Django REST framework."""

import httpx
import pytest
from carillon_kit.forwarded import ForwardedMiddleware
from carillon_servers import new_database
from timetable_rest import opened

ROOMS = [f"A{n}" for n in range(1, 6)]


@pytest.fixture(scope="module")
async def paged(postgresql_url, migrated_template):
    """Five rooms and one group without courses, two items a page."""
    async with new_database(postgresql_url, migrated_template) as url, opened(url, page_size=2) as rest:
        async with rest.building() as builder:
            for name in ROOMS:
                await builder.room(name)
            await builder.group("L1", await builder.source())
        yield rest


@pytest.mark.parametrize(
    ("query", "names", "following", "previous"),
    [
        ("", ["A1", "A2"], "?page=2", None),
        ("?page=1", ["A1", "A2"], "?page=2", None),
        ("?page=", ["A1", "A2"], "?page=2", None),
        ("?page=2", ["A3", "A4"], "?page=3", ""),
        ("?page=3", ["A5"], None, "?page=2"),
        ("?page=last", ["A5"], None, "?page=2"),
        ("?page=02", ["A3", "A4"], "?page=3", ""),
        ("?a=1&page=2&b=%C3%A9", ["A3", "A4"], "?a=1&b=%C3%A9&page=3", "?a=1&b=%C3%A9"),
    ],
)
async def test_pages_link_to_their_neighbours(paged, query, names, following, previous):
    page = await paged.json(f"/api/rooms/{query}")
    assert list(page) == ["count", "next", "previous", "results"]
    assert page["count"] == 5
    assert [room["name"] for room in page["results"]] == names
    base = "http://testserver/api/rooms/"
    assert page["next"] == (None if following is None else base + following)
    assert page["previous"] == (None if previous is None else base + previous)


@pytest.mark.parametrize("page", ["4", "0", "-1", "x", "1.0", "9" * 30, "9" * 9, "²", "null", "LAST"])
@pytest.mark.parametrize("path", ["/api/rooms/", "/api/groups/1/courses/weeks/2018/49/"])
async def test_a_page_that_does_not_exist_is_not_found(paged, path, page):
    answer = await paged.get(path, params={"page": page})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Page non valide."
    english = await paged.get(path, params={"page": page}, headers={"Accept-Language": "en-GB,fr;q=0.2"})
    assert english.json()["detail"] == "Invalid page."


@pytest.mark.parametrize("query", ["", "?page=1", "?page=last"])
async def test_an_empty_list_has_a_first_page(paged, query):
    page = await paged.json(f"/api/groups/1/courses/{query}")
    assert page == {"count": 0, "next": None, "previous": None, "results": []}


async def test_every_list_is_paginated_and_weeks_are_not(paged):
    for path in ("years", "timetables", "sources", "groups", "rooms", "courses", "rooms/1/courses/days/current"):
        assert list(await paged.json(f"/api/{path}/")) == ["count", "next", "previous", "results"]
    assert await paged.json("/api/groups/1/courses/weeks/") == []


async def test_only_the_last_page_costs_a_second_statement(paged):
    for query, most in (("", 1), ("?page=3", 1), ("?page=last", 2)):
        paged.statements.clear()
        await paged.json(f"/api/rooms/{query}")
        assert len(paged.statements) == most


@pytest.mark.parametrize(
    ("trusted", "base"), [("127.0.0.1", "https://edt.example.fr/api/rooms/"), ("10.0.0.1", "http://inside/api/rooms/")]
)
async def test_links_are_as_the_caller_wrote_them_behind_trusted_proxies(paged, trusted, base):
    app = ForwardedMiddleware(paged.app, trusted)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "edt.example.fr, edge", "X-Forwarded-For": "192.0.2.7"}
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://inside", headers=headers) as client:
        page = (await client.get("/api/rooms/?page=2")).json()
        assert (page["next"], page["previous"]) == (f"{base}?page=3", base)
        assert (await client.get("/api/")).json()["rooms"] == base
