"""The layer between the server and the simulator that lets ordered faults strike."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carillon_celcat_simulator.faults.answers import replacement
from carillon_celcat_simulator.faults.orders import FaultOrder, Faults
from carillon_celcat_simulator.faults.shares import keep_share

CONTROL_PATH = "/simulator/"


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
            case "truncated" | "cut-connection" | "wrong-content-type":
                await self._spoilt(fault, scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _spoilt(self, fault: FaultOrder, scope: Scope, receive: Receive, send: Send) -> None:
        """The real answer, but half of it, or with a type that is not its own."""
        start, body = await self._collected(scope, receive)
        headers = [
            (name, value) for name, value in start["headers"] if name not in (b"content-type", b"content-length")
        ]
        types = [value for name, value in start["headers"] if name == b"content-type"]
        kind = b"application/octet-stream" if fault.kind == "wrong-content-type" else (types or [b"text/html"])[0]
        sent = body if fault.kind == "wrong-content-type" else body[: len(body) // 2]
        announced = len(body) if fault.kind == "cut-connection" else len(sent)
        headers += [(b"content-type", kind), (b"content-length", str(announced).encode())]
        await send({"type": "http.response.start", "status": start["status"], "headers": headers})
        # A connection is cut by returning before the announced length is sent: the server closes it.
        await send({"type": "http.response.body", "body": sent, "more_body": fault.kind == "cut-connection"})

    async def _collected(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, collect)
        start = next(message for message in messages if message["type"] == "http.response.start")
        bodies = (message for message in messages if message["type"] == "http.response.body")
        return start, b"".join(message.get("body", b"") for message in bodies)
