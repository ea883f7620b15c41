"""So many requests an address and time, told beforehand in headers (IETF draft ratelimit-headers, structured fields).

An address is the caller's behind trusted proxies; of IPv6 its first 64 bits, because a household has all the rest.
The storage in memory of the library `limits` starts a thread every ten milliseconds and would cost more than a kept
answer does.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_network
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carillon_kit.languages import Text
from carillon_kit.problems import MEDIA_TYPE, Problem, ProblemError, answer
from carillon_kit.settings import RateLimit

Layer = Callable[[ASGIApp], ASGIApp]
"""Makes middleware around an application."""

_UNLIMITED = frozenset({"/livez", "/readyz", "/metrics"})
_LONGEST = 64
"""More characters than any address has."""
_TITLE = Text("Trop de requêtes.", "Too many requests.")

DESCRIBED: dict[int | str, dict[str, Any]] = {
    429: {
        "description": "Too many requests from this address. Every answer says beforehand in `RateLimit-Policy` how "
        "many (`q`) are allowed in how many seconds (`w`), and in `RateLimit` how many are left (`r`) for how many "
        "seconds (`t`).",
        "headers": {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
            "RateLimit-Policy": {"schema": {"type": "string"}, "example": '"address";q=12000;w=60'},
            "RateLimit": {"schema": {"type": "string"}, "example": '"address";r=0;t=40'},
        },
        "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
    }
}
"""For the OpenAPI document of a service, as answers that every operation may give."""


class Windows:
    """Counts by address within spans of `seconds`, each beginning with its address's first request.

    All spans are equally long, so that the order in which they began is the order in which they end. Of more than
    `most` addresses those that began first are forgotten.
    """

    def __init__(self, seconds: int, most: int = 100_000) -> None:
        self._seconds, self._most = seconds, most
        self._windows: OrderedDict[str, list[float]] = OrderedDict()

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._windows)

    def count(self, address: str, at: float) -> tuple[int, int]:
        """One more at a time in seconds: how many that makes, and in how many seconds they are forgotten."""
        window = self._windows.get(address)
        if window is None or window[0] <= at:
            window = self._begin(address, at)
        window[1] += 1
        return int(window[1]), math.ceil(window[0] - at)

    def _begin(self, address: str, at: float) -> list[float]:
        while self._windows and (next(iter(self._windows.values()))[0] <= at or len(self._windows) >= self._most):
            self._windows.popitem(last=False)
        window = self._windows[address] = [at + self._seconds, 0]
        return window


class RateLimitMiddleware:
    """Counts requests in memory and answers those that are too many with a 429 problem.

    What operators ask for is not counted, nor what browsers ask before a request of another origin, since a script
    is not told why that was refused.
    """

    def __init__(
        self, app: ASGIApp, limit: RateLimit, cors: Layer, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`cors` opens the problem to the same origins as all other answers; `clock` gives seconds."""
        self._app, self._most, self._cors, self._clock = app, limit.requests, cors, clock
        self._windows = Windows(limit.seconds)
        self._policy = (b"ratelimit-policy", b'"address";q=%d;w=%d' % limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] in _UNLIMITED or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        count, wait = self._windows.count(_network(client[0][:_LONGEST]) if client else "", self._clock())
        left = max(0, self._most - count)
        told = (self._policy, (b"ratelimit", b'"address";r=%d;t=%d' % (left, wait)))

        async def send_with_limit(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *told]}
            await send(message)

        app = self._app if count <= self._most else self._cors(_too_many(scope, wait))
        await app(scope, receive, send_with_limit)


def _too_many(scope: Scope, wait: int) -> ASGIApp:
    detail = Text(f"Réessayez dans {wait} secondes.", f"Try again in {wait} seconds.")
    headers = {"Retry-After": str(wait), "Cache-Control": "no-store"}
    return answer(Request(scope), ProblemError("too-many-requests", 429, _TITLE, detail, headers=headers))


@lru_cache(4096)
def _network(address: str) -> str:
    """What is counted together: an IPv4 address, 64 bits of IPv6; what is no address stands for itself."""
    if ":" not in address:
        return address
    try:
        plain = IPv6Address(address)
    except ValueError:
        return address
    return str(plain.ipv4_mapped or ip_network((plain.packed, 64), strict=False))
