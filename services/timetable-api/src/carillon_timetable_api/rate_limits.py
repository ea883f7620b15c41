"""So many requests an address and time, told beforehand in headers (IETF draft ratelimit-headers, structured fields).

An address is the caller's behind trusted proxies; of IPv6 its first 64 bits, because a household has all the rest.
"""

import math
import time
from functools import lru_cache
from ipaddress import IPv6Address, ip_network

from carillon_kit.languages import Text
from carillon_kit.problems import ProblemError, answer
from fastapi import Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UNLIMITED = frozenset({"/livez", "/readyz"})
_TITLE = Text("Trop de requêtes.", "Too many requests.")


class RateLimitMiddleware:
    """Counts requests in memory, kept answers included, and answers those that are too many with a 429 problem."""

    def __init__(self, app: ASGIApp, limit: str) -> None:
        """`limit` as in `600/minute`; ValueError if it is none."""
        self._app = app
        self._item: RateLimitItem = parse(limit)
        self._storage = MemoryStorage()
        self._policy = f'"address";q={self._item.amount};w={self._item.get_expiry()}'.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] in _UNLIMITED:
            await self._app(scope, receive, send)
            return
        # A fixed window that begins with an address's first request.
        key = self._item.key_for(_who(scope))
        count = self._storage.incr(key, self._item.get_expiry())
        wait = max(0, math.ceil(self._storage.get_expiry(key) - time.time()))
        left = max(0, self._item.amount - count)
        told = [(b"ratelimit-policy", self._policy), (b"ratelimit", f'"address";r={left};t={wait}'.encode())]

        async def send_with_limit(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *told]}
            await send(message)

        if count > self._item.amount:
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
