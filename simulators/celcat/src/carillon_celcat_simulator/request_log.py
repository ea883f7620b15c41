"""What clients asked, when, and how many requests they had open at a time: to judge how polite they are."""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carillon_celcat_simulator.faults.middleware import CONTROL_PATH

_KEPT = 10_000


@dataclass(slots=True)
class LoggedRequest:
    """One request. Times are seconds since the log was begun; `ended` and `status` are null while it is open."""

    client: str
    user_agent: str
    method: str
    path: str
    query: str
    conditional: bool
    started: float
    ended: float | None = None
    status: int | None = None


@dataclass(slots=True)
class RequestLog:
    """The last requests, and the most that each client had open at a time. A client is its address."""

    clock: Callable[[], float] = time.monotonic
    requests: deque[LoggedRequest] = field(default_factory=lambda: deque(maxlen=_KEPT))
    total: int = 0
    _open: Counter[str] = field(default_factory=Counter)
    _most: Counter[str] = field(default_factory=Counter)
    _begun: float | None = None

    def begin(self, scope: Scope) -> LoggedRequest:
        """Note that a request came."""
        headers = dict(scope["headers"])
        client = (scope.get("client") or ("unknown", 0))[0]
        request = LoggedRequest(
            client=client,
            user_agent=headers.get(b"user-agent", b"").decode("latin-1"),
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            conditional=b"if-none-match" in headers or b"if-modified-since" in headers,
            started=self._now(),
        )
        self.total += 1
        self.requests.append(request)
        self._open[client] += 1
        self._most[client] = max(self._most[client], self._open[client])
        return request

    def end(self, request: LoggedRequest) -> None:
        """Note that it was answered, or given up."""
        request.ended = self._now()
        self._open[request.client] -= 1

    def clear(self) -> None:
        """Begin anew; requests that are open now are not counted any more when they end."""
        self.requests.clear()
        self.total = 0
        self._open = Counter()
        self._most = Counter()
        self._begun = None

    def report(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {
            "total": self.total,
            "max_concurrency": dict(self._most),
            "requests": [asdict(request) for request in self.requests],
        }

    def _now(self) -> float:
        if self._begun is None:
            self._begun = self.clock()
        return self.clock() - self._begun


@dataclass(slots=True)
class RequestLogMiddleware:
    """Logs every request but those to the control addresses."""

    app: ASGIApp
    log: RequestLog

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request of the server."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PATH):
            await self.app(scope, receive, send)
            return
        request = self.log.begin(scope)

        async def note_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                request.status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        finally:
            self.log.end(request)
