"""The whole system with a browser in front of it: one stack whose sources are read every two seconds."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import pytest
from carillon_celcat_simulator import demonstration_sources
from carillon_stack import RunningStack, running
from celcat_simulators import running_celcat_simulator
from chromium import running_chromium
from judge_environments import node_packages
from visits import Devices, Visitor

HERE = Path(__file__).parent

POLICY = """
[[building]]
name = "U1"
rooms = "^U1-"
access = "Badge étudiant."

[[building]]
name = "Amphis"
rooms = "^Amphi "
"""


@dataclass(frozen=True)
class Institution:
    """A running stack and the simulator that it reads."""

    stack: RunningStack
    simulator: str

    @property
    def url(self) -> str:
        return self.stack.url

    def api(self, path: str) -> dict | list:
        return self.stack.get(f"/api/{path}").raise_for_status().json()

    def every(self, path: str) -> list[dict]:
        return self.stack.all(f"/api/{path}")

    def group(self, name: str) -> int:
        return next(group["id"] for group in self.every("groups/") if group["name"] == name)

    def room(self, name: str) -> int:
        return next(room["id"] for room in self.every("rooms/") if room["name"] == name)

    def order(self, path: str, body: dict | None = None) -> dict:
        """Let the made-up timetabling office do something."""
        return httpx.post(f"{self.simulator}/simulator/{path}", json=body or {}, timeout=30).raise_for_status().json()

    def busiest_week(self, group: int) -> list[dict]:
        """The courses of the week to come in which the group has most."""
        weeks = []
        for monday in self.api(f"groups/{group}/courses/weeks/")[:12]:
            year, week, _ = date.fromisoformat(monday[:10]).isocalendar()
            weeks.append(self.every(f"groups/{group}/courses/weeks/{year}/{week}/"))
        return max(weeks, key=len)


@pytest.fixture(scope="session")
def institution(tmp_path_factory) -> Iterator[Institution]:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "rooms.toml").write_text(POLICY, encoding="utf-8")
    with running_celcat_simulator() as simulator:
        sources = demonstration_sources(simulator.replace("localhost", "127.0.0.1"))
        assert 'every = "1h"' in sources
        (folder / "sources.toml").write_text(sources.replace('every = "1h"', 'every = "2s"'), encoding="utf-8")
        settings = {"SOURCES": str(folder / "sources.toml"), "ROOM_POLICY": str(folder / "rooms.toml")}
        settings |= {"ALLOW_PRIVATE_ADDRESSES": "true", "REQUEST_PAUSE_S": "0.05", "RETRY_PAUSE_S": "0.1"}
        with running(folder / "data", **settings) as stack:
            yield Institution(stack, simulator)


@pytest.fixture(scope="session")
async def devices(institution: Institution) -> AsyncIterator[Devices]:
    async with running_chromium() as browser:
        yield Devices(browser, institution.url)


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script."""
    folder = node_packages("axe", HERE / "axe")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
async def visitor(devices: Devices, institution: Institution, request) -> AsyncIterator[Visitor]:
    """Opens pages; at the end nothing may have been written to a console or asked for elsewhere."""
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    visitor = Visitor(devices, institution.url, name)
    yield visitor
    await visitor.leave()
    assert visitor.complaints == []
