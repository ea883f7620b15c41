"""The REST API against the celcatsanitizer document: every JSON example of it, held against our answers.

The database holds the very rows that the examples show, so most answers must be the examples themselves. The
document's examples were taken at different times: where one shows fewer items than another, ours may hold more.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import asyncpg
import celcatsanitizer_document
import pytest
from carillon_timetable_api import group_names
from carillon_timetable_api.migrate import migrate
from carillon_timetable_api.naming import sort_name
from celcatsanitizer_document import Example
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from timetable_rest import opened

IDS = {"years": 1, "timetables": 1, "sources": 1, "groups": 207, "rooms": 26, "courses": 22133}
"""The items whose lists the document shows."""

OF_ROOMS_SERVICE = "api/rooms/qsjps/"
PAGE = ["count", "next", "previous", "results"]


@pytest.fixture(scope="module")
def document() -> str:
    return celcatsanitizer_document.read_document()


@pytest.fixture(scope="module")
def examples(document) -> list[Example]:
    return [
        found for found in celcatsanitizer_document.examples(document) if not found.address.startswith(OF_ROOMS_SERVICE)
    ]


@pytest.fixture(scope="module")
async def seeded(postgresql_url, examples) -> str:
    """The URL of a database with the rows of the examples."""
    server = await asyncpg.connect(postgresql_url.replace("+asyncpg", ""))
    await server.execute("create database celcatsanitizer")
    await server.close()
    url = postgresql_url.replace("/postgres?", "/celcatsanitizer?")
    await migrate(url)
    async with opened(url) as rest, rest.engine.begin() as connection:
        await _fill(connection, examples)
    return url


@pytest.fixture(scope="module")
async def paged(seeded):
    async with opened(seeded, page_size=100) as rest:
        yield rest


@pytest.fixture(scope="module")
async def bare(seeded):
    async with opened(seeded) as rest:
        yield rest


async def test_all_examples_were_found(document):
    found = celcatsanitizer_document.examples(document)
    assert len(found) + 1 == document.count(".. code:: json") == 24
    assert sum(example.is_error for example in found) == 5


async def test_every_address_of_the_document_is_served(paged, document):
    for address in celcatsanitizer_document.addresses(document):
        if not address.startswith(OF_ROOMS_SERVICE):
            answer = await paged.get(_path(address))
            assert answer.status_code == 200, address


async def test_the_examples_of_answers_are_our_answers(paged, bare, examples):
    for example in (found for found in examples if not found.is_error):
        ours = await paged.json(_path(example.address))
        expected = _without_broken_lines(example.body)
        if isinstance(expected, dict) and list(expected) == PAGE:
            assert list(ours) == PAGE, example.address
            assert ours["count"] == len(ours["results"])
            assert _shown_by(expected["results"], ours["results"]) == expected["results"], example.address
            assert await bare.json(_path(example.address)) == ours["results"]
            assert [list(item) for item in ours["results"]] == [list(expected["results"][0])] * ours["count"]
        else:
            assert ours == expected, example.address
            assert _keys(ours) == _keys(expected), example.address


async def test_the_examples_of_errors_are_our_errors(paged, examples):
    found = [example for example in examples if example.is_error]
    assert len(found) == 3
    for example in found:
        answer = await paged.client.get(_path(example.address), follow_redirects=True)
        assert (answer.status_code, answer.json()) == (400, example.body), example.address


async def test_the_envelope_of_pages_is_the_documents(seeded, document):
    shown = celcatsanitizer_document.envelope(document)
    async with opened(seeded, page_size=1) as rest:
        rest.client.base_url = "http://localhost:8000"
        ours = await rest.json("/api/courses/")
    assert list(ours) == list(shown) == PAGE
    assert (ours["next"], ours["previous"]) == (shown["next"], shown["previous"])
    assert ours["count"] == 3
    assert len(ours["results"]) == 1


def _path(address: str) -> str:
    owner = address.split("/")[1]
    values = {"id": IDS[owner], "year": 2018, "month": 12, "day": 6, "week": 49}
    for name, value in values.items():
        address = address.replace(f"<{name}>", str(value))
    return f"/{address}"


def _without_broken_lines(body: Any) -> Any:
    """Two addresses in the document were cut by a line's end."""
    if isinstance(body, dict):
        return {
            key: value.replace(" ", "") if key == "url" else _without_broken_lines(value) for key, value in body.items()
        }
    return [_without_broken_lines(item) for item in body] if isinstance(body, list) else body


