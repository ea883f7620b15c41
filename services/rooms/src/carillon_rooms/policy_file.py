"""Keeps the room policy in step with its file: reads it when it changes, or when told to by SIGHUP."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from carillon_rooms.room_policy import RoomPolicy, RoomPolicyError, read_policy

log = structlog.get_logger()


class PolicyFile:
    """The policy as last read; a file that turns bad later changes nothing but is said in the log and by `wrong`."""

    def __init__(self, path: Path | None, on_change: Callable[[], None]) -> None:
        """Read the file for the first time; raises RoomPolicyError if that fails."""
        self._path, self._on_change = path, on_change
        self._read_state = self._state()
        self.policy = self._read()
        self.wrong: list[str] = []

    def reload(self) -> None:
        """Read the file again."""
        self._read_state = self._state()
        try:
            self.policy = self._read()
        except RoomPolicyError as error:
            self.wrong = error.problems
            log.warning("room_policy_refused", path=str(self._path), problems=error.problems)
            return
        self.wrong = []
        log.info("room_policy_read", path=str(self._path))
        self._on_change()

    async def watch(self, every_s: float) -> None:
        """Reload whenever the file has changed, until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            if self._state() != self._read_state:
                self.reload()

    def _state(self) -> tuple[int, int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> RoomPolicy:
        if self._path is None:
            return RoomPolicy()
        try:
            return read_policy(self._path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise RoomPolicyError([f"CARILLON_ROOM_POLICY={self._path}: cannot be read: {error}"]) from error
