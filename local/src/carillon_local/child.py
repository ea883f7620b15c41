"""One process of the stack: kept running until it is told to stop."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from carillon_local import leftovers, unprivileged
from carillon_local.part import Part

RESTART_PAUSES_S = (0.2, 1, 2, 5, 10, 30)
"""How long we wait before a restart; the last one from then on."""

STEADY_S = 60
"""A process that ran this long starts again with the first pause."""


class Child:
    """A running part; `start` begins it, `stop` ends it, and it is restarted in between if it dies."""

    def __init__(self, part: Part, log: Path, record: Path, say: Callable[[str], None]) -> None:
        self.part, self.log = part, log
        self.exit_status: int | None = None
        """Of the last run that ended; negative: the signal's number."""
        self._record, self._say = record, say
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process and keep it running.

        Raises:
            OSError: its program cannot be run.
        """
        await self._spawn()
        self._keeping = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        """End the process: asked first, made to if it takes too long."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(self.part.stop_signal)
            try:
                await asyncio.wait_for(self._process.wait(), self.part.stop_within_s)
            except TimeoutError:
                self._say(f"{self.part.name} did not stop within {self.part.stop_within_s:g} s and is ended")
                self._process.send_signal(self.part.last_signal)
                await self._process.wait()
        leftovers.forget(self._record)

    @property
    def pid(self) -> int | None:
        """Of the process that runs now, or that ran last."""
        return self._process.pid if self._process else None

    async def _spawn(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.part.command,
                env={**os.environ, **self.part.environment},
                cwd=self.part.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C in the terminal is for us, who stop the parts in their order
                preexec_fn=unprivileged.before_exec(drop_root=self.part.not_root),
            )
        leftovers.record(self._record, self._process.pid)

    async def _keep_running(self) -> None:
        deaths = 0
        while self._process is not None:
            began = time.monotonic()
            self.exit_status = await self._process.wait()
            deaths = 0 if time.monotonic() - began > STEADY_S else deaths
            pause = RESTART_PAUSES_S[min(deaths, len(RESTART_PAUSES_S) - 1)]
            deaths += 1
            self._say(
                f"{self.part.name} ended (status {self.exit_status}); it starts again in {pause:g} s ({self.log})"
            )
            await asyncio.sleep(pause)
            await self._spawn()
            self._say(f"{self.part.name} was started again")
