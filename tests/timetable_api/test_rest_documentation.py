"""The OpenAPI document: whole, with examples, and true of what is answered; and the page that shows it."""

import base64
import json
import re
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
import uvicorn
from carillon_local import loopback
from carillon_servers import new_database
from carillon_timetable_api import queries
from carillon_timetable_api.app import create_app
from carillon_timetable_api.database import statement_of
from carillon_timetable_api.settings import Settings
from carillon_timetable_api.webhooks import tokens
from hypothesis import HealthCheck, given, settings
from jsonschema_rs import Draft202012Validator
from schemathesis.checks import CHECKS
from sqlalchemy import text
from timetable_rest import opened

READ_AS_JSON = r"^/api/$|^/api/(years|timetables|sources|groups|rooms|courses|search)/([^.]*/)?$"


@pytest.fixture(scope="module", params=[0, 2], ids=["bare", "paged"])
async def faculty(request, postgresql_url, migrated_template):
    async with new_database(postgresql_url, migrated_template) as url, opened(url, page_size=request.param) as rest:
        async with rest.building() as builder:
            year, source = await builder.year("L3"), await builder.source(last_update_at=datetime.now(UTC))
            await builder.timetable("Info", year, source)
            group, room = await builder.group("L3 INFO s1 CMA", source), await builder.room("A1")
            await builder.calendar(source, [group])
            for hours in (0, 1, 200):
                begin = datetime(2018, 12, 5, 8, 0, tzinfo=UTC) + timedelta(hours=hours)
                await builder.course(source, begin, begin + timedelta(hours=1), [group], [room])
        yield rest


@pytest.fixture
async def token(faculty):
    """For webhooks."""
    async with faculty.engine.begin() as connection:
        return await tokens.create(connection, "fuzzer", datetime.now(UTC))


@pytest.fixture
def address(faculty):
    """The same application on a port, in a loop of its own, because the fuzzer calls from outside of any."""
    url = faculty.engine.url.render_as_string(hide_password=False)
    keys = base64.b64encode(bytes(32)).decode()
    chosen = Settings(
        database_url=url, nats_url=f"nats://127.0.0.1:{loopback.free_port()}", page_size=2, secret_keys=keys
    )
    server = uvicorn.Server(uvicorn.Config(create_app(chosen), port=0, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


async def test_the_document_is_of_openapi_3_1_and_has_the_same_paths_as_the_celcatsanitizer_document(faculty):
    document = await faculty.json("/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert await faculty.json("/openapi/timetable.json") == document
    courses = ["", "days/current/", "days/{year}/{month}/{day}/", "weeks/current/", "weeks/{year}/{week}/"]
    lists = ["years", "timetables", "sources", "groups", "rooms", "courses"]
    expected = {"/api/", "/api/groups/{id}/courses/weeks/", "/api/sources/{id}/status/"}
    expected |= {f"/api/{name}/" for name in lists} | {f"/api/{name}/{{id}}/" for name in lists}
    expected |= {"/api/years/{id}/timetables/", "/api/timetables/{id}/groups/", "/api/sources/{id}/timetables/"}
    expected |= {f"/api/{owner}/{{id}}/courses/{rest}" for owner in ("groups", "rooms") for rest in courses}
    assert set(document["paths"]) >= expected


async def test_every_operation_has_an_example_that_its_schema_allows(faculty):
    document = await faculty.json("/openapi.json")
    operations = [path["get"] for name, path in document["paths"].items() if re.match(READ_AS_JSON, name)]
    assert len(operations) == 30
    for operation in operations:
        shown = operation["responses"]["200"]["content"]["application/json"]
        validator = Draft202012Validator({**shown["schema"], "components": document["components"]})
        validator.validate(shown["example"])
        assert operation["responses"]["404"]["content"].keys() == {"application/problem+json"}


async def test_what_rests_on_sources_is_described_with_the_headers_that_say_so(faculty):
    paths = (await faculty.json("/openapi.json"))["paths"]
    described = {
        name: found.keys()
        for name, path in paths.items()
        for operation in path.values()
        if (found := operation["responses"].get("200", {}).get("headers"))
    }
    of_courses = {name for name in paths if re.search(r"/courses/$|/courses/(days|weeks)/|\.ics$|/preview/$", name)}
    others = {"/api/groups/{id}/free/", "/api/search/", "/api/changes/"}
    others |= {"/api/courses/{id}/"} | {
        f"/api/{owner}/{{id}}/changes.atom" for owner in ("groups", "rooms", "timetables")
    }
    assert described.keys() == of_courses | others
    assert len(of_courses) == 17
    for name, headers in described.items():
        of_data = {"Carillon-Data-Age", "Carillon-Failing-Sources"}
        assert headers == (of_data if name in others else of_data | {"Carillon-Empty-Because"}), name


@pytest.mark.parametrize("faculty", [2], ids=["paged"], indirect=True)
def test_fuzzed_requests_are_answered_as_the_document_says(address, token):
    """Every operation that ends; a possible week 53 or 31st is not one of every year and month."""
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json").exclude(path="/api/changes/stream/")
    excluded = CHECKS.get_by_names(["positive_data_acceptance"])
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        )
        def requests_are_answered(case):
            case.call_and_validate(timeout=10, excluded_checks=excluded, headers={"Authorization": f"Bearer {token}"})

        requests_are_answered()


@pytest.mark.parametrize("name", ["Ma semaine\0", "\ud800"])
async def test_what_no_database_can_hold_is_refused_and_no_outage(faculty, name):
    """The fuzzer knows that JSON can hold them, and seldom tries."""
    for wanted in (
        {"name": name, "choice": {"groups": [1]}},
        {"choice": {"groups": [1], "rules": [{"action": "include", "name": name}]}},
    ):
        answer = await faculty.client.post(
            "/api/feeds/", content=json.dumps(wanted), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422


async def test_a_statement_that_is_wrong_is_told_as_our_crash_and_no_outage(faculty, monkeypatch):
    monkeypatch.setattr(queries, "page_of", lambda _: statement_of(text("select nonsense")))
    answer = await faculty.get("/api/rooms/")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal-error")


async def test_the_page_needs_nothing_from_outside_and_no_script_inside(faculty):
    page = await faculty.get("/docs")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert not re.search(r"<script>|https?://|style=|onload", page.text)
    for address in re.findall(r'(?:src|href)="(/docs/[^"]+)"', page.text):
        answer = await faculty.get(address)
        assert answer.status_code == 200, address
    for name in ("timetable", "rooms", "pronote"):
        assert f"/openapi/{name}.json" in page.text
