"""A rooms service beside a real NATS, and the bucket that it watches."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from carillon_occupancy import NOW, Bucket, open_bucket, ready
from carillon_rooms.app import create_app
from carillon_rooms.settings import RoomsSettings
from carillon_servers import eventually


@pytest.fixture
async def bucket(own_nats_url: str) -> AsyncIterator[Bucket]:
    async with open_bucket(own_nats_url) as opened:
        yield opened


class Clock:
    """Shows the time that the test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def serving(clock: Clock) -> Serving:
    """Runs the service on a NATS; gives a client of it."""

    @asynccontextmanager
    async def run(nats_url: str, policy: Path | None = None, **settings) -> AsyncIterator[httpx.AsyncClient]:
        app = create_app(RoomsSettings(nats_url=nats_url, room_policy=policy, **settings), clock)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://rooms.test") as client,
        ):
            yield client

    return run


@pytest.fixture
async def rooms(bucket: Bucket, own_nats_url: str, serving: Serving) -> AsyncIterator[httpx.AsyncClient]:
    """A service that has read three rooms: B08 is busy on Monday from 10:00 to 12:00, the amphitheatre all day."""
    await bucket.put_sources()
    await bucket.cover()
    await bucket.put_room(26, "1R1-010")
    await bucket.put_room(11, "1TP1-B08", ("2026-11-23T10:00:00+01:00", "2026-11-23T12:00:00+01:00"))
    await bucket.put_room(5, "Amphi AMPERE (3A)", ("2026-11-23T08:00:00+01:00", "2026-11-23T20:00:00+01:00"))
    async with serving(own_nats_url) as client:
        await eventually(lambda: ready(client))
        yield client
