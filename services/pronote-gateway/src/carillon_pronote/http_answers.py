"""HTTP towards Pronote: bounded answers, time-outs, one transport shared by all sessions, proxies."""

import os
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
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

PROXY_SETTINGS = ("CARILLON_PRONOTE_PROXY", "PRONOTE_API_PROXY", "CARILLON_HTTP_PROXY")
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
DESKTOP_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_REDIRECTS = (301, 302, 303, 307, 308)
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

    @property
    def pool(self) -> httpx.Limits:
        """How many connections there may be, in httpx' form."""
        return httpx.Limits(max_connections=self.connections, max_keepalive_connections=self.connections)

    def timeouts(self) -> dict[str, float | None]:
        """Return the time-outs in httpx' form."""
        answer, connect = self.answer_seconds, self.connect_seconds
        return {"connect": connect, "pool": connect, "read": answer, "write": answer}


def proxy_from_environment(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the proxy of the first of ``PROXY_SETTINGS``: for Pronote alone, pronote-api's, for all; None for none.

    Its forms are ``http://user:password@host:port`` and ``socks5://host:port``.
    """
    settings = os.environ if environment is None else environment
    return next((settings[name] for name in PROXY_SETTINGS if settings.get(name)), None)


class SharedTransport(httpx.AsyncBaseTransport):
    """One connection pool lent to all sessions: closing a client leaves it open; ``close_pool`` ends it."""

    def __init__(self, pool: httpx.AsyncBaseTransport) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the pool."""
        return await self._pool.handle_async_request(request)

    async def aclose(self) -> None:
        """Do nothing: the pool belongs to all."""

    async def close_pool(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


@dataclass(frozen=True, slots=True)
class AnswerHead:
    """What an answer says before its content."""

    status: int
    headers: httpx.Headers

    @property
    def redirect(self) -> str:
        """Where the answer sends to, "" for nowhere."""
        return self.headers.get("location", "") if self.status in _REDIRECTS else ""


@dataclass(frozen=True, slots=True)
class HttpAnswer(AnswerHead):
    """An answer read whole, decompressed."""

    content: bytes

    @property
    def text(self) -> str:
        """The content as UTF-8, what is not UTF-8 replaced."""
        return self.content.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class StreamedAnswer(AnswerHead):
    """An answer whose content is still arriving, decompressed; reading ``chunks`` fails as ``send`` does."""

    chunks: AsyncGenerator[bytes, None]

    @property
    def length(self) -> int | None:
        """Bytes that ``chunks`` will give; None where the server does not tell."""
        told = self.headers.get("content-length", "")
        return int(told) if told.isascii() and told.isdigit() and "content-encoding" not in self.headers else None


class HttpSession:
    """One account's requests: cookies of its own over the shared pool. Redirects are not followed.

    It does what little of ``httpx.AsyncClient`` is needed here, at two thirds of its CPU time.
    """

    __slots__ = ("_limits", "_transport", "agent", "cookies")

    def __init__(self, transport: httpx.AsyncBaseTransport, limits: HttpLimits, agent: str = DESKTOP_AGENT) -> None:
        self._transport = transport
        self._limits = limits
        self.agent = agent
        self.cookies = httpx.Cookies()

    @property
    def largest_answer(self) -> int:
        """Bytes an answer may have."""
        return self._limits.largest_answer

    @property
    def largest_file(self) -> int:
        """Bytes a file may have."""
        return self._limits.largest_file

    async def send(self, method: str, url: str, largest: int | None = None, **content: Any) -> HttpAnswer:
        """Send one request and read its answer whole, up to ``largest`` bytes.

        Raises:
            NotSentError: no connection; the server has seen nothing.
            UnreachableError: sent, but the answer did not come in time or was cut.
            ProtocolError: the answer is larger than allowed.
        """
        with _typed_failures(url):
            request = self._request(method, url, content)
            response = await self._transport.handle_async_request(request)
            try:
                body = await _read(response, largest or self._limits.largest_answer)
            finally:
                await response.aclose()
        if "set-cookie" in response.headers:
            response.request = request
            self.cookies.extract_cookies(response)
        return HttpAnswer(response.status_code, response.headers, body)

    @asynccontextmanager
    async def stream(self, url: str, largest: int) -> AsyncIterator[StreamedAnswer]:
        """Get an address piece by piece, up to ``largest`` bytes; the connection is let go with the block.

        Raises:
            NotSentError, UnreachableError, ProtocolError: as ``send``.
        """
        with _typed_failures(url):
            response = await self._transport.handle_async_request(self._request("GET", url, {}))
        try:
            async with aclosing(_streamed(url, response, largest)) as chunks:
                answer = StreamedAnswer(response.status_code, response.headers, chunks)
                if (answer.length or 0) > largest:
                    raise _too_large(largest)
                yield answer
        finally:
            await response.aclose()

    def _request(self, method: str, url: str, content: dict[str, Any]) -> httpx.Request:
        request = httpx.Request(
            method, url, extensions={"timeout": self._limits.timeouts()}, **_with_agent(self.agent, content)
        )
        if self.cookies.jar:
            self.cookies.set_cookie_header(request)
        return request


async def send(client: httpx.AsyncClient, method: str, url: str, largest: int, **content: Any) -> httpx.Response:
    """Send one request with a portal's client and read its answer whole, up to ``largest`` bytes.

    Raises:
        UnreachableError: no answer.
        ProtocolError: the answer is larger than allowed.
    """
    with _typed_failures(url):
        async with client.stream(method, url, **content) as response:
            body = await _read(response, largest)
    headers = [pair for pair in response.headers.raw if pair[0].lower() != b"content-encoding"]
    return httpx.Response(response.status_code, headers=headers, content=body, request=response.request)


@contextmanager
def _typed_failures(url: str) -> Iterator[None]:
    try:
        yield
    except NOT_SENT as error:
        raise NotSentError(f"{type(error).__name__} at {_host(url)}") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise UnreachableError(f"{type(error).__name__} at {_host(url)}") from None


def _with_agent(agent: str, content: dict[str, Any]) -> dict[str, Any]:
    headers = {"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
    return {**content, "headers": headers | content.get("headers", {})}


async def _read(response: httpx.Response, largest: int) -> bytes:
    body = bytearray()
    async for chunk in _bounded(response, largest):
        body += chunk
    return bytes(body)


async def _bounded(response: httpx.Response, largest: int) -> AsyncGenerator[bytes, None]:
    read = 0
    async for chunk in response.aiter_bytes():
        read += len(chunk)
        if read > largest:
            raise _too_large(largest)
        yield chunk


async def _streamed(url: str, response: httpx.Response, largest: int) -> AsyncGenerator[bytes, None]:
    with _typed_failures(url):
        async for chunk in _bounded(response, largest):
            yield chunk


def _too_large(largest: int) -> ProtocolError:
    return ProtocolError(f"an answer of more than {largest} bytes")


def check_status(answer: AnswerHead) -> None:
    """Turn an HTTP failure into a typed error.

    Raises:
        RateLimitedError, SiteBusyError, AccessRefusedError, PronoteError: by status.
    """
    status = answer.status
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
