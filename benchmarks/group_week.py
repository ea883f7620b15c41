"""A group's week over HTTP, from a made-up university in PostgreSQL, against the same bytes from a bare ASGI app.

Warm answers come from memory; cold ones (another address each time, or nothing kept) from one SQL statement each.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice, product
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from carillon_timetable_api import queries
from carillon_timetable_api.database import engine_of
from carillon_timetable_api.migrate import migrate
from carillon_timetable_api.periods import of_week

from benchmarks.figures import Figure
from benchmarks.load import Load, load, side_by_side
from benchmarks.running import bare_asgi, running, servers

GROUPS, ROOMS, WEEKS, COURSES = 390, 600, 30, 44_000
MENTIONS = 15
"""Each has 26 groups: itself, a section, and 24 groups below it."""

_PATH = "/api/groups/200/courses/weeks/2026/48/"

_ZONE = ZoneInfo("Europe/Paris")
_LIMIT = "1000000000/minute"
_GROUPS_AND_WEEKS = list(product(range(1, 391), range(37, 54)))
_WEEKS_OF_GROUPS = [f"/api/groups/{group}/courses/weeks/2026/{week}/" for group, week in _GROUPS_AND_WEEKS]

_FILL = f"""
insert into year (id, name, slug) values (1, 'L3', 'l3');
insert into source (id, slug, format, url, publisher, skipped, last_read_at)
    values (1, 'bench', 'celcat-xml', 'https://edt.example.fr/', 'edt.example.fr', 0, '2026-11-21 17:02+00');
insert into student_group (id, publisher, key, code, name, celcat_name, mention, mention_key, semester, kind, subgroup,
    slug, sort_name, hidden, source_id)
    select n, 'edt.example.fr', n, '', 'L3 INFO' || n % {MENTIONS} || ' s1 TPA' || n, 'L3 INFO' || n % {MENTIONS}
        || ' s1 TPA' || n, 'L3 INFO' || n % {MENTIONS}, 'l3', 1, 'TP', 'A' || n, 'l3-info-' || n, 'l3 info' || n,
        false, 1
    from generate_series(1, {GROUPS}) n;
insert into group_ancestor (group_id, ancestor_id)
    select g, a from generate_series(1, {GROUPS}) g, generate_series(1, {MENTIONS} * 2) a
    where g > a and g % {MENTIONS} = a % {MENTIONS};
insert into calendar (id, source_id, key) select n, 1, n from generate_series(1, {GROUPS}) n;
insert into calendar_group (calendar_id, group_id) select n, n from generate_series(1, {GROUPS}) n;
insert into calendar_day (calendar_id, day, observed_at)
    select n, date '2026-09-07' + d, '2026-11-21 17:02+00'
    from generate_series(1, {GROUPS}) n, generate_series(0, {WEEKS} * 7 - 1) d;
insert into room (id, key, name, slug, sort_name)
    select n, n, 'U' || n % 9 || '-' || n, 'u' || n, 'u' || n % 9 || '-' || n from generate_series(1, {ROOMS}) n;
insert into course (id, publisher, event_id, source_id, begin, "end", name, type, notes, teachers, last_update, version)
    select n, 'edt.example.fr', n, 1, begin, begin + interval '2 hours', 'Module ' || n % 200, 'TD',
        case when n % 5 = 0 then 'Salle modifiée' end, '{{}}', '2026-11-20 17:02:00.25+00', 0
    from generate_series(1, {COURSES}) n, lateral (select timestamptz '2026-09-07 06:00+00'
        + n / {GROUPS} % {WEEKS} * interval '7 days' + n % 5 * interval '1 day'
        + n / 5 % 6 * interval '2 hours' as begin) slot;
