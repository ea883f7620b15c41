"""QSJPS over HTTP, from a bucket of 600 rooms and 30 weeks, against the same bytes from a bare ASGI application."""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
from carillon_contracts.events import Busy, Coverage, Named, RoomWeek, SourceState, SourceStates
from carillon_contracts.weeks import days_of, week_of
from carillon_occupancy import Bucket, open_bucket
from carillon_servers import running_nats

from benchmarks.figures import Figure
from benchmarks.load import load, side_by_side
from benchmarks.running import bare_asgi, running

ROOMS, WEEKS, COURSES_A_WEEK = 600, 30, 12
FIRST_MONDAY = date(2026, 9, 7)
_PUTS_AT_ONCE = 200


def main() -> list[Figure]:
    """Fill a real bucket, start the service on it, load it beside the yardstick."""
    with tempfile.TemporaryDirectory(prefix="carillon-") as folder, running_nats(Path(folder)) as nats_url:
        asyncio.run(_fill(nats_url))
        began = time.monotonic()
        with running(["-m", "carillon_rooms"], {"CARILLON_NATS_URL": nats_url}, ready="/readyz") as port:
            started = Figure(
                f"rooms: start to ready, {ROOMS * WEEKS:,} room weeks", f"{time.monotonic() - began:.1f} s"
            )
            body = Path(folder) / "body.json"
            body.write_bytes(httpx.get(f"http://127.0.0.1:{port}{_PATH}").content)
            with bare_asgi(body) as bare_port:
                return [started, *_measured(port, bare_port, len(body.read_bytes()))]


_PATH = "/api/rooms/qsjps/2026-11-23/10:00/12:00/"


def _measured(port: int, bare_port: int, size: int) -> Iterator[Figure]:
    bare = (bare_port, [_PATH])
    for what, paths in [("one address", [_PATH]), ("a new address each time", _new_paths())]:
        found = side_by_side({"rooms": (port, paths), "bare": bare})
        rooms, yardstick = found["rooms"], found["bare"]
        yield Figure(
            f"QSJPS, {what}, {size / 1024:.0f} KiB",
            f"{rooms.requests_per_s:,.0f}/s, bare {yardstick.requests_per_s:,.0f}/s, median {rooms.median_ms:.1f} ms",
            rooms.requests_per_s / yardstick.requests_per_s,
            "≥ 0.5",
        )
    states = load(port, ["/api/rooms/free/?for=90m"])
    yield Figure("rooms/free/ of now, 600 rooms", f"{states.requests_per_s:,.0f}/s, median {states.median_ms:.0f} ms")


def _new_paths() -> Iterator[str]:
    """Addresses that were not asked for before, until there are none left (some 15 million)."""
    for begin in range(8 * 60, 20 * 60):
        for length in range(60, 180):
            for number in range(WEEKS * 5):
                day = FIRST_MONDAY + timedelta(days=number // 5 * 7 + number % 5)
                yield f"/api/rooms/qsjps/{day}/{_clock(begin)}/{_clock(begin + length)}/"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


async def _fill(nats_url: str) -> None:
    async with open_bucket(nats_url) as bucket:
        now = datetime.now(UTC)
        source = SourceState(slug="bench", last_read_at=now, failing_since=None)
        await bucket.put(SourceStates(timezone="Europe/Paris", sources=(source,)))
        for number in range(WEEKS):
            week = week_of(FIRST_MONDAY + timedelta(weeks=number))
            await bucket.put(Coverage(week=week, days=dict.fromkeys(days_of(week), ("bench",))))
            await _fill_week(bucket, week, random.Random(number))


async def _fill_week(bucket: Bucket, week: str, chance: random.Random) -> None:
    values = [_room_week(room, week, chance) for room in range(1, ROOMS + 1)]
    for start in range(0, ROOMS, _PUTS_AT_ONCE):
        await asyncio.gather(*(bucket.put(value) for value in values[start : start + _PUTS_AT_ONCE]))


def _room_week(room: int, week: str, chance: random.Random) -> RoomWeek:
    """Two-hour courses from Monday to Friday, between 06:00 and 18:00 UTC."""
    slots = chance.sample([(day, hour) for day in days_of(week)[:5] for hour in range(6, 18, 2)], COURSES_A_WEEK)
    begins = [datetime(day.year, day.month, day.day, hour, tzinfo=UTC) for day, hour in sorted(slots)]
    busy = tuple(Busy(begin=begin, end=begin + timedelta(hours=2), course=1) for begin in begins)
    return RoomWeek(
        room=Named(id=room, name=f"U{room % 9}-{room:03}", slug=f"u{room % 9}-{room:03}"), week=week, busy=busy
    )
