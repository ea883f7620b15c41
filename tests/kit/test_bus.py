"""What the bus promises: published once, delivered at least once, retried, and terminated when unreadable."""

import asyncio
import json
from contextlib import AsyncExitStack, suppress

import pytest
from carillon_contracts.course import Source
from carillon_contracts.events import SourceFailed
from carillon_kit import bus, cancellation, correlation, streams
from carillon_local import loopback
from carillon_servers import eventually, running_nats
from nats.aio.client import Client
from nats.js.api import StreamConfig
from nats.js.errors import BadRequestError

SOURCE = Source(
    slug="ut3-l1", format="celcat-xml", url="http://edt.test/g1.xml", publisher="edt.test", year="L1", timetable="L1 PS"
)


def failed(code: str = "unreachable") -> SourceFailed:
    return SourceFailed(
        source=SOURCE, failed_at="2026-11-21T08:00:00Z", code=code, reason_fr="En panne.", reason_en="Down."
    )


def read(_subject: str, body: bytes) -> SourceFailed:
    return SourceFailed.model_validate_json(body)


async def test_the_same_event_published_twice_is_stored_once(own_nats_url: str) -> None:
    async with bus.connection(own_nats_url, "test") as client:
        js = await bus.ready(client, 1)
        await bus.publish(js, failed())
        await bus.publish(js, failed())
        assert (await js.stream_info(streams.OBSERVED)).state.last_seq == 1


async def test_a_failed_handler_gets_its_event_again_and_the_correlation_id_travels(own_nats_url, monkeypatch) -> None:
    monkeypatch.setattr(bus, "RETRY_DELAYS_S", (0.05,))
    seen: list[tuple[str, str | None]] = []

    async def handle(event: SourceFailed) -> None:
        seen.append((event.code, correlation.current()))
        if len(seen) == 1:
            raise RuntimeError("the database is away")

    async with bus.connection(own_nats_url, "test") as client:
        js = await bus.ready(client, 1)
        correlation.begin("scrape-00000001")
        await bus.publish(js, failed())
        task = asyncio.create_task(bus.consume(js, streams.OBSERVED, "reader", read, handle))
        await eventually(lambda: len(seen) == 2)
        await cancellation.end(task)
    assert seen == [("unreachable", "scrape-00000001")] * 2


async def test_an_unreadable_event_does_not_hold_up_the_others(own_nats_url: str) -> None:
    seen: list[str] = []

    async def handle(event: SourceFailed) -> None:
        seen.append(event.code)

    async with bus.connection(own_nats_url, "test") as client:
        js = await bus.ready(client, 1)
        await js.publish("source.failed.other", b"{]")
        await bus.publish(js, failed())
        task = asyncio.create_task(bus.consume(js, streams.OBSERVED, "reader", read, handle))
        await eventually(lambda: seen == ["unreachable"])
        await eventually(lambda: _nothing_pending(js))
        await cancellation.end(task)


async def _nothing_pending(js) -> bool:
    info = await js.consumer_info(streams.OBSERVED, "reader")
    return info.num_pending == 0 and info.num_ack_pending == 0


async def test_publishing_and_consuming_wait_out_a_restart_of_the_server(tmp_path) -> None:
    seen: list[str] = []

    async def handle(event: SourceFailed) -> None:
        seen.append(event.code)

    port = loopback.free_port()
    stack = AsyncExitStack()
    connecting = asyncio.create_task(stack.enter_async_context(bus.connection(f"nats://127.0.0.1:{port}", "test")))
    with running_nats(tmp_path, port):
        client = await connecting
        js = await bus.ready(client, 1)
        task = asyncio.create_task(bus.consume(js, streams.OBSERVED, "reader", read, handle))
        await bus.publish(js, failed("first"))
        await eventually(lambda: seen == ["first"])
    publishing = asyncio.create_task(bus.publish(js, failed("second")))
    with running_nats(tmp_path, port):
        await asyncio.wait_for(publishing, 20)
        await eventually(lambda: seen == ["first", "second"])
        await cancellation.end(task)
        await stack.aclose()


@pytest.mark.parametrize(
    ("given", "kept"), [("abcdefgh", True), ("short", False), ("bad id with spaces", False), (None, False)]
)
def test_a_correlation_id_is_taken_over_only_if_it_is_plain(given, kept) -> None:
    assert (correlation.begin(given) == given) is kept


INFO = b'INFO {"server_id":"S","version":"2.12.0","max_payload":1048576}\r\n'


async def test_a_connection_that_is_cut_short_while_it_is_made_is_closed() -> None:
    greeted, left = asyncio.Event(), asyncio.Event()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(INFO)
        await reader.readline()
        greeted.set()
        await reader.read()
        left.set()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1") as server:
        task = asyncio.create_task(_connect(server))
        await asyncio.wait_for(greeted.wait(), 10)
        await cancellation.end(task)
        await asyncio.wait_for(left.wait(), 10)


async def _connect(server: asyncio.Server) -> None:
    async with bus.connection(f"nats://127.0.0.1:{server.sockets[0].getsockname()[1]}", "test"):
        await asyncio.Event().wait()


async def test_no_try_to_reconnect_leaves_its_connection_open() -> None:
    opened: list[int] = []
    closed_by_client: list[int] = []

    async def serve_the_first_then_hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(connection := len(opened) + 1)
        if connection == 1:
            writer.write(INFO)
            while await reader.readline() != b"PING\r\n":
                pass
            writer.write(b"PONG\r\n")
        writer.write_eof()
        await reader.read()
        closed_by_client.append(connection)
        writer.close()

    async with await asyncio.start_server(serve_the_first_then_hang_up, "127.0.0.1") as server:
        task = asyncio.create_task(_connect(server))
        await eventually(lambda: closed_by_client[:3] == [1, 2, 3])
        await cancellation.end(task)
        await eventually(lambda: closed_by_client == opened)


async def test_a_client_that_is_ended_tries_no_more_even_if_the_try_in_flight_misses_it(
    own_nats_url: str, monkeypatch
) -> None:
    tried = asyncio.Event()
    tries: list[int] = []

    async def miss_the_first_cancellation(_self, _server) -> None:
        tries.append(1)
        tried.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(30 if len(tries) == 1 else 0)
        raise ConnectionRefusedError

    async with bus.connection(own_nats_url, "test") as client:
        monkeypatch.setattr(Client, "_connect_to_server", miss_the_first_cancellation)
        await client.force_reconnect()
        await asyncio.wait_for(tried.wait(), 10)
    seen = len(tries)
    await asyncio.sleep(0.5)
    assert len(tries) == seen


async def test_the_streams_set_no_room_aside_so_that_they_fit_on_a_small_disk(own_nats_url: str) -> None:
    async with bus.connection(own_nats_url, "test") as client:
        await bus.ready(client, 1)
        account = json.loads((await client.request("$JS.API.INFO")).data)
        assert account["streams"] == 3
        assert account["reserved_storage"] == 0


async def test_what_the_server_refuses_is_told_in_its_words(own_nats_url: str) -> None:
    async with bus.connection(own_nats_url, "test") as client:
        js = await bus.ready(client, 1)
        with pytest.raises(BadRequestError) as refusal:
            await js.add_stream(StreamConfig(name="OTHER", subjects=["observed.>"]))
    assert "overlap" in bus.told(refusal.value)
