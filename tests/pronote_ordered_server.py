"""The smallest Pronote that still counts: deciphers order numbers, refuses wrong ones, answers what it is told."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from carillon_pronote import HostPauses, HttpLimits, crypto
from carillon_pronote.channel import Channel, ChannelState
from carillon_pronote.eras import ERAS
from carillon_pronote.http_answers import HttpSession

IV = crypto.derive(bytes(16))
EXPIRED = {"Erreur": {"G": 8, "Titre": "La page a expiré ! (1)", "Message": "Reconnectez-vous"}}


class OrderedServer:
    """Answers `appelfonction`; `received` are the deciphered order numbers, `before` runs inside each request."""

    def __init__(self) -> None:
        self.expected = 1
        self.received: list[int] = []
        self.functions: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.lose_next = False
        self.before: Callable[[str], Awaitable[httpx.Response | None]] | None = None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.lose_next:
            self.lose_next = False
            raise httpx.RemoteProtocolError("disconnected before the request was read")
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._answer(request)
        finally:
            self.at_once -= 1

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        order = int(crypto.decrypt_text(body["no"], crypto.EMPTY_KEY, crypto.NO_IV if self.expected == 1 else IV))
        self.received.append(order)
        self.functions.append(body["id"])
        if order != self.expected:
            return httpx.Response(200, json=EXPIRED)
        self.expected += 2
        if self.before is not None and (instead := await self.before(body["id"])) is not None:
            if b'"Erreur"' in instead.content:
                self.expected -= 2  # the counter does not move on an error
            return instead
        await asyncio.sleep(0)
        return self.reply(order, {"asked": body["id"]})

    def reply(self, order: int, data: dict[str, Any]) -> httpx.Response:
        number = crypto.encrypt_text(str(order + 1), crypto.EMPTY_KEY, IV)
        return httpx.Response(200, json={"session": 1, "no": number, "dataSec": {"data": data, "Signature": {}}})

    def channel(self, hosts: HostPauses | None = None) -> Channel:
        return channel_over(httpx.MockTransport(self), hosts)


def channel_over(
    transport: httpx.MockTransport,
    hosts: HostPauses | None = None,
    *,
    aes: bool = False,
    compression: bool = False,
    limits: HttpLimits | None = None,
) -> Channel:
    """A channel of a signed-in session, without any exchange."""
    state = ChannelState(
        root="https://school.example/pronote",
        space=3,
        session=1,
        era=ERAS["2025.1.3 and later"],
        version=(2025, 2, 8),
        aes=aes,
        compression=compression,
        iv_material=bytes(16),
    )
    return Channel(HttpSession(transport, limits or HttpLimits()), state, hosts or HostPauses())
