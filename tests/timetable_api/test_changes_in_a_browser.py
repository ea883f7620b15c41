"""The stream of changes as a browser's own EventSource reads it, through the edge, across a restart of the service."""

import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from carillon_local import loopback
from carillon_servers import answers, eventually, running_caddy, running_process
from carillon_timetable_api.database import engine_of
from carillon_timetable_api.ingest import Ingest
from chromium import running_chromium
from snapshots import course, observed

LISTEN = """path => {
    window.seen = [];
    window.opened = 0;
    window.source = new EventSource(path);
    window.source.onopen = () => { window.opened += 1; };
    window.source.onmessage = event => window.seen.push({id: event.lastEventId, ...JSON.parse(event.data)});
}"""


@pytest.fixture(scope="module")
async def browser():
    async with running_chromium() as started:
        yield started


@pytest.fixture
def service(migrated_database: str, tmp_path: Path):
    """Starts the timetable API, each time on the same port and over the same database; gives the port."""
    port = loopback.free_port()
    environment = {
        "CARILLON_DATABASE_URL": migrated_database,
        "CARILLON_NATS_URL": f"nats://127.0.0.1:{loopback.free_port()}",
        "CARILLON_PORT": str(port),
    }
    command = [sys.executable, "-m", "carillon_timetable_api"]

    def start():
        alive = f"http://127.0.0.1:{port}/livez"
        return running_process(command, tmp_path / "service.log", lambda: answers(alive), environment=environment)

    start.port = port
    return start


@pytest.fixture
def edge_url(service, tmp_path: Path) -> Iterator[str]:
    """The address of Caddy with the project's Caddyfile before the service."""
    upstreams = {"timetable-api": service.port, "rooms": service.port, "pronote-gateway": service.port}
    with running_caddy(tmp_path / "caddy", upstreams) as url:
        yield url


@pytest.fixture
async def ingest(migrated_database: str):
    engine = engine_of(migrated_database)
    yield Ingest(engine, ZoneInfo("Europe/Paris"))
    await engine.dispose()


async def opened(page, times: int) -> None:
    """The stream was opened so often at least."""

    async def so_often() -> bool:
        return await page.evaluate("window.opened") >= times

    await eventually(so_often, 30)


async def seen(page, count: int) -> list[dict]:
    """What the page was told, once it is so much."""

    async def enough() -> list[dict] | None:
        told = await page.evaluate("window.seen")
        return told if len(told) >= count else None

    return await eventually(enough, 30)


async def test_an_event_source_goes_on_after_a_restart_where_it_was_cut(browser, service, edge_url, ingest) -> None:
    page = await browser.new_page()
    with service():
        await page.goto(f"{edge_url}/docs")
        await page.evaluate(LISTEN, "/api/changes/stream/?kind=added&kind=moved")
        await opened(page, 1)
        await ingest(observed(course(hour=8)))
        (added,) = await seen(page, 1)
        assert (added["kind"], added["after"]["begin"]) == ("added", "2026-11-17T09:00:00+01:00")
        await ingest(observed(course(hour=9), at=1))
        assert [change["kind"] for change in await seen(page, 2)] == ["added", "moved"]
    # What happens while the service is away is told when it is there again, and nothing twice.
    await ingest(observed(course(hour=10), at=2))
    await ingest(observed(course(hour=10, rooms=("U9",)), at=3))
    await ingest(observed(course(hour=11, rooms=("U9",)), at=4))
    with service():
        await opened(page, 2)
        await ingest(observed(course(hour=12, rooms=("U9",)), at=5))
        told = await seen(page, 5)
    assert [change["after"]["begin"][11:13] for change in told] == ["09", "10", "11", "12", "13"]
    assert [change["id"] for change in told] == sorted({change["id"] for change in told})
    await page.close()


async def test_an_event_source_is_given_only_what_its_filter_wants(browser, service, edge_url, ingest) -> None:
    await ingest(observed(course("1:2026-11-16", rooms=("U1",)), course("2:2026-11-16", rooms=("U2",))))
    page = await browser.new_page()
    with service():
        await page.goto(f"{edge_url}/docs")
        await page.evaluate(LISTEN, "/api/changes/stream/?room=2")
        await opened(page, 1)
        moved = (course("1:2026-11-16", rooms=("U1",), hour=9), course("2:2026-11-16", rooms=("U2",), hour=9))
        await ingest(observed(*moved, at=1))
        (told,) = await seen(page, 1)
    assert [room["name"] for room in told["after"]["rooms"]] == ["U2"]
    await page.close()
