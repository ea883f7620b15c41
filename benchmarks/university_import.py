"""A made-up university from HTTP to queryable: simulator, scraper, NATS, timetable API and rooms, as real processes.

The yardstick is PostgreSQL alone, which copies the rows that came out, indexes included, with one statement a table.
"""

import asyncio
import time
from collections import Counter
from contextlib import ExitStack
from datetime import datetime
from typing import Any, NamedTuple

import httpx
import psutil
from carillon_timetable_api.database import engine_of
from carillon_timetable_api.migrate import migrate

from benchmarks.figures import Figure
from benchmarks.running import running, servers

COURSES, GROUPS, ROOMS, WEEKS = 44_000, 390, 600, 30
_SIZE = [f"--courses={COURSES}", f"--groups={GROUPS}", f"--rooms={ROOMS}", f"--university-weeks={WEEKS}"]
_PATIENCE_S = 600
_TABLES = (
    "student_group", "room", "course", "course_group", "course_room", "calendar_day", "sighting", "journal",
)  # fmt: skip


class _Imported(NamedTuple):
    """Seconds from the start of the scraper until all courses are in the list, and until the rooms are right."""

    listed_s: float
    rooms_s: float
    cpu_s: dict[str, float]
    """What each program used of the processors meanwhile."""


_CLIENT = httpx.Client(timeout=60, trust_env=False)
"""One for all requests, as each makes its own TLS context, which takes the processors that are measured."""


def main() -> list[Figure]:
    """Import it once; for the fsyncs of a real operation PostgreSQL is durable."""
    with ExitStack() as stack:
        folder, environment = stack.enter_context(servers(durable=True))
        database = environment["CARILLON_DATABASE_URL"]
        asyncio.run(migrate(database))
        arguments = ["-m", "carillon_celcat_simulator", "--port", "{port}", "--university", *_SIZE]
        simulator = stack.enter_context(running(arguments, {}, ready="/"))
        sources = folder / "sources.toml"
        sources.write_bytes(_got(simulator, "/sources.toml").content)
        environment |= {
            "CARILLON_SOURCES": str(sources),
            "CARILLON_PAGE_SIZE": "1",
            "CARILLON_ALLOW_PRIVATE_ADDRESSES": "true",
            "CARILLON_REQUEST_PAUSE_S": "0",
        }
        api = stack.enter_context(running(["-m", "carillon_timetable_api"], environment, ready="/readyz"))
        rooms = stack.enter_context(running(["-m", "carillon_rooms"], environment, ready="/livez"))
        truth = _got(simulator, "/truth.json").json()
        imported = _import(stack, environment, api, (rooms, *_last_busy_hours(truth)))
        return _figures(imported, asyncio.run(_copied(database)))


def _figures(imported: _Imported, copied_s: float) -> list[Figure]:
    what = f"{COURSES:,} courses, {GROUPS} groups, {ROOMS} rooms, {WEEKS} weeks"
    cpu = ", ".join(f"{name} {seconds:.1f}" for name, seconds in imported.cpu_s.items())
    compared = f"{imported.listed_s:.1f} s, PostgreSQL copies the same rows in {copied_s:.1f} s"
    return [
        Figure(f"import of {what}: REST is complete", compared, imported.listed_s / copied_s, "< 30 s"),
        Figure("  and rooms answer QSJPS for the last week", f"{imported.rooms_s:.1f} s"),
        Figure("  processor seconds meanwhile", cpu),
    ]


def _import(stack: ExitStack, environment: dict[str, str], api: int, asked: tuple[int, str, set[str]]) -> _Imported:
    before, began = _cpu(), time.monotonic()
    stack.enter_context(running(["-m", "carillon_scraper"], environment, ready="/livez"))
    listed = right = 0.0
    while not (listed and right):
        if time.monotonic() - began > _PATIENCE_S:
            raise RuntimeError(f"the import did not end within {_PATIENCE_S} s")
        time.sleep(0.25)
        if not listed and _got(api, "/api/courses/").json()["count"] == COURSES:
            listed = time.monotonic() - began
        if not right and _are_right(*asked):
            right = time.monotonic() - began
    used = {name: seconds - before.get(name, 0.0) for name, seconds in _cpu().items()}
    return _Imported(listed, right, {name: used[name] for name in sorted(used, key=lambda name: -used[name])})


def _got(port: int, path: str) -> httpx.Response:
    return _CLIENT.get(f"http://127.0.0.1:{port}{path}")


def _are_right(rooms: int, path: str, expected: set[str]) -> bool:
    answer = _got(rooms, path)
    return answer.status_code == httpx.codes.OK and {room["name"] for room in answer.json()} == expected


def _last_busy_hours(truth: dict[str, Any]) -> tuple[str, set[str]]:
    """QSJPS's path for the fullest hours of the last week, and the rooms that are then free as the simulator knows."""
    shown = [meeting for meeting in truth["meetings"] if meeting["on_pages"]]
    last = max(meeting["week"] for meeting in shown)
    times = Counter((meeting["begin"], meeting["end"]) for meeting in shown if meeting["week"] == last)
    begin, end = times.most_common(1)[0][0]
    busy = {room for meeting in shown if meeting["begin"] < end and meeting["end"] > begin for room in meeting["rooms"]}
    known = {room for meeting in shown for room in meeting["rooms"]}
    first, until = datetime.fromisoformat(begin), datetime.fromisoformat(end)
    return f"/api/rooms/qsjps/{first:%Y-%m-%d}/{first:%H:%M}/{until:%H:%M}/", known - busy


def _cpu() -> dict[str, float]:
    """Processor seconds of this process's children, by program; PostgreSQL's backends together."""
    used: Counter[str] = Counter()
    for child in psutil.Process().children(recursive=True):
        times = child.cpu_times()
        used[_program(child)] += times.user + times.system
    return dict(used)


def _program(process: psutil.Process) -> str:
    command = process.cmdline()
    if "-m" in command:
        return command[command.index("-m") + 1].removeprefix("carillon_").replace("_", "-")
    return process.name()


async def _copied(url: str) -> float:
    """Seconds that PostgreSQL takes for the same rows: each table copied into a new one with the same indexes."""
    engine = engine_of(url)
    async with engine.begin() as connection:
        for table in _TABLES:
            await connection.exec_driver_sql(f"create table copy_of_{table} (like {table} including all)")
    began = time.monotonic()
    async with engine.begin() as connection:
        for table in _TABLES:
            copy = f"insert into copy_of_{table} overriding system value select * from {table}"  # noqa: S608
            await connection.exec_driver_sql(copy)
    took = time.monotonic() - began
    await engine.dispose()
    return took
