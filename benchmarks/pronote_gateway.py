"""GraphQL queries a second, CPU a query and memory: our gateway beside pronote-api's server, in one run.

Both stand before the same simulated school and answer the same queries of the same number of sessions, each session's
one after the other (pronote-api cannot do otherwise). Then both hold 200 sessions that nobody uses.
"""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from carillon_servers import running_nats
from pronote_api_server import pronote_api_packages, running_pronote_api
from pronote_gateways import started_gateway
from pronote_servers import running_simulator

from benchmarks.figures import Figure

ERA = "2022"
SESSIONS, QUERIES, IDLE = 8, 40, 200
SETTLE_S = 8.0
DOCUMENT = (
    '{ timetable(from: "2026-11-16T00:00", to: "2026-11-21T00:00") '
    "{ id from to subject teacher room status isAway isCancelled color } }"
)


@dataclass(frozen=True)
class Measured:
    """Of one server: queries a second, CPU seconds a query, resident bytes with all idle sessions."""

    rate: float
    cpu: float
    memory: int


def main() -> list[Figure]:
    """Measure both."""
    packages = pronote_api_packages()
    with tempfile.TemporaryDirectory(prefix="carillon-") as folder, running_simulator(Path(folder)) as site:
        body = {"url": site.root(ERA), "username": "demonstration", "password": "pronotevs"}
        with running_pronote_api(packages, Path(folder)) as (url, process):
            theirs = asyncio.run(_measure(url, process.pid, body))
        settings = {"session_park_s": "1", "sessions_per_user": "1000", "log_level": "WARNING"}
        with running_nats(Path(folder)) as nats, started_gateway(Path(folder), nats, **settings) as (url, process):
            ours = asyncio.run(_measure(url, process.pid, body))
    mebibyte = 1024 * 1024
    return [
        Figure(
            "Pronote GraphQL, queries a second",
            f"{ours.rate:.0f}, pronote-api {theirs.rate:.0f}",
            ours.rate / theirs.rate,
            "at least 2",
        ),
        Figure(
            "Pronote GraphQL, CPU a query",
            f"{ours.cpu * 1e3:.2f} ms, pronote-api {theirs.cpu * 1e3:.2f} ms",
            ours.cpu / theirs.cpu,
        ),
        Figure(
            f"Pronote gateway, memory with {IDLE} idle sessions",
            f"{ours.memory / mebibyte:.0f} MiB, pronote-api {theirs.memory / mebibyte:.0f} MiB",
            ours.memory / theirs.memory,
            "at most 0.5",
        ),
    ]


async def _measure(url: str, pid: int, body: dict[str, str]) -> Measured:
    server = psutil.Process(pid)
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        tokens = [await _sign_in(http, body) for _ in range(SESSIONS)]
        for token in tokens:
            await _ask(http, token, 3)  # everything is warm
        cpu, wall = _cpu_s(server), time.perf_counter()
        await asyncio.gather(*(_ask(http, token, QUERIES) for token in tokens))
        asked = SESSIONS * QUERIES
        wall, cpu = time.perf_counter() - wall, _cpu_s(server) - cpu
        tokens += [await _sign_in(http, body) for _ in range(IDLE - SESSIONS)]
        await asyncio.sleep(SETTLE_S)
        memory = server.memory_info().rss
        await _ask(http, tokens[-1], 1)  # they are still there
        await _ask(http, tokens[0], 1)
    return Measured(asked / wall, cpu / asked, memory)


async def _sign_in(http: httpx.AsyncClient, body: dict[str, str]) -> str:
    token: str = (await http.post("/auth/login", json=body)).json()["token"]
    return token


async def _ask(http: httpx.AsyncClient, token: str, times: int) -> None:
    for _ in range(times):
        answer = await http.post("/graphql", json={"query": DOCUMENT}, headers={"Token": token})
        if not answer.json()["data"]["timetable"]:
            raise RuntimeError(answer.text[:500])


def _cpu_s(server: psutil.Process) -> float:
    used = server.cpu_times()
    seconds: float = used.user + used.system
    return seconds
