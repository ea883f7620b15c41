"""Answers kept as bytes: one key a URL, all dropped together when the data change.

A warm answer is written by this middleware alone, before any routing. Only successful GETs that the application
marks with `Cache-Control: public` (or `no-cache`, which asks clients to revalidate) are kept. Others are computed each
time, but get an entity tag too; without a word of the application about caches they are `private, no-cache`.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]
Key = tuple[bytes | str | None, ...]
_OBJECTS_BYTES = 2048
"""What the Python objects of a kept answer take beside their bytes."""
_VARYING = (b"host", b"accept", b"accept-language", b"origin", b"x-forwarded-proto")


@dataclass(slots=True)
class _Answer:
    headers: Headers
    etag: bytes
    body: bytes
    size: int
    """In memory, about: with the key that it is kept under, which a caller may make long."""
    second: int = -1
    headers_of_second: Headers = field(default_factory=list)


class ResponseCache:
    """The kept answers of one process, at most about `max_bytes`, the least recently used dropped first."""

    def __init__(self, max_bytes: int = 64 * 1024**2) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._answers: OrderedDict[Key, _Answer] = OrderedDict()
        self.generation = 0

    def clear(self) -> None:
        """Drop all; an answer that is being computed from the old data is not kept either."""
        self.generation += 1
        self._answers.clear()
        self._bytes = 0

    def get(self, key: Key) -> _Answer | None:
        """The kept answer, now the most recently used."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def put(self, key: Key, answer: _Answer, generation: int) -> None:
        """Keep an answer that was computed from the data of `generation`."""
        if generation != self.generation or answer.size > self._max_bytes // 8:
            return
        previous = self._answers.pop(key, None)
        self._bytes += answer.size - (previous.size if previous else 0)
        self._answers[key] = answer
        while self._bytes > self._max_bytes:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= oldest.size


class ResponseCacheMiddleware:
    """Answer GET and HEAD from the cache; adds a strong ETag (hash of the bytes) and answers If-None-Match with 304."""

    def __init__(
        self,
        app: ASGIApp,
        cache: ResponseCache,
        also_by: Callable[[], bytes] = lambda: b"",
        as_of_now: Callable[[Headers], Headers] = lambda headers: headers,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`also_by` gives what answers depend on beside the request, e.g. the date; it becomes a part of the key.

        `as_of_now` makes the headers of an answer, when it is sent, of the application's, kept or not. Both hold for
        one second of `clock`, which gives seconds since 1970, unless the kept answers are dropped meanwhile.
        """
        self._app = app
        self._cache = cache
        self._also_by = also_by
        self._as_of_now = as_of_now
        self._clock = clock
        self._known_by, self._known = (-1, -1), b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, self._as_of_now_to(send))
            return
        wanted: dict[bytes, bytes] = dict(scope["headers"])
        varying = [wanted.get(name) for name in _VARYING]
        second = int(self._clock())
        key = (scope["scheme"], scope["raw_path"], scope["query_string"], self._also_at(second), *varying)
        kept = self._cache.get(key)
        if kept is None:
            kept = await self._ask(scope, receive, send, key)
        if kept is not None:
            if kept.second != second:
                kept.second, kept.headers_of_second = second, self._as_of_now(kept.headers)
            await _write(kept, kept.headers_of_second, scope["method"], _is_unchanged(kept, wanted), send)

    def _also_at(self, second: int) -> bytes:
        known_by = (second, self._cache.generation)
        if known_by != self._known_by:
            self._known_by, self._known = known_by, self._also_by()
        return self._known

    def _as_of_now_to(self, send: Send) -> Send:
        async def send_as_of_now(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._as_of_now(list(message.get("headers", ())))}
            await send(message)

        return send_as_of_now

    async def _ask(self, scope: Scope, receive: Receive, send: Send, key: Key) -> _Answer | None:
        """Let the application answer; None if it has already been sent on because it may not be held back."""
        send = self._as_of_now_to(send)
        generation = self._cache.generation
        start: Message | None = None
        body = bytearray()
        streaming = False
        head = scope["method"] == "HEAD"

        async def hold(message: Message) -> None:
            nonlocal start, streaming
            if message["type"] == "http.response.start":
                start = message
                streaming = not _may_be_held(message)
            if streaming:
                await send(message)
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))

        if head:
            send, receive = _hanging_up_after_the_start(send, receive)
        await self._app({**scope, "method": "GET"} if head else scope, receive, hold)
        if streaming or start is None:
            return None
        etag = b'"' + hashlib.blake2b(body, digest_size=16).hexdigest().encode() + b'"'
        headers = [pair for pair in start["headers"] if pair[0].lower() not in (b"etag", b"x-request-id")]
        if not any(name.lower() == b"cache-control" for name, _ in headers):
            headers.append((b"cache-control", b"private, no-cache"))
        answer = _Answer([*headers, (b"etag", etag)], etag, bytes(body), _size(key, headers, body))
        if _may_be_kept(start):
            self._cache.put(key, answer, generation)
        return answer


def _hanging_up_after_the_start(send: Send, receive: Receive) -> tuple[Send, Receive]:
    """What is not held of an answer to HEAD has no body, and whoever writes it is told that the caller has gone.

    A stream would go on for ever else, and the connection's next request would wait for its end.
    """
    is_told, has_asked = asyncio.Event(), False

    async def send_start(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b""})
            is_told.set()

    async def receive_until_told() -> Message:
        nonlocal has_asked
        if not has_asked:
            has_asked = True
            return await receive()
        await is_told.wait()
        return {"type": "http.disconnect"}

    return send_start, receive_until_told


def _size(key: Key, headers: Headers, body: bytearray) -> int:
    in_key, in_headers = sum(len(part or "") for part in key), sum(len(name) + len(value) for name, value in headers)
    return len(body) + in_key + in_headers + _OBJECTS_BYTES


async def _write(answer: _Answer, headers: Headers, method: str, unchanged: bool, send: Send) -> None:
    if unchanged:
        headers = [pair for pair in headers if pair[0].lower() not in (b"content-length", b"content-type")]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})


def _may_be_held(start: Message) -> bool:
    """Whether it is a whole answer, neither a stream nor a file with a tag of its own, and may be compared."""
    headers = MutableHeaders(scope=start)
    is_whole = "content-length" in headers and "etag" not in headers
    return start["status"] == HTTPStatus.OK and is_whole and "no-store" not in headers.get("cache-control", "")


def _may_be_kept(start: Message) -> bool:
    control = MutableHeaders(scope=start).get("cache-control", "")
    return "public" in control or control == "no-cache"


def _is_unchanged(answer: _Answer, wanted: dict[bytes, bytes]) -> bool:
    """Whether the client has this answer already; what If-None-Match says counts more than If-Modified-Since."""
    if (if_none_match := wanted.get(b"if-none-match")) is not None:
        return _matches(answer.etag, if_none_match)
    since, modified = wanted.get(b"if-modified-since"), dict(answer.headers).get(b"last-modified")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(modified.decode()) <= parsedate_to_datetime(since.decode())
    except (ValueError, TypeError):  # not a date, or one without a zone
        return False


def _matches(etag: bytes, if_none_match: bytes) -> bool:
    if if_none_match.strip() == b"*":
        return True
    return any(candidate.strip().removeprefix(b"W/") == etag for candidate in if_none_match.split(b","))
