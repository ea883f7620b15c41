"""The watch: complete before it is ready, up to date afterwards, and whole again after every outage."""

import asyncio
import contextlib

import pytest
from carillon_kit import streams
from carillon_local import loopback
from carillon_occupancy import open_bucket, ready
from carillon_rooms import occupancy_watch
from carillon_servers import eventually, running_nats

PATH = "/api/rooms/qsjps/2026-11-23/10:00/12:00/"
AT_TEN = ("2026-11-23T10:00:00+01:00", "2026-11-23T11:00:00+01:00")


@pytest.fixture(autouse=True)
def short_fetches(monkeypatch) -> None:
    """So that the fetch that is cut off by an outage is not waited for."""
    monkeypatch.setattr(occupancy_watch, "FETCH_TIMEOUT_S", 0.3)


async def free(client) -> list[int] | None:
    answer = await client.get(PATH)
    return [room["id"] for room in answer.json()] if answer.status_code == 200 else None


async def shows(client, *rooms: int) -> bool:
    return await free(client) == list(rooms)


async def test_without_nats_it_lives_but_is_not_ready_and_answers_that_it_knows_nothing(serving) -> None:
    async with serving(f"nats://127.0.0.1:{loopback.free_port()}") as client:
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        answer = await client.get(PATH)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["type"] == "/problems/not-ready"
        assert (await client.get("/api/rooms/qsjps/2026-11-35/10:00/12:00/")).status_code == 400
    # Leaving the block proves that a stop does not wait for the server.


async def test_it_is_ready_with_an_empty_bucket_but_claims_nothing(own_nats_url, serving) -> None:
    async with serving(own_nats_url) as client:
        await eventually(lambda: ready(client))
        assert (await client.get(PATH)).status_code == 503


async def test_it_follows_courses_names_and_withdrawals(bucket, own_nats_url, serving) -> None:
    await bucket.put_sources()
    await bucket.put_room(1, "A")
    async with serving(own_nats_url) as client:
        await eventually(lambda: shows(client, 1))
        await bucket.put_room(2, "B")
        await eventually(lambda: shows(client, 1, 2))
        await bucket.put_room(1, "A", AT_TEN)
        await eventually(lambda: shows(client, 2))
        await bucket.put_room(1, "Z")  # freed and renamed
        await eventually(lambda: shows(client, 2, 1))
        await bucket.kv.delete("room.2.2026-W48")
        await eventually(lambda: shows(client, 1))
        await bucket.kv.purge("room.1.2026-W48")
        await eventually(lambda: shows(client))


@pytest.mark.parametrize(
    "key", ["room.x.2026-W48", "room.1.2026-W60", "room.1", "week.2026-W48", "week.never", "sources", "other.key"]
)
async def test_a_value_that_cannot_be_read_stops_nothing(bucket, own_nats_url, serving, key) -> None:
    await bucket.kv.put(key, b"{]")
    await bucket.put_sources()
    await bucket.kv.put(key, b'{"timezone": "Mars/Base", "sources": []}')
    await bucket.put_room(2, "B")
    async with serving(own_nats_url) as client:
        if key == "sources":
            await eventually(lambda: ready(client))
            await bucket.put_sources()
        await eventually(lambda: shows(client, 2))


async def test_a_first_pass_of_many_values_is_read_whole(bucket, own_nats_url, serving) -> None:
    await bucket.put_sources()
    for start in range(0, 1500, 100):
        await asyncio.gather(*(bucket.put_room(n, f"R{n:04}") for n in range(start, start + 100)))
    async with serving(own_nats_url) as client:
        await eventually(lambda: ready(client))
        assert await free(client) == list(range(1500))


async def test_it_answers_during_an_outage_and_is_whole_again_after_it(tmp_path, serving) -> None:
    port = loopback.free_port()
    async with serving(f"nats://127.0.0.1:{port}") as client:
        with running_nats(tmp_path, port) as url:
            async with open_bucket(url) as bucket:
                await bucket.put_sources()
                await bucket.put_room(1, "A")
                await bucket.put_room(2, "B")
            await eventually(lambda: shows(client, 1, 2))
        assert await free(client) == [1, 2]
        assert await ready(client)
        with running_nats(tmp_path, port) as url:
            async with open_bucket(url) as bucket:
                await bucket.put_room(1, "A", AT_TEN)
                await eventually(lambda: shows(client, 2))
                await bucket.put_room(2, "B", AT_TEN)
                await eventually(lambda: shows(client))


async def test_nothing_stale_stays_when_the_bucket_was_lost_during_an_outage(tmp_path, serving) -> None:
    port = loopback.free_port()
    async with serving(f"nats://127.0.0.1:{port}") as client:
        with running_nats(tmp_path / "first", port) as url:
            async with open_bucket(url) as bucket:
                await bucket.put_sources()
                await bucket.put_room(1, "A")
            await eventually(lambda: shows(client, 1))
        with running_nats(tmp_path / "second", port) as url:
            async with open_bucket(url) as bucket:
                await bucket.put_sources()
                await bucket.put_room(2, "B")
                await eventually(lambda: shows(client, 2))


async def test_a_bucket_that_is_deleted_and_built_anew_is_read_anew(own_nats_url, serving) -> None:
    async with open_bucket(own_nats_url) as bucket:
        await bucket.put_sources()
        await bucket.put_room(1, "A")
        async with serving(own_nats_url) as client:
            await eventually(lambda: shows(client, 1))
            await bucket.kv._js.delete_key_value(streams.OCCUPANCY)
            async with open_bucket(own_nats_url) as anew:
                await anew.put_sources()
                await anew.put_room(3, "C")
                await eventually(lambda: shows(client, 3))


async def test_a_consumer_that_the_server_dropped_is_made_again(bucket, own_nats_url, serving) -> None:
    await bucket.put_sources()
    await bucket.put_room(1, "A")
    async with serving(own_nats_url) as client:
        await eventually(lambda: shows(client, 1))
        js = bucket.kv._js
        for consumer in await js.consumers_info(f"KV_{streams.OCCUPANCY}"):
            with contextlib.suppress(Exception):
                await js.delete_consumer(f"KV_{streams.OCCUPANCY}", consumer.name)
        await bucket.put_room(2, "B")
        await eventually(lambda: shows(client, 1, 2))
