"""The `occupancy` bucket as the timetable API writes it, for tests and benchmarks of what reads it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import httpx
from carillon_contracts.events import Busy, Coverage, Named, RoomWeek, SourceState, SourceStates
from carillon_contracts.weeks import days_of, week_of
from carillon_kit import bus, streams

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class Bucket:
    """Writes the `occupancy` bucket as the timetable API does."""

    def __init__(self, kv) -> None:
        self.kv = kv

    async def put(self, value: RoomWeek | Coverage | SourceStates) -> None:
        await self.kv.put(value.key, value.model_dump_json().encode())

    async def put_room(self, number: int, name: str, *courses: tuple[str, str], week: str = "2026-W48") -> None:
        """Courses as pairs of ISO times; their ids count from 1."""
        busy = tuple(Busy(begin=begin, end=end, course=n) for n, (begin, end) in enumerate(courses, 1))
        named = Named(id=number, name=name, slug=name.lower())
        await self.put(RoomWeek(room=named, week=week, busy=busy))

    async def put_sources(self, *failing: str, zone="Europe/Paris") -> None:
        """One source that is well, and these that are failing."""
        read = NOW - timedelta(minutes=14)
        states = [SourceState(slug="ut3", last_read_at=read, failing_since=None)]
        states += [SourceState(slug=slug, last_read_at=read, failing_since=NOW) for slug in failing]
        await self.put(SourceStates(timezone=zone, sources=tuple(states)))

    async def cover(self, *days: date, by: tuple[str, ...] = ("ut3",)) -> None:
        """All days of their weeks, unless some are named."""
        chosen = days or days_of("2026-W48")
        for week in {week_of(day) for day in chosen}:
            await self.put(Coverage(week=week, days={day: by for day in chosen if week_of(day) == week}))


@asynccontextmanager
async def open_bucket(nats_url: str) -> AsyncIterator[Bucket]:
    async with bus.connection(nats_url, "test") as client:
        js = await bus.ready(client, 1)
        yield Bucket(await streams.occupancy_bucket(js))


async def ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/readyz")).status_code == 200
