"""Leaves a Pronote host alone for a while when it says so, for all sessions of the process alike."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from carillon_pronote.errors import PronoteError, RateLimitedError, SuspendedAddressError

FIRST_PAUSE = {RateLimitedError: 30.0, SuspendedAddressError: 300.0}  # seconds; doubled at each repetition
LONGEST_PAUSE = 3600.0  # seconds


@dataclass(slots=True)
class _Pause:
    until: float
    seconds: float
    kind: type[RateLimitedError | SuspendedAddressError]


class HostPauses:
    """Hosts that asked for peace, and until when.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pauses: dict[str, _Pause] = {}

    def check(self, host: str) -> None:
        """Let a request to ``host`` pass.

        Raises:
            RateLimitedError, SuspendedAddressError: the host's pause is not over; no request is to be made.
        """
        pause = self._pauses.get(host)
        if pause is None or (left := pause.until - self._clock()) <= 0:
            return
        if pause.kind is RateLimitedError:
            raise RateLimitedError(f"{host} is left alone for {left:.0f} s", left)
        raise SuspendedAddressError(f"{host} is left alone for {left:.0f} s")

    def note(self, host: str, error: PronoteError) -> None:
        """Start a pause when the host said "too many" or "suspended"; each in a row is twice as long."""
        for kind, first in FIRST_PAUSE.items():
            if isinstance(error, kind):
                before = self._pauses.get(host)
                seconds = min(before.seconds * 2 if before else first, LONGEST_PAUSE)
                self._pauses[host] = _Pause(self._clock() + seconds, seconds, kind)
                if isinstance(error, RateLimitedError):
                    error.retry_after_seconds = seconds

    def answered(self, host: str) -> None:
        """Forget a host's pauses: it has answered a request as it should."""
        self._pauses.pop(host, None)
