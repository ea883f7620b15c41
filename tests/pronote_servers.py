"""The Pronote simulator as a process of its own, for the tests that need one."""

import json
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from carillon_local import loopback
from carillon_servers import running_process

# A Friday, so that the school's current week has just been held.
TODAY = "2026-11-20"


@dataclass(frozen=True)
class Site:
    """A running simulator: its address without a slash at the end, and the only era it serves, if only one."""

    url: str
    era: str | None = None

    def _prefix(self, era: str) -> str:
        assert self.era in (None, era)
        return f"/{era}" if self.era is None else ""

    def root(self, era: str) -> str:
        """The root of the Pronote of an era."""
        return f"{self.url}{self._prefix(era)}/pronote"

    def control(self, era: str, path: str = "", *, method: str = "GET", body: object = None):
        """Use a control address of the simulator; gives the decoded answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.url}{self._prefix(era)}/simulator{path}",
            data=data,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
            return json.load(answer)


@contextmanager
def running_simulator(folder: Path, *options: str, era: str | None = None) -> Iterator[Site]:
    """Every era, or one; `options` are further switches of the command line."""
    port = loopback.free_port()
    site = Site(f"http://127.0.0.1:{port}", era)
    chosen = () if era is None else ("--era", era)
    command = [
        sys.executable,
        "-m",
        "carillon_pronote_simulator",
        "--port",
        str(port),
        "--today",
        TODAY,
        *chosen,
        *options,
    ]
    with running_process(command, folder / "pronote-simulator.log", lambda: _answers(site)):
        yield site


def _answers(site: Site) -> bool:
    try:
        return bool(site.control(site.era or "2025.2.8"))
    except OSError:
        return False
