"""A thousand listeners of `/api/changes/stream/` on one process: from a commit until the last of them has been told.

The yardstick is a process that sends the same number of connections the same bytes, without anything around.
"""

import asyncio
import time
from contextlib import ExitStack
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import psutil
from carillon_timetable_api.database import engine_of
from carillon_timetable_api.ingest import Ingest
from carillon_timetable_api.migrate import migrate
from snapshots import course, observed

from benchmarks.figures import Figure
from benchmarks.running import running, servers

LISTENERS, CHANGES = 1000, 15
_REQUEST = b"GET /api/changes/stream/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
_AT_ONCE = 50
_MOVED_AGAIN = """
    insert into journal (at, kind, course_id, source_id, source, group_ids, room_ids, before, after)
    select now(), 'moved', course_id, source_id, source, group_ids, room_ids, after, after from journal where number = 1
    """


class _FannedOut(NamedTuple):
    """Milliseconds from before the commit until the first and the last listener have the change."""

    first_ms: float
    last_ms: float


class _Listener(asyncio.Protocol):
    """Reads one stream and says when a change's event is whole."""

    def __init__(self, arrivals: "_Arrivals") -> None:
        self._arrivals, self._rest = arrivals, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(_REQUEST)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\n\n")
        for event in whole:
            self._arrivals.note(event)


class _Arrivals:
    """Counts what all listeners were told."""

    def __init__(self) -> None:
        self.opened = 0
        self.times: list[float] = []
        self.size = 0
        self._changed = asyncio.Event()

    def note(self, event: bytes) -> None:
        if b"data:" in event:
            self.times.append(time.perf_counter())
            self.size = len(event)
        else:
            self.opened += 1
        self._changed.set()

    async def until(self, opened: int, told: int) -> None:
        while self.opened < opened or len(self.times) < told:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 60)


def main() -> list[Figure]:
    """Connect the listeners, commit some changes one after the other, and look at the process's memory."""
    with ExitStack() as stack:
        _, environment = stack.enter_context(servers())
        url = environment["CARILLON_DATABASE_URL"]
        asyncio.run(_fill(url))
        port = stack.enter_context(running(["-m", "carillon_timetable_api"], environment, ready="/readyz"))
        (process,) = (child for child in psutil.Process().children() if "carillon_timetable_api" in child.cmdline())
        before = process.memory_info().rss
        found, size, after = asyncio.run(_listened(port, url, process))
        bare = asyncio.run(_bare(size))
    first, last = (median(times) for times in zip(*found, strict=True))
    each = (after - before) / LISTENERS / 1024
    return [
        Figure(
            f"{LISTENERS:,} listeners, {size} bytes a change: commit until the last is told",
            f"median {last:.0f} ms (first {first:.0f} ms), bare sockets {bare:.0f} ms",
            last / bare,
        ),
        Figure("  memory of the process", f"{after / 1024**2:.0f} MiB, {each:.0f} KiB a listener"),
    ]


async def _fill(url: str) -> None:
    await migrate(url)
    engine = engine_of(url)
    await Ingest(engine, ZoneInfo("Europe/Paris"))(observed(course()))
    await engine.dispose()


async def _listened(port: int, url: str, process: psutil.Process) -> tuple[list[_FannedOut], int, int]:
    """The times of each change, the bytes of one, and the memory with all listeners."""
    loop, arrivals = asyncio.get_running_loop(), _Arrivals()
    for _ in range(LISTENERS // _AT_ONCE):
        await asyncio.gather(
            *(loop.create_connection(lambda: _Listener(arrivals), "127.0.0.1", port) for _ in range(_AT_ONCE))
        )
    await arrivals.until(opened=LISTENERS, told=0)
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    found = []
    for _ in range(CHANGES):
        arrivals.times.clear()
        began = time.perf_counter()
        async with connection.transaction():
            await connection.execute(_MOVED_AGAIN)
            await connection.execute("notify carillon")
        await arrivals.until(opened=LISTENERS, told=LISTENERS)
        found.append(_FannedOut((arrivals.times[0] - began) * 1000, (arrivals.times[-1] - began) * 1000))
    await connection.close()
    return found, arrivals.size, process.memory_info().rss


async def _bare(size: int) -> float:
    """Milliseconds until the last of as many sockets of this process has read so many bytes, written in a row."""
    loop, arrivals = asyncio.get_running_loop(), _Arrivals()
    clients: list[asyncio.StreamWriter] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clients.append(writer)
        writer.write(b":\n\n")

    server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=LISTENERS)
    port = server.sockets[0].getsockname()[1]
    for _ in range(LISTENERS):
        await loop.create_connection(lambda: _Listener(arrivals), "127.0.0.1", port)
    await arrivals.until(opened=LISTENERS, told=0)
    event, times = b"data:" + b"x" * size + b"\n\n", []
    for _ in range(CHANGES):
        arrivals.times.clear()
        began = time.perf_counter()
        for client in clients:
            client.write(event)
        await arrivals.until(opened=LISTENERS, told=LISTENERS)
        times.append((arrivals.times[-1] - began) * 1000)
    for client in clients:
        client.close()
    server.close()
    return median(times)
