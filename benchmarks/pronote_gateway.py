"""GraphQL queries a second, CPU a query and memory: our gateway beside pronote-api's server, in one run.

Both stand before the same simulated school and answer the same queries of the same number of sessions, each session's
one after the other (pronote-api cannot do otherwise). They take turns, so that whatever else the machine does meets
both alike. Then each holds 200 sessions that nobody uses.
"""

import asyncio
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx
import psutil
from carillon_servers import running_nats
from pronote_api_server import pronote_api_packages, running_pronote_api
from pronote_gateways import started_gateway
from pronote_servers import running_simulator

from benchmarks.figures import Figure

ERA = "2022"
SESSIONS, ROUNDS, QUERIES, IDLE = 8, 6, 15, 200
SETTLE_S = 8.0
SETTINGS = {"session_park_s": "1", "sessions_per_user": "1000", "log_level": "WARNING", "rate_limit": "0"}
DOCUMENT = (
    '{ timetable(from: "2026-11-16T00:00", to: "2026-11-21T00:00") '
    "{ id from to subject teacher room status isAway isCancelled color } }"
)
MEBIBYTE = 1024 * 1024


@dataclass
class Server:
    """A server that is measured: seconds that its queries took, CPU seconds, resident bytes with all sessions."""

    http: httpx.AsyncClient
    process: psutil.Process
    account: dict[str, str]
    tokens: list[str] = field(default_factory=list)
    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0

    async def sign_in(self, sessions: int) -> None:
        """Begin more sessions."""
        for _ in range(sessions):
            self.tokens.append((await self.http.post("/auth/login", json=self.account)).json()["token"])

    async def answer(self, queries: int) -> None:
        """Let the first sessions ask, all at once."""
        cpu, wall = _cpu_s(self.process), time.perf_counter()
        await asyncio.gather(*(self._ask(token, queries) for token in self.tokens[:SESSIONS]))
        self.wall += time.perf_counter() - wall
        self.cpu += _cpu_s(self.process) - cpu

    async def hold(self) -> None:
        """Begin as many sessions as are to be held, and look at the memory."""
        await self.sign_in(IDLE - SESSIONS)
        await asyncio.sleep(SETTLE_S)
        self.memory = self.process.memory_info().rss
        await self._ask(self.tokens[-1], 1)  # they are still there
        await self._ask(self.tokens[0], 1)

    async def _ask(self, token: str, times: int) -> None:
        for _ in range(times):
            answer = await self.http.post("/graphql", json={"query": DOCUMENT}, headers={"Token": token})
            if not answer.json()["data"]["timetable"]:
                raise RuntimeError(answer.text[:500])

    @classmethod
    async def warm(cls, http: httpx.AsyncClient, pid: int, account: dict[str, str]) -> Self:
        """A server whose first sessions have asked before."""
        server = cls(http, psutil.Process(pid), account)
        await server.sign_in(SESSIONS)
        await server.answer(3)
        server.wall = server.cpu = 0.0
        return server


def main() -> list[Figure]:
    """Measure both."""
    packages = pronote_api_packages()
    with (
        tempfile.TemporaryDirectory(prefix="carillon-") as named,
        running_simulator(folder := Path(named)) as site,
        running_nats(folder) as nats,
        running_pronote_api(packages, folder) as (their_url, their_process),
        started_gateway(folder, nats, **SETTINGS) as (our_url, our_process),
    ):
        account = {"url": site.root(ERA), "username": "demonstration", "password": "pronotevs"}
        return asyncio.run(_compare((our_url, our_process.pid), (their_url, their_process.pid), account))


async def _compare(our: tuple[str, int], their: tuple[str, int], account: dict[str, str]) -> list[Figure]:
    async with (
        httpx.AsyncClient(base_url=our[0], timeout=60) as our_http,
        httpx.AsyncClient(base_url=their[0], timeout=60) as their_http,
    ):
        ours = await Server.warm(our_http, our[1], account)
        theirs = await Server.warm(their_http, their[1], account)
        for _ in range(ROUNDS):
            await ours.answer(QUERIES)
            await theirs.answer(QUERIES)
        await ours.hold()
        await theirs.hold()
    return _figures(ours, theirs)


def _figures(ours: Server, theirs: Server) -> list[Figure]:
    asked = SESSIONS * ROUNDS * QUERIES
    return [
        Figure(
            "Pronote GraphQL, queries a second",
            f"{asked / ours.wall:.0f}, pronote-api {asked / theirs.wall:.0f}",
            theirs.wall / ours.wall,
            "at least 2",
        ),
        Figure(
            "Pronote GraphQL, CPU a query",
            f"{ours.cpu / asked * 1e3:.2f} ms, pronote-api {theirs.cpu / asked * 1e3:.2f} ms",
            ours.cpu / theirs.cpu,
        ),
        Figure(
            f"Pronote gateway, memory with {IDLE} idle sessions",
            f"{ours.memory / MEBIBYTE:.0f} MiB, pronote-api {theirs.memory / MEBIBYTE:.0f} MiB",
            ours.memory / theirs.memory,
            "at most 0.5",
        ),
    ]


def _cpu_s(server: psutil.Process) -> float:
    used = server.cpu_times()
    seconds: float = used.user + used.system
    return seconds
