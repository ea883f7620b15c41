"""One id follows a piece of work from the HTTP request through events to the database and every log line."""

import itertools
import re
import secrets
from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
_HEADER = HEADER.lower().encode()
EVENT_HEADER = "Carillon-Correlation-Id"

_PROCESS = secrets.token_hex(10)
_numbers = itertools.count(1)
"""A new id is our process's and a number: it need not be guarded, and is made for each of many thousand requests."""

_current: ContextVar[str | None] = ContextVar("correlation_id", default=None)
_ACCEPTABLE = re.compile(r"^[A-Za-z0-9._-]{8,128}$")


def current() -> str | None:
    """The id of the work in hand, or None outside of any."""
    return _current.get()


def begin(correlation_id: str | None = None) -> str:
    """Take on a given id, or a new one; a given one that is not 8 to 128 plain characters is replaced."""
    chosen = (
        correlation_id if correlation_id and _ACCEPTABLE.match(correlation_id) else f"{_PROCESS}{next(_numbers):012x}"
    )
    _current.set(chosen)
    return chosen


class CorrelationMiddleware:
    """Take the id from `X-Request-ID`, or make one, and send it back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = None
        for name, value in scope["headers"]:
            if name == _HEADER:
                given = value.decode("latin-1")
        chosen = begin(given).encode()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (_HEADER, chosen)]}
            await send(message)

        await self._app(scope, receive, send_with_id)