insert into course_group (course_id, group_id) select n, 1 + n * 7 % {GROUPS} from generate_series(1, {COURSES}) n;
insert into course_room (course_id, room_id) select n, 1 + n * 11 % {ROOMS} from generate_series(1, {COURSES}) n;
"""  # noqa: S608 - our own numbers


def main() -> list[Figure]:
    """Fill a real database, start the service on it with and without memory, load both beside the yardstick."""
    with ExitStack() as stack:
        folder, environment = stack.enter_context(servers())
        url = environment["CARILLON_DATABASE_URL"]
        asyncio.run(fill(url))
        service = ["-m", "carillon_timetable_api"]
        warm = stack.enter_context(running(service, environment, ready="/readyz"))
        limited = stack.enter_context(running(service, environment | {"CARILLON_RATE_LIMIT": _LIMIT}, ready="/readyz"))
        cold = stack.enter_context(running(service, environment | {"CARILLON_CACHE_MIB": "0"}, ready="/readyz"))
        body = folder / "body.json"
        body.write_bytes(httpx.get(f"http://127.0.0.1:{warm}{_PATH}").content)
        bare = stack.enter_context(bare_asgi(body))
        ports = {"warm": warm, "limited": limited, "cold": cold, "bare": bare}
        return [*_measured(ports, body.stat().st_size), _beside_the_database(cold, url)]


async def fill(url: str) -> None:
    """Put our tables and the university into an empty database."""
    await migrate(url)
    engine = engine_of(url)
    async with engine.begin() as connection:
        for statement in _FILL.strip().split(";\n"):
            await connection.exec_driver_sql(statement.rstrip(";"))
    async with engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).exec_driver_sql("vacuum analyze")
    await engine.dispose()


def _measured(ports: dict[str, int], size: int) -> Iterator[Figure]:
    paths = {"warm": [_PATH], "limited": [_PATH], "cold": _WEEKS_OF_GROUPS, "bare": [_PATH]}
    found = side_by_side({name: (port, paths[name]) for name, port in ports.items()})
    yardstick = found["bare"]
    yield _figure(f"a group's week, warm, {size / 1024:.0f} KiB", found["warm"], yardstick, "≥ 0.5")
    yield _figure("a group's week, warm, with a rate limit", found["limited"], yardstick, "≥ 0.5")
    yield _figure("a group's week, cold", found["cold"], yardstick, "")
    pages = load(ports["cold"], [f"/api/courses/?page={number}" for number in range(1, 441, 7)])
    yield Figure(
        "a page of 100 of all 44,000 courses, cold", f"{pages.requests_per_s:,.0f}/s, median {pages.median_ms:.0f} ms"
    )


def _beside_the_database(cold: int, url: str) -> Figure:
    """One request at a time, in turns with the same statement sent to PostgreSQL without anything of ours."""
    ours, theirs = [], []
    for _ in range(3):
        ours.append(load(cold, _WEEKS_OF_GROUPS, connections=1).median_ms)
        theirs.append(asyncio.run(_statement_median_ms(url)))
    service, database = median(ours), median(theirs)
    measured = f"{service:.2f} ms, PostgreSQL {database:.2f} ms"
    return Figure("a group's week, cold, one at a time", measured, service / database, "≤ 2")


async def _statement_median_ms(url: str) -> float:
    statement = queries.page_of(queries.COURSES_OF_GROUP_IN_PERIOD)
    engine = engine_of(url, _ZONE.key)
    waits = []
    async with engine.connect() as connection:
        database: Any = (await connection.get_raw_connection()).driver_connection
        for group, week in islice(_GROUPS_AND_WEEKS, 0, None, 13):
            period = of_week(2026, week, _ZONE)
            values = {"owner": group, "begin": period.begin, "end": period.end, "limit": 100, "offset": 0}
            arguments = [values[name] for name in statement.names]
            began = time.perf_counter()
            await database.fetch(statement.sql, *arguments)
            waits.append(time.perf_counter() - began)
    await engine.dispose()
    return median(waits) * 1000


def _figure(what: str, ours: Load, bare: Load, aim: str) -> Figure:
    measured = f"{ours.requests_per_s:,.0f}/s, bare {bare.requests_per_s:,.0f}/s, p99 {ours.percentile_99_ms:.1f} ms"
    return Figure(what, measured, ours.requests_per_s / bare.requests_per_s, aim)
