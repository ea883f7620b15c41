"""How old the data of an answer are, and which of their sources are failing: headers, so that bodies stay the seed's.

An answer says when its data were read; only on its way out does that become an age, which goes on growing for an
answer that is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

DATA_AGE = "Carillon-Data-Age"
FAILING_SOURCES = "Carillon-Failing-Sources"
_AGE = DATA_AGE.lower().encode()
_READ_AT = b"carillon-read-at"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Of the sources that an answer depends on: when the one read longest ago was read, and the slugs of failing ones.

    `read_at` is None if none of them was ever read.
    """

    read_at: datetime | None
    failing: tuple[str, ...]

    def headers(self) -> dict[str, str]:
        """For the answer; `DataAgeMiddleware` makes the age of them."""
        headers = {FAILING_SOURCES: ", ".join(self.failing)} if self.failing else {}
        if self.read_at is not None:
            headers[_READ_AT.decode()] = self.read_at.astimezone(UTC).isoformat()
        return headers


class DataAgeMiddleware:
    """Says the age in seconds; lies around the cache of answers."""

    def __init__(self, app: ASGIApp, now: Callable[[], datetime]) -> None:
        self._app, self._now = app, now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_age(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [self._aged(pair) if pair[0] == _READ_AT else pair for pair in message["headers"]]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, send_with_age)

    def _aged(self, read_at: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        age = self._now() - datetime.fromisoformat(read_at[1].decode())
        return _AGE, str(max(0, int(age.total_seconds()))).encode()
