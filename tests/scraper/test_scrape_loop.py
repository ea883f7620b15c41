"""The scraper as a process would run it: a real HTTP server on one side, a real JetStream on the other."""

import asyncio
import os
import subprocess
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import celcat_pages
import httpx
from carillon_contracts.events import Observed, SourceFailed, SourceRead
from carillon_kit import bus, streams
from carillon_local import loopback
from carillon_scraper import app as scraper_app
from carillon_scraper.app import create_app
from carillon_scraper.settings import Settings
from carillon_servers import eventually, running_nats
from nats.js.errors import NotFoundError
from upstream_server import reply


def sources_file(folder: Path, url: str, *, every: str = "1h", more: str = "") -> Path:
    path = folder / "sources.toml"
    path.write_text(
        f"""\
[institution]
name = "Université d'essai"
timezone = "Europe/Paris"

[[source]]
slug = "ut3-l1-ps"
format = "celcat-xml"
url = "{url}"
year = "L1"
timetable = "L1 PS"
every = "{every}"
{more}""",
        encoding="utf-8",
    )
    return path


def settings(nats_url: str, sources: Path, **changes) -> Settings:
    quick = {
        "request_pause_s": 0.0,
        "retry_pause_s": 0.01,
        "schedule_jitter": 0.0,
        "confirm_after_s": 0.1,
        "allow_private_addresses": True,
        "request_timeout_s": 2.0,
        "answer_timeout_s": 5.0,
    }
    return Settings(nats_url=nats_url, sources=sources, **{**quick, **changes})


@asynccontextmanager
async def running(chosen: Settings):
    app = create_app(chosen)
    async with app.router.lifespan_context(app):
        yield httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://scraper.test")


async def last(js, subject: str, kind):
    try:
        message = await js.get_last_msg(streams.OBSERVED, subject)
    except NotFoundError:
        return None
    return kind.model_validate_json(message.data)


async def test_a_page_becomes_one_snapshot_a_week_and_a_read_event(own_nats_url, js, server, tmp_path) -> None:
    server.serve("/FSI/g1.xml", celcat_pages.xml())
    path = sources_file(tmp_path, f"{server.url}/FSI/g1.html#w47")
    async with running(settings(own_nats_url, path)) as client:
        read = await eventually(lambda: last(js, "source.read.ut3-l1-ps", SourceRead))
        answer = await client.get("/readyz")
        assert answer.json() == {"ready": True, "waiting_for": {}}
        assert "carillon_scraper_reads_total" in (await client.get("/metrics")).text
    assert (read.courses, read.skipped) == (1, 0)
    assert read.published_at.isoformat() == "2026-11-20T00:41:39+00:00"
    assert [c.key for c in read.calendars] == ["g1"]
    first = await last(js, "observed.ut3-l1-ps.g1.2026-W47", Observed)
    assert [c.name for c in first.courses] == ["EPMAS1D1 - Informatique"]
    assert first.source.publisher == server.url.removeprefix("http://")
    for week in ("2026-W48", "2026-W49"):
        empty = await last(js, f"observed.ut3-l1-ps.g1.{week}", Observed)
        assert (empty.courses, len(empty.days)) == ((), 7)
    assert (await js.stream_info(streams.OBSERVED)).state.messages == 4


async def test_an_unchanged_week_is_not_published_again_and_a_changed_one_is(
    own_nats_url, js, server, tmp_path
) -> None:
    server.serve("/g1.xml", celcat_pages.xml())
    async with running(settings(own_nats_url, sources_file(tmp_path, f"{server.url}/g1.xml", every="1s"))):
        await eventually(lambda: last(js, "source.read.ut3-l1-ps", SourceRead))
        events = [celcat_pages.Event(), celcat_pages.Event(series=2, weeks=(2,), day=3)]
        server.serve("/g1.xml", celcat_pages.xml(celcat_pages.Page(events=events)))

        async def two_shown():
            shown = await last(js, "observed.ut3-l1-ps.g1.2026-W48", Observed)
            return shown if len(shown.courses) == 1 else None

        second = await eventually(two_shown)
        first = await last(js, "observed.ut3-l1-ps.g1.2026-W47", Observed)
    assert second.observed_at > first.observed_at


