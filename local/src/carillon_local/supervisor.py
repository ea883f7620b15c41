"""Starts the parts of a stack, keeps them running, and stops them in their order."""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from itertools import groupby

from carillon_kit.cancellation import together

from carillon_local import unprivileged
from carillon_local.announcements import Announcements
from carillon_local.child import Child
from carillon_local.data_folder import DataFolder
from carillon_local.errors import StartError
from carillon_local.part import Part

READY_WITHIN_S = 120
REFUSED_STATUS = 2
"""A service ends with it when a setting is missing or wrong: no restart mends that."""

LAST_WORDS = 40
"""Lines of its log that a part that does not start is quoted with."""

_POLL_S = 0.05


class Supervisor:
    """The processes of one data folder."""

    def __init__(self, data: DataFolder, announcements: Announcements) -> None:
        self._data, self._announcements = data, announcements
        data.log("").parent.mkdir(parents=True, exist_ok=True)
        self.children: list[Child] = []
        self._unready: set[str] = set()

    async def start(self, parts: Sequence[Part]) -> None:
        """Start the parts side by side and wait until all are ready.

        Raises:
            StartError: one of them refused its settings, cannot be run, or is not ready in time.
        """
        group = [
            Child(
                part,
                self._data.log(part.name),
                self._data.path / "processes" / f"{part.name}.json",
                self._announcements.trouble,
            )
            for part in parts
        ]
        self.children += group
        for child in group:
            await child.start()
        await together(*(self._until_ready(child) for child in group))

    async def run_once(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a program to its end.

        Raises:
            StartError: it failed.
        """
        log = self._data.log(name)
        began = time.monotonic()
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *command,
                env={**os.environ, **environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=unprivileged.before_exec(drop_root=False),
            )
        if await process.wait() != 0:
            raise StartError(f"{name} failed (status {process.returncode}):\n{self._last_words(name)}")
        self._announcements.ready(name, time.monotonic() - began)

    async def look(self) -> None:
        """Say which parts can do their work no longer, and which can again."""
        for child in self.children:
            name, missing = child.part.name, await child.part.ready()
            if missing is not None and name not in self._unready:
                self._unready.add(name)
                self._announcements.trouble(f"{name} is not ready: {missing} ({child.log})")
            elif missing is None and name in self._unready:
                self._unready.remove(name)
                self._announcements.line(f"{name} is ready again")

    async def stop(self) -> None:
        """Stop all parts, those of the lowest rank first."""
        ordered = sorted(self.children, key=_rank)
        for _, group in groupby(ordered, _rank):
            await asyncio.gather(*(child.stop() for child in group))
        self.children.clear()

    async def _until_ready(self, child: Child) -> None:
        began = time.monotonic()
        name = child.part.name
        while (missing := await child.part.ready()) is not None:
            if child.exit_status == REFUSED_STATUS:
                raise StartError(f"{name} refuses to start:\n{self._last_words(name)}")
            if time.monotonic() - began > READY_WITHIN_S:
                raise StartError(f"{name} is not ready after {READY_WITHIN_S} s: {missing}\n{self._last_words(name)}")
            await asyncio.sleep(_POLL_S)
        self._announcements.ready(name, time.monotonic() - began)

    def _last_words(self, name: str) -> str:
        log = self._data.log(name)
        lines = log.read_text(errors="replace").splitlines()[-LAST_WORDS:]
        return "\n".join([*(f"    {line}" for line in lines), f"({log})"])


def _rank(child: Child) -> int:
    return child.part.stop_rank
