"""A group's calendar over HTTP, from a made-up university, beside the time that `icalendar` alone needs to write it.

*Kept answer*: unchanged data, bytes from memory. *Kept feed*: the data changed, but not for this group, so the answer
is made anew from the feed that was written before. *Cold*: read from PostgreSQL and written.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import asyncpg
import httpx
import icalendar

from benchmarks.figures import Figure
from benchmarks.group_week import fill
from benchmarks.load import side_by_side
from benchmarks.running import bare_asgi, running, servers

_PATH = "/api/groups/200/courses.ics?past=400&future=400"
_ROUNDS = 15


def main() -> list[Figure]:
    """Fill a real database, start the service on it; load what is kept, time what is not one by one."""
    with ExitStack() as stack:
        folder, environment = stack.enter_context(servers())
        url = environment["CARILLON_DATABASE_URL"]
        asyncio.run(fill(url))
        port = stack.enter_context(running(["-m", "carillon_timetable_api"], environment, ready="/readyz"))
        file = folder / "feed.ics"
        file.write_bytes(httpx.get(f"http://127.0.0.1:{port}{_PATH}", timeout=60).content)
        bare = stack.enter_context(bare_asgi(file))
        kept = side_by_side({"kept": (port, [_PATH]), "bare": (bare, [_PATH])})
        throughput = f"{kept['kept'].requests_per_s:,.0f}/s, bare {kept['bare'].requests_per_s:,.0f}/s"
        events = file.read_bytes().count(b"BEGIN:VEVENT")
        what = f"a feed of {events} courses, {file.stat().st_size / 1024:.0f} KiB"
        ratio = kept["kept"].requests_per_s / kept["bare"].requests_per_s
        return [Figure(f"{what}, kept answer", throughput, ratio), *_one_by_one(port, url, file)]


def _one_by_one(port: int, url: str, file: Path) -> Iterator[Figure]:
    """Each in turns with a rewriting of the very file."""
    parsed = icalendar.Calendar.from_ical(file.read_bytes())
    writing, kept, cold = [], [], []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for number in range(_ROUNDS):
            writing.append(_seconds(lambda: _written_again(parsed)))
            asyncio.run(_change_something(url))
            kept.append(_seconds(lambda: _answered(client, _PATH)))
            # Other days each time, all of them empty: the same courses, and never kept.
            other = _PATH.replace("=400", f"={500 + number}")
            cold.append(_seconds(lambda path=other: _answered(client, path)))
    for what, seconds in (("kept feed", kept), ("cold", cold)):
        measured = f"median {median(seconds) * 1000:.1f} ms, icalendar alone writes in {median(writing) * 1000:.1f} ms"
        yield Figure(f"  the same, {what}", measured, median(seconds) / median(writing))


def _written_again(parsed: icalendar.Calendar) -> bytes:
    """The library's own work: the same values put into new components, and those made bytes."""
    calendar = icalendar.Calendar()
    for name, value in parsed.items():
        calendar.add(name, value, encode=False)
    for component in parsed.subcomponents:
        if component.name != "VEVENT":
            calendar.add_component(component)
            continue
        event = icalendar.Event()
        for name, value in component.items():
            event.add(name, value, encode=False)
        calendar.add_component(event)
    return calendar.to_ical()


def _answered(client: httpx.Client, path: str) -> None:
    client.get(path).raise_for_status()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


async def _change_something(url: str) -> None:
    """A change of a course that concerns no group: every kept answer is forgotten, no feed."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(
        """insert into journal (at, kind, course_id, source_id, source, group_ids, room_ids, after)
           select now(), 'added', id, 1, 'bench', '{}', '{}', '{}' from course limit 1"""
    )
    await connection.execute("notify carillon")
    await asyncio.sleep(0.1)  # until it is heard
    await connection.close()