async def test_one_failing_source_does_not_stop_the_others(own_nats_url, js, server, tmp_path) -> None:
    server.serve("/good/g1.xml", celcat_pages.xml())
    more = f"""
[[source]]
slug = "broken"
format = "celcat-xml"
url = "{server.url}/broken/g2.xml"
year = "L1"
timetable = "other"
"""
    async with running(settings(own_nats_url, sources_file(tmp_path, f"{server.url}/good/g1.xml", more=more))):
        assert await eventually(lambda: last(js, "source.read.ut3-l1-ps", SourceRead))
        failed = await eventually(lambda: last(js, "source.failed.broken", SourceFailed))
    assert failed.code == "http-status"
    assert "404" in failed.reason_fr
    assert failed.source.timetable == "other"


async def test_a_broker_that_is_killed_in_the_midst_of_a_read_loses_nothing(server, tmp_path) -> None:
    pages = [f"g{number}" for number in range(1, 41)]
    options = "".join(f'<option value="{page}.html">{page}</option>' for page in pages)
    server.serve("/gindex.html", f"<html><select>{options}</select></html>".encode())
    for number, page in enumerate(pages):
        server.serve(
            f"/{page}.xml", celcat_pages.xml(celcat_pages.Page(events=[celcat_pages.Event(series=number + 1)]))
        )
    port = loopback.free_port()
    path = sources_file(tmp_path, f"{server.url}/gindex.html")
    async with AsyncExitStack() as stack:
        with running_nats(tmp_path / "nats", port) as url:
            await stack.enter_async_context(running(settings(url, path, request_pause_s=0.02)))
            await eventually(lambda: len(server.requests) > 10)
        assert len(server.requests) < 40, "the broker was stopped in the midst"
        with running_nats(tmp_path / "nats", port) as url:
            async with bus.connection(url, "test") as client:
                stream = await bus.ready(client, 1)
                read = await eventually(lambda: last(stream, "source.read.ut3-l1-ps", SourceRead), seconds=60)
                assert (read.courses, len(read.calendars)) == (40, 40)
                for number, page in enumerate(pages):
                    shown = await last(stream, f"observed.ut3-l1-ps.{page}.2026-W47", Observed)
                    assert [course.event_id for course in shown.courses] == [f"{number + 1}:2026-11-16"]
            await stack.aclose()


def test_a_bad_sources_file_stops_the_service_with_every_mistake(tmp_path) -> None:
    path = sources_file(tmp_path, "nonsense", every="never")
    command = [sys.executable, "-m", "carillon_scraper"]
    done = subprocess.run(
        command,
        env={**os.environ, "CARILLON_SOURCES": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert 'key "url"' in done.stderr
    assert 'key "every"' in done.stderr
    assert "Traceback" not in done.stderr


async def test_the_scraper_waits_for_the_broker_and_says_so(tmp_path) -> None:
    path = sources_file(tmp_path, "http://127.0.0.1:1/g1.xml")
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(running(settings("nats://127.0.0.1:1", path)))
        await asyncio.sleep(0)
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["waiting_for"] == {"nats": "not connected"}
        assert (await client.get("/livez")).status_code == 200


async def test_a_broker_that_takes_no_events_is_told_and_none_is_lost(
    own_nats_url, js, server, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(scraper_app, "STUCK_AFTER_S", 0)
    stream_is_gone = asyncio.Event()

    async def page(writer: asyncio.StreamWriter) -> None:
        await stream_is_gone.wait()
        writer.write(reply(celcat_pages.xml()))

    server.answers["/g1.xml"] = lambda _request: page
    async with running(settings(own_nats_url, sources_file(tmp_path, f"{server.url}/g1.xml"))) as client:

        async def trouble() -> str | None:
            return (await client.get("/readyz")).json()["waiting_for"].get("nats")

        async def is_well() -> bool:
            return await trouble() is None

        await eventually(lambda: server.requests)
        await js.delete_stream(streams.OBSERVED)
        stream_is_gone.set()
        assert "takes no events" in await eventually(trouble)
        await streams.ensure(js, 1)
        assert await eventually(lambda: last(js, "source.read.ut3-l1-ps", SourceRead))
        await eventually(is_well)
