"""HTTP towards Pronote: bounded answers, time-outs, one transport shared by all sessions, proxies."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from carillon_pronote.errors import (
    AccessRefusedError,
    PronoteError,
    ProtocolError,
    RateLimitedError,
    SiteBusyError,
    UnreachableError,
)

PROXY_SETTINGS = ("CARILLON_PRONOTE_PROXY", "PRONOTE_API_PROXY")
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_TOO_MANY, _SERVER_ERROR, _CLIENT_ERROR = 429, 500, 400


class NotSentError(UnreachableError):
    """The request never left: the server's order counter has not moved."""


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Bounds of every exchange, in seconds and bytes (answers are counted after decompression)."""

    connect_seconds: float = 10.0
    answer_seconds: float = 30.0
    largest_answer: int = 16 * 1024 * 1024
    largest_file: int = 64 * 1024 * 1024
    connections: int = 100

    def timeout(self) -> httpx.Timeout:
        """Return the time-outs in httpx' form."""
        return httpx.Timeout(self.answer_seconds, connect=self.connect_seconds, pool=self.connect_seconds)


def proxy_from_environment(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the proxy set by ``CARILLON_PRONOTE_PROXY`` or, as in pronote-api, ``PRONOTE_API_PROXY``; None for none.

    Its forms are ``http://user:password@host:port`` and ``socks5://host:port``.
    """
    settings = os.environ if environment is None else environment
    return next((settings[name] for name in PROXY_SETTINGS if settings.get(name)), None)


class SharedTransport(httpx.AsyncBaseTransport):
    """One connection pool lent to many clients: closing a client leaves it open; ``close_pool`` ends it."""

    def __init__(self, proxy: str | None, limits: HttpLimits) -> None:
        pool = httpx.Limits(max_connections=limits.connections, max_keepalive_connections=limits.connections)
        self._pool = httpx.AsyncHTTPTransport(proxy=httpx.Proxy(proxy) if proxy else None, limits=pool)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the pool."""
        return await self._pool.handle_async_request(request)

    async def aclose(self) -> None:
        """Do nothing: the pool belongs to all."""

    async def close_pool(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


async def send(client: httpx.AsyncClient, method: str, url: str, largest: int, **content: Any) -> httpx.Response:
    """Send one request and read its answer whole, up to ``largest`` bytes.

    Raises:
        NotSentError: no connection; the server has seen nothing.
        UnreachableError: sent, but the answer did not come in time or was cut.
        ProtocolError: the answer is larger than allowed.
    """
    try:
        async with client.stream(method, url, **content) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > largest:
                    raise ProtocolError(f"an answer of more than {largest} bytes")
    except NOT_SENT as error:
        raise NotSentError(f"{type(error).__name__} at {_host(url)}") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise UnreachableError(f"{type(error).__name__} at {_host(url)}") from None
    headers = httpx.Headers(
        [(name, value) for name, value in response.headers.raw if name.lower() != b"content-encoding"]
    )
    return httpx.Response(response.status_code, headers=headers, content=bytes(body), request=response.request)


def check_status(response: httpx.Response) -> None:
    """Turn an HTTP failure into a typed error.

    Raises:
        RateLimitedError, SiteBusyError, AccessRefusedError, PronoteError: by status.
    """
    status = response.status_code
    if status < _CLIENT_ERROR:
        return
    said = f"HTTP {status}"
    if status == _TOO_MANY:
        raise RateLimitedError(said)
    if status >= _SERVER_ERROR:
        raise SiteBusyError(said)
    if status in (401, 403):
        raise AccessRefusedError(said)
    raise PronoteError(f"{said}: no Pronote at this address")


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return "an address that is none"
