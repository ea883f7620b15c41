"""One request at a time a host, a pause after each, and a circuit breaker that leaves a failing host alone."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from carillon_kit.languages import Text

from carillon_scraper import metrics
from carillon_scraper.failures import ReadFailedError

LONGEST_WAIT_S = 120.0
"""A host that asks for more patience (`Retry-After`) is left to a later read."""

LONGEST_REST_S = 6 * 3600.0


@dataclass
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    not_before: float = 0.0
    failures: int = 0
    rests: int = 0
    resting_until: float = 0.0


class Hosts:
    """The hosts that this process reads, by `host:port`."""

    def __init__(self, *, pause_s: float, failures_before_rest: int, rest_s: float) -> None:
        self._pause_s, self._failures_before_rest, self._rest_s = pause_s, failures_before_rest, rest_s
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait until it is our turn at a host.

        Raises:
            ReadFailedError: `circuit-open` or `host-busy`, with when to come back.
        """
        host = self._hosts.setdefault(name, _Host())
        self._refuse_if_resting(name, host)
        async with host.turn:
            self._refuse_if_resting(name, host)
            wait = host.not_before - _clock()
            if wait > LONGEST_WAIT_S:
                raise _come_back("host-busy", f"{name} demande de patienter", f"{name} asks for patience", wait)
            await asyncio.sleep(max(0.0, wait))
            try:
                yield
            finally:
                host.not_before = max(host.not_before, _clock() + self._pause_s * random.uniform(1.0, 1.25))

    def succeeded(self, name: str) -> None:
        """The host answered as it should."""
        host = self._hosts.setdefault(name, _Host())
        host.failures = host.rests = 0
        metrics.CIRCUIT_OPEN.labels(name).set(0)

    def failed(self, name: str) -> None:
        """The host did not answer, or with an error of its own; after too many in a row it rests."""
        host = self._hosts.setdefault(name, _Host())
        host.failures += 1
        if host.failures >= self._failures_before_rest:
            rest = min(self._rest_s * 2**host.rests, LONGEST_REST_S) * random.uniform(0.9, 1.1)
            host.resting_until = _clock() + rest
            host.rests = min(host.rests + 1, 30)
            metrics.CIRCUIT_OPEN.labels(name).set(1)

    def postpone(self, name: str, seconds: float) -> None:
        """The host said when it wants to be asked again."""
        host = self._hosts.setdefault(name, _Host())
        host.not_before = max(host.not_before, _clock() + seconds)

    def _refuse_if_resting(self, name: str, host: _Host) -> None:
        rest = host.resting_until - _clock()
        if rest > 0:
            raise _come_back(
                "circuit-open",
                f"{name} a échoué {host.failures} fois de suite et n'est plus interrogé pour l'instant",
                f"{name} failed {host.failures} times in a row and is left alone for now",
                rest,
            )


def _come_back(code: str, fr: str, en: str, wait_s: float) -> ReadFailedError:
    moment = datetime.now(UTC) + timedelta(seconds=wait_s)
    at = f"{moment:%Y-%m-%d %H:%M} UTC"
    reason = Text(f"{fr} (prochain essai après {at})", f"{en} (next try after {at})")
    return ReadFailedError(code, reason, final=True, retry_at=moment)


def _clock() -> float:
    return asyncio.get_running_loop().time()
