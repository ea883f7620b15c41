"""How often one may try to sign in, by caller and by account. Each replica counts for itself."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter


class TooManySignInsError(Exception):
    """No further attempt is made for now; `headers` say when it is worth trying again."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = headers
        super().__init__("too many attempts to sign in")


@dataclass(frozen=True)
class SignInLimits:
    """Counts attempts, successful or not."""

    per_address: RateLimitItem
    per_account: RateLimitItem
    counter: SlidingWindowCounterRateLimiter

    @classmethod
    def of(cls, per_address: str, per_account: str) -> "SignInLimits":
        """Limits such as `10/15minutes`; ValueError for anything else."""
        return cls(parse(per_address), parse(per_account), SlidingWindowCounterRateLimiter(MemoryStorage()))

    async def count_look_up(self, address: str) -> None:
        """Count a question that makes the gateway ask another server.

        Raises:
            TooManySignInsError: the limit of a caller is reached.
        """
        if not await self.counter.hit(self.per_address, f"look-up {address}"):
            said = await self._headers(self.per_address, f"look-up {address}")
            raise TooManySignInsError({**said, "Retry-After": said["RateLimit-Reset"]})

    async def count(self, address: str, account: str) -> dict[str, str]:
        """Count an attempt; gives the RateLimit headers of whichever limit is nearer.

        Raises:
            TooManySignInsError: a limit is reached; the attempt must not be made.
        """
        headers: list[dict[str, str]] = []
        for limit, key in ((self.per_address, f"address {address}"), (self.per_account, f"account {account}")):
            allowed = await self.counter.hit(limit, key)
            said = await self._headers(limit, key)
            if not allowed:
                raise TooManySignInsError({**said, "Retry-After": said["RateLimit-Reset"]})
            headers.append(said)
        return min(headers, key=lambda said: int(said["RateLimit-Remaining"]))

    async def _headers(self, limit: RateLimitItem, key: str) -> dict[str, str]:
        window = await self.counter.get_window_stats(limit, key)
        return {
            "RateLimit-Limit": str(limit.amount),
            "RateLimit-Remaining": str(max(0, window.remaining)),
            "RateLimit-Reset": str(max(1, int(window.reset_time - time.time()) + 1)),
        }
