"""The lines that the parts write into their logs, as they come."""

import asyncio
from collections.abc import Callable
from pathlib import Path

_POLL_S = 0.2


async def follow(folder: Path, say: Callable[[str], None]) -> None:
    """Say each new line of each `*.log`, with its part's name before it."""
    places: dict[Path, int] = {}
    while True:
        _say_new(folder, places, say)
        await asyncio.sleep(_POLL_S)


def _say_new(folder: Path, places: dict[Path, int], say: Callable[[str], None]) -> None:
    for log in sorted(folder.glob("*.log")):
        places[log] = _say_from(log, places.get(log, 0), say)


def _say_from(log: Path, place: int, say: Callable[[str], None]) -> int:
    """Say the whole lines after byte `place`; gives the place after them."""
    with log.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(place if place <= size else 0)  # it was cut
        start = file.tell()
        lines = file.read().rpartition(b"\n")[0]
    for line in lines.decode(errors="replace").splitlines():
        say(f"[{log.stem}] {line}")
    return start + len(lines) + 1 if lines else start
