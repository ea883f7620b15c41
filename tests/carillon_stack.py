"""The whole of Carillon, started as its user starts it, for tests that ask it over HTTP."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from carillon_local import loopback
from celcat_raw_pages import RawCourse, courses

START_WITHIN_S = 150
"""With every processor busy with other tests; alone it takes a few seconds."""


@dataclass
class RunningStack:
    """`carillon up` in a process of its own."""

    process: subprocess.Popen
    data: Path
    folder: Path
    """Below `data`, where those of this run are."""
    url: str
    lines: list[str]
    arriving: "queue.Queue[str | None]"

    def until_said(self, words: str) -> str:
        """Wait for a line with these words."""
        while True:
            line = self.arriving.get(timeout=START_WITHIN_S)
            assert line is not None, f"it ended without saying {words!r}:\n" + "\n".join(self.lines)
            if words in line:
                return line

    def family(self) -> list[psutil.Process]:
        """Its processes and theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def pid_of(self, part: str) -> int:
        return json.loads((self.folder / "processes" / f"{part}.json").read_text())["pid"]

    def all(self, path: str) -> list[dict]:
        """All items of a list, page by page."""
        items, url = [], self.url + path
        with httpx.Client(timeout=30) as client:
            while url:
                page = client.get(url).raise_for_status().json()
                items += page["results"]
                url = page["next"]
        return items

    def demonstrated(self) -> list[RawCourse]:
        """What the demonstration's simulator publishes."""
        sources = (self.folder / "demonstration.toml").read_text(encoding="utf-8")
        urls = re.findall(r'^url = "(.*)"$', sources, re.MULTILINE)
        return courses(httpx.get(url, timeout=30).content for url in urls)

    def truth(self) -> dict:
        """The same as the simulator's model says it, in no format of CELCAT's."""
        port = json.loads((self.folder / "ports.json").read_text())["celcat-simulator"]
        return httpx.get(f"http://127.0.0.1:{port}/truth.json", timeout=30).json()

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=30)


@dataclass(frozen=True)
class Published:
    """A running stack and what its sources show."""

    stack: RunningStack
    courses: list[RawCourse]


def start(data: Path, **settings: str) -> RunningStack:
    """Start `carillon up` with its data in `data` and other settings as `CARILLON_…` variables."""
    port = settings.pop("PORT", None) or str(loopback.free_port())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CARILLON_")}
    environment |= {"CARILLON_PORT": port, "CARILLON_DATA_DIR": str(data)}
    environment |= {f"CARILLON_{name}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [Path(sys.executable).with_name("carillon"), "up"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    folder = data if "SOURCES" in settings else data / "demonstration"
    stack = RunningStack(process, data, folder, f"http://127.0.0.1:{port}", [], queue.Queue())
    threading.Thread(target=_read, args=(stack,), daemon=True).start()
    return stack


def _read(stack: RunningStack) -> None:
    with stack.process.stdout as output:
        for line in output:
            stack.lines.append(line.rstrip("\n"))
            stack.arriving.put(line)
    stack.arriving.put(None)


@contextmanager
def running(data: Path, **settings: str) -> Iterator[RunningStack]:
    """The same, imported and ready to be asked; stopped at the end."""
    stack = start(data, **settings)
    try:
        stack.until_said("Carillon runs on")
        yield stack
    finally:
        end(stack)


def end(stack: RunningStack) -> None:
    if stack.process.poll() is None:
        stack.process.send_signal(signal.SIGTERM)
    try:
        stack.process.wait(20)
    except subprocess.TimeoutExpired:
        stack.process.kill()
        stack.process.wait()


def refused(stack: RunningStack) -> str:
    """What a `carillon up` that does not start says."""
    try:
        assert stack.process.wait(60) == 1
    finally:
        end(stack)
    while stack.arriving.get(timeout=5) is not None:
        pass
    return "\n".join(stack.lines)
