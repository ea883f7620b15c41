"""So many requests an address and time, told beforehand in headers (IETF draft ratelimit-headers, structured fields).

An address is the caller's behind trusted proxies; of IPv6 its first 64 bits, because a household has all the rest.
The notation is that of the library `limits`; its storage in memory starts a thread every ten milliseconds and would
cost more than a kept answer does.
"""

import math
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_network

from carillon_kit.languages import Text
from carillon_kit.problems import ProblemError, answer
from fastapi import Request
from limits import parse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UNLIMITED = frozenset({"/livez", "/readyz"})
_TITLE = Text("Trop de requêtes.", "Too many requests.")
_MOST_ADDRESSES = 100_000


class Windows:
    """Counts by address within spans of `seconds`, each beginning with its address's first request."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._windows: dict[str, tuple[float, int]] = {}
        self._tidied_at = 0.0

    def count(self, address: str, at: float) -> tuple[int, int]:
        """One more at a time in seconds since 1970: how many that makes, and in how many seconds they are forgotten."""
        end, before = self._windows.get(address, (0.0, 0))
        if end <= at:
            self._make_room(at)
            end, before = at + self._seconds, 0
        self._windows[address] = (end, before + 1)
        return before + 1, math.ceil(end - at)

    def _make_room(self, at: float) -> None:
        """Forget what has ended, once a span; of too many addresses those that were first."""
        if at - self._tidied_at >= self._seconds:
            self._windows = {address: window for address, window in self._windows.items() if window[0] > at}
            self._tidied_at = at
        while len(self._windows) >= _MOST_ADDRESSES:
            del self._windows[next(iter(self._windows))]


class RateLimitMiddleware:
    """Counts requests in memory, kept answers included, and answers those that are too many with a 429 problem."""

    def __init__(self, app: ASGIApp, limit: str, now: Callable[[], datetime]) -> None:
        """`limit` as in `600/minute`; ValueError if it is none."""
        self._app, self._now = app, now
        item = parse(limit)
        self._most = item.amount
        self._windows = Windows(item.get_expiry())
        self._policy = f'"address";q={item.amount};w={item.get_expiry()}'.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] in _UNLIMITED:
            await self._app(scope, receive, send)
            return
        count, wait = self._windows.count(_who(scope), self._now().timestamp())
        left = max(0, self._most - count)
        told = [(b"ratelimit-policy", self._policy), (b"ratelimit", b'"address";r=%d;t=%d' % (left, wait))]

        async def send_with_limit(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *told]}
            await send(message)

        if count > self._most:
            await _too_many(scope, wait)(scope, receive, send_with_limit)
        else:
            await self._app(scope, receive, send_with_limit)


def _too_many(scope: Scope, wait: int) -> ASGIApp:
    detail = Text(f"Réessayez dans {wait} secondes.", f"Try again in {wait} seconds.")
    # Scripts of other origins are told too: this answer lies outside of what says so for all others.
    headers = {
        "Retry-After": str(wait),
        "Cache-Control": "no-store",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "*",
    }
    return answer(Request(scope), ProblemError("too-many-requests", 429, _TITLE, detail, headers=headers))


def _who(scope: Scope) -> str:
    client = scope.get("client")
    return _network(client[0]) if client else ""


@lru_cache(4096)
def _network(address: str) -> str:
    if ":" not in address:
        return address
    plain = IPv6Address(address)
    return str(plain.ipv4_mapped or ip_network((plain.packed, 64), strict=False))
