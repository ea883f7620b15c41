"""Sign in and read a week's timetable: our client beside pronotepy 2.15.7, on the same simulated school, in one run.

Each client runs in a process of its own and does the same: hold many sessions, each of which has read a week, then do
it again and again. Measured are by how much the process grows for each session held, and wall and CPU time of a round.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from judge_environments import python_environment
from pronote_servers import running_simulator

from benchmarks.figures import Figure

_JUDGES = Path(__file__).parents[1] / "tests" / "judges"
ERA = "2026.2.5"
ROUNDS, HELD = 40, 100

MEASURE = """
import gc, json, os, sys, time
root, rounds, held = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

def resident():
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def report(wall, cpu, before, after):
    print(json.dumps({"wall": wall / rounds, "cpu": cpu / rounds, "memory": (after - before) / held}))
"""

OURS = (
    MEASURE
    + """
import asyncio
from carillon_pronote import Pronote
from carillon_pronote.pages import timetable

async def one(pronote):
    session = await pronote.sign_in(root, "demonstration", "pronotevs")
    assert (await timetable.read_week(session, 12)).lessons
    return session

async def measured():
    async with Pronote() as pronote:
        (await one(pronote)).close()
        gc.collect()
        before = resident()
        kept = [await one(pronote) for _ in range(held)]
        gc.collect()
        after = resident()
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(rounds):
            (await one(pronote)).close()
        report(time.perf_counter() - wall, time.process_time() - cpu, before, after)

asyncio.run(measured())
"""
)

PRONOTEPYS = (
    MEASURE
    + """
import datetime
import pronotepy

def one():
    client = pronotepy.Client(root + "/eleve.html", "demonstration", "pronotevs")
    assert client.lessons(datetime.date(2026, 11, 16), datetime.date(2026, 11, 21))
    return client

one()
gc.collect()
before = resident()
kept = [one() for _ in range(held)]
gc.collect()
after = resident()
wall, cpu = time.perf_counter(), time.process_time()
for _ in range(rounds):
    one()
report(time.perf_counter() - wall, time.process_time() - cpu, before, after)
"""
)


def main() -> list[Figure]:
    """Measure both clients on the same simulated school."""
    pronotepy = python_environment("pronotepy-2.15.7", _JUDGES / "pronotepy-2.15.7" / "requirements.txt")
    with tempfile.TemporaryDirectory(prefix="carillon-") as folder, running_simulator(Path(folder)) as site:
        ours = _measure(sys.executable, OURS, site.root(ERA))
        theirs = _measure(pronotepy, PRONOTEPYS, site.root(ERA))
    lines = [
        ("wall", "wall", 1e3, "ms", ""),
        ("CPU", "cpu", 1e3, "ms", "at most 1"),
        ("memory a session", "memory", 1 / 1024, "KiB", "at most 0.1"),
    ]
    return [
        Figure(
            f"Pronote sign-in and a week, {what}",
            f"{ours[name] * scale:.1f} {unit}, pronotepy {theirs[name] * scale:.1f} {unit}",
            ours[name] / theirs[name],
            aim,
        )
        for what, name, scale, unit, aim in lines
    ]


def _measure(python: str | Path, program: str, root: str) -> dict[str, float]:
    """Run a program; its wall and CPU seconds for each round and bytes for each session held."""
    done = subprocess.run(
        [python, "-c", program, root, str(ROUNDS), str(HELD)], capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    figures: dict[str, float] = json.loads(done.stdout)
    return figures
