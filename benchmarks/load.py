"""A small HTTP load generator: some keep-alive connections, for a while, one request at a time on each.

One process and no library in the way, so that a server of one worker is what is measured. `wrk` would be faster, but
cannot ask for a new address with each request, and the same client must be on both sides of a ratio.
"""

import asyncio
import time
from collections.abc import Iterator
from itertools import cycle
from statistics import median
from typing import NamedTuple

import uvloop

_SECONDS, _ROUNDS = 2.0, 3
_LENGTH = b"\r\ncontent-length: "


class Load(NamedTuple):
    """What came out: answers a second, and how long the median and the slowest percent took."""

    requests_per_s: float
    median_ms: float
    percentile_99_ms: float


class UnexpectedAnswerError(RuntimeError):
    """The server did not answer 200; the measurement would mean nothing."""


class _Connection(asyncio.Protocol):
    def __init__(self, host: str, paths: Iterator[str], until: float, waits: list[float]) -> None:
        self._host, self._paths, self._until, self._waits = host, paths, until, waits
        self._missing = 0
        self._head = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        else:
            self._head += data
            head, separator, body = self._head.partition(b"\r\n\r\n")
            if not separator:
                return
            if not head.startswith(b"HTTP/1.1 200"):
                self._fail(UnexpectedAnswerError(head.decode("latin-1")))
                return
            place = head.lower().index(_LENGTH) + len(_LENGTH)
            self._missing = int(head[place:].partition(b"\r\n")[0]) - len(body)
            self._head = b""
        if not self._missing:
            self._answered()

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or ConnectionError("the server closed the connection"))

    def _answered(self) -> None:
        now = time.perf_counter()
        self._waits.append(now - self._asked)
        if now < self._until:
            self._ask()
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(f"GET {next(self._paths)} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


def load(port: int, paths: Iterator[str] | list[str], *, connections: int = 16) -> Load:
    """Ask a server on 127.0.0.1 for the paths, one after the other and over again.

    Raises:
        UnexpectedAnswerError: an answer was not 200.
    """
    waits: list[float] = []
    asked = cycle(paths) if isinstance(paths, list) else paths

    async def run() -> float:
        began = time.perf_counter()
        loop = asyncio.get_running_loop()
        made = [
            await loop.create_connection(
                lambda: _Connection(f"127.0.0.1:{port}", asked, began + _SECONDS, waits), "127.0.0.1", port
            )
            for _ in range(connections)
        ]
        await asyncio.gather(*(protocol.done for _, protocol in made))
        return time.perf_counter() - began

    took = uvloop.run(run())
    slowest = sorted(waits)[int(len(waits) * 0.99)]
    return Load(len(waits) / took, median(waits) * 1000, slowest * 1000)


def side_by_side(
    sides: dict[str, tuple[int, Iterator[str] | list[str]]],
) -> dict[str, Load]:
    """Load several servers (port, paths) in turns, as a shared machine changes its mind; each one's median round."""
    found: dict[str, list[Load]] = {name: [] for name in sides}
    for _ in range(_ROUNDS + 1):
        for name, (port, paths) in sides.items():
            found[name].append(load(port, paths))
    # The first round only warms up.
    return {name: sorted(loads[1:])[_ROUNDS // 2] for name, loads in found.items()}
