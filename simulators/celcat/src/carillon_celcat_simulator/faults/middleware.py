"""The layer between the server and the simulator that lets ordered faults strike."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carillon_celcat_simulator.faults.answers import replacement
from carillon_celcat_simulator.faults.orders import FaultOrder, Faults
from carillon_celcat_simulator.faults.shares import keep_share

CONTROL_PATH = "/simulator/"
_DRIPS = 20


@dataclass(slots=True)
class FaultMiddleware:
    """Strikes requests to all paths but the control addresses."""

    app: ASGIApp
    faults: Faults
    expire_sessions: Callable[[], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request of the server."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PATH):
            await self.app(scope, receive, send)
            return
        fault = self.faults.strike(scope["path"])
        if fault is None:
            await self.app(scope, receive, send)
        else:
            await self._struck(fault, scope, receive, send)

    async def _struck(self, fault: FaultOrder, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "session-expired":
            self.expire_sessions()
        answer = replacement(fault, scope["path"])
        if answer is not None:
            await answer(scope, receive, send)
            return
        match fault.kind:
            case "slow":
                await asyncio.sleep(fault.seconds)
            case "empty":
                keep_share(scope, 0)
            case "half-empty":
                keep_share(scope, 0.5)
            case "truncated" | "cut-connection" | "wrong-content-type" | "wrong-encoding" | "drip":
                await self._spoilt(fault, scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _spoilt(self, fault: FaultOrder, scope: Scope, receive: Receive, send: Send) -> None:
        """The real answer, with its bytes, type, length or pace changed."""
        start, body = await self._collected(scope, receive)
        kind, sent, announced = _changed(fault, _header(start, b"content-type"), body)
        headers = [
            (name, value) for name, value in start["headers"] if name not in (b"content-type", b"content-length")
        ]
        headers += [(b"content-type", kind), (b"content-length", str(announced).encode())]
        await send({"type": "http.response.start", "status": start["status"], "headers": headers})
        pieces = _DRIPS if fault.kind == "drip" else 1
        size = -(-len(sent) // pieces)
        for number in range(pieces):
            if fault.kind == "drip":
                await asyncio.sleep(fault.seconds / pieces)
            piece = sent[number * size : (number + 1) * size]
            # A connection is cut by returning before the announced length is sent: the server closes it.
            more = number < pieces - 1 or announced > len(sent)
            await send({"type": "http.response.body", "body": piece, "more_body": more})

    async def _collected(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, collect)
        start = next(message for message in messages if message["type"] == "http.response.start")
        bodies = (message for message in messages if message["type"] == "http.response.body")
        return start, b"".join(message.get("body", b"") for message in bodies)


def _changed(fault: FaultOrder, kind: bytes, body: bytes) -> tuple[bytes, bytes, int]:
    """Content type, bytes and announced length of a spoilt answer."""
    match fault.kind:
        case "wrong-content-type":
            return b"application/octet-stream", body, len(body)
        case "wrong-encoding":
            # The declaration in the bytes goes on to say UTF-8.
            other = body.decode("utf-8", "replace").encode("iso-8859-1", "replace")
            return kind, other, len(other)
        case "drip":
            return kind, body, len(body)
        case _:
            half = body[: len(body) // 2]
            return kind, half, len(body) if fault.kind == "cut-connection" else len(half)


def _header(start: Message, name: bytes) -> bytes:
    return next((bytes(value) for found, value in start["headers"] if found == name), b"text/html")
