"""Search in a whole university: 44,000 courses of 2,500 names, 1,500 groups, 1,500 rooms; beside reading one group."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

from carillon_servers import running_postgresql
from carillon_timetable_api.migrate import migrate
from sqlalchemy import text
from timetable_rest import Rest, opened

from benchmarks.figures import Figure

_TYPED = ("algerbe", "algebre optique", "l3 info tpa1234", "u3 1234", "otpique mecanqiue", "a")
_TRIES = 30

_UNIVERSITY = """
insert into course (publisher, event_id, source_id, begin, "end", name, teachers, last_update, version)
    select 'bench', n, 1, timestamptz '2026-09-07 06:00+00' + n * interval '10 minutes',
        timestamptz '2026-09-07 08:00+00' + n * interval '10 minutes', name, '{}', now(), 0
    from generate_series(1, 44000) n, lateral (select 'EP' || n % 2500 || ' - ' || subjects[1 + n % 2500 % 14] || ' '
        || subjects[1 + n % 2500 % 13] as name
        from (select array['algebre', 'analyse', 'optique', 'mecanique', 'probabilites', 'chimie organique', 'histoire',
            'geographie', 'musicologie', 'anglais', 'programmation', 'reseaux', 'genetique', 'droit'] as subjects) s) x;
insert into course_name (name, sort_name) select distinct name, lower(name) from course where publisher = 'bench';
insert into student_group (publisher, key, code, name, celcat_name, mention_key, kind, subgroup, slug, sort_name,
    hidden, source_id)
    select 'bench', n, '', 'L3 INFO TPA' || n, '', '', '', '', n, 'l3 info tpa' || n, false, 1
    from generate_series(1, 1500) n;
insert into room (key, name, slug, sort_name)
    select 'b' || n, 'U' || n % 9 || '-' || n, 'b' || n, 'u' || n % 9 || '-' || n from generate_series(1, 1500) n
"""


def main() -> list[Figure]:
    """The median of some tries, in process, of each typed text."""
    with tempfile.TemporaryDirectory() as folder, running_postgresql(Path(folder)) as url:
        return asyncio.run(_measured(url))


async def _measured(url: str) -> list[Figure]:
    await migrate(url)
    async with opened(url) as rest:
        await _fill(rest)
        one = await _median_s(rest, "/api/groups/1/")
        figures = []
        for typed in _TYPED:
            taken = await _median_s(rest, f"/api/search/?q={typed}")
            figures.append(Figure(f"search for {typed!r}, beside one group", f"{taken * 1000:.1f} ms", taken / one))
        return figures


async def _fill(rest: Rest) -> None:
    async with rest.building() as builder:
        await builder.source()
    async with rest.engine.begin() as connection:
        for statement in _UNIVERSITY.strip().split(";\n"):
            await connection.execute(text(statement))
    async with rest.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).exec_driver_sql("vacuum analyze")


async def _median_s(rest: Rest, path: str) -> float:
    taken = []
    for _ in range(_TRIES):
        start = time.perf_counter()
        await rest.json(path)
        taken.append(time.perf_counter() - start)
    return median(taken)
