"""Starts the parts of a stack, keeps them running, and stops them in the opposite order."""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence

from carillon_local import unprivileged
from carillon_local.announcements import Announcements
from carillon_local.child import Child
from carillon_local.data_folder import DataFolder
from carillon_local.errors import StartError
from carillon_local.part import Part

READY_WITHIN_S = 120
REFUSED_STATUS = 2
"""A service ends with it when a setting is missing or wrong: no restart mends that."""

LAST_WORDS = 15
"""Lines of its log that a part that does not start is quoted with."""


class Supervisor:
    """The processes of one data folder, in the order in which they were started."""

    def __init__(self, data: DataFolder, announcements: Announcements) -> None:
        self._data, self._announcements = data, announcements
        data.log("").parent.mkdir(parents=True, exist_ok=True)
        self._groups: list[list[Child]] = []

    @property
    def children(self) -> list[Child]:
        """All of them."""
        return [child for group in self._groups for child in group]

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
        self._groups.append(group)
        for child in group:
            await child.start()
        await asyncio.gather(*(self._until_ready(child) for child in group))

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

    async def stop(self) -> None:
        """Stop all parts, the last started first."""
        for group in reversed(self._groups):
            await asyncio.gather(*(child.stop() for child in group))
        self._groups.clear()

    async def _until_ready(self, child: Child) -> None:
        began = time.monotonic()
        ready = asyncio.create_task(child.until_ready())
        try:
            while not ready.done():
                await asyncio.wait([ready], timeout=0.2)
                name = child.part.name
                if child.exit_status == REFUSED_STATUS:
                    raise StartError(f"{name} refuses to start:\n{self._last_words(name)}")
                if time.monotonic() - began > READY_WITHIN_S:
                    missing = await child.part.ready() or "it became ready too late"
                    raise StartError(
                        f"{name} is not ready after {READY_WITHIN_S} s: {missing}\n{self._last_words(name)}"
                    )
        finally:
            ready.cancel()
        await ready
        self._announcements.ready(child.part.name, time.monotonic() - began)

    def _last_words(self, name: str) -> str:
        log = self._data.log(name)
        lines = log.read_text(errors="replace").splitlines()[-LAST_WORDS:]
        return "\n".join([*(f"    {line}" for line in lines), f"({log})"])