def _shown_by(expected: list[dict[str, Any]], ours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Our items that the example shows, in our order."""
    wanted = {item["id"] for item in expected}
    return [item for item in ours if item["id"] in wanted]


def _keys(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, _keys(inner)) for key, inner in value.items()]
    return [_keys(item) for item in value] if isinstance(value, list) else None


async def _fill(connection: AsyncConnection, examples: list[Example]) -> None:
    """Write what the examples show into the tables."""
    for source in _items(examples, "api/sources/"):
        values = {"slug": f"s{source['id']}", "format": "celcat-calendar", "publisher": "seed", "skipped": 0}
        await _insert(connection, "source", id=source["id"], url=source["url"].replace(" ", ""), **values)
    for year in _items(examples, "api/years/"):
        await _insert(connection, "year", **year)
    for row in _items(examples, "api/years/<id>/timetables/"):
        named = {"id": row["id"], "name": row["name"], "slug": row["slug"], "sort_name": sort_name(row["name"])}
        await _insert(connection, "timetable", year_id=row["year"], source_id=row["source"], **named)
    courses = {c["id"]: c for place in ("groups/<id>/courses", "courses") for c in _items(examples, f"api/{place}/")}
    rooms = [*_items(examples, "api/rooms/"), *(room for course in courses.values() for room in course["rooms"])]
    for room in rooms:
        await _insert(connection, "room", key=room["name"], sort_name=sort_name(room["name"]), **room)
    in_timetable = _items(examples, "api/timetables/<id>/groups/")
    groups = [*in_timetable, *(group for course in courses.values() for group in course["groups"])]
    for group in {group["id"]: group for group in groups}.values():
        await _insert(connection, "student_group", **_group_row(group))
    await _insert(connection, "calendar", id=1, source_id=1, key="page")
    for group in in_timetable:
        await _insert(connection, "calendar_group", calendar_id=1, group_id=group["id"])
    for course in courses.values():
        await _insert_course(connection, course)


def _items(examples: list[Example], address: str) -> Iterator[dict[str, Any]] | list[dict[str, Any]]:
    return next(example.body["results"] for example in examples if example.address == address)


def _group_row(group: dict[str, Any]) -> dict[str, Any]:
    parsed = group_names.parse(group["celcat_name"])
    row = {key: value for key, value in group.items() if key != "source"} | {"source_id": group["source"]}
    own = {"publisher": "seed", "key": parsed.key, "code": "", "mention_key": parsed.mention_key, "kind": parsed.kind}
    return row | own | {"sort_name": sort_name(group["name"])}


async def _insert_course(connection: AsyncConnection, course: dict[str, Any]) -> None:
    times = {key: datetime.fromisoformat(course[key]) for key in ("begin", "end", "last_update")}
    row = {key: course[key] for key in ("id", "name", "type", "notes")} | {"source_id": course["source"]} | times
    own = {"publisher": "seed", "event_id": str(course["id"]), "teachers": [], "version": 0}
    await _insert(connection, "course", **row, **own)
    for group in course["groups"]:
        await _insert(connection, "course_group", course_id=course["id"], group_id=group["id"])
    for room in course["rooms"]:
        await _insert(connection, "course_room", course_id=course["id"], room_id=room["id"])


async def _insert(connection: AsyncConnection, table: str, **values: Any) -> None:
    names, places = ", ".join(f'"{name}"' for name in values), ", ".join(f":{name}" for name in values)
    await connection.execute(text(f"insert into {table} ({names}) values ({places})"), values)  # noqa: S608
