"""All that sessions need, put together for one replica."""

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from carillon_kit.sealing import Sealer
from carillon_pronote import Pronote
from carillon_pronote.ent import EntTable
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.kv import KeyValue
from pydantic import SecretStr

from carillon_pronote_gateway.sessions.caretaker import Caretaker
from carillon_pronote_gateway.sessions.census import Census
from carillon_pronote_gateway.sessions.held import Held, Shelf
from carillon_pronote_gateway.sessions.lease import Clock, Leases
from carillon_pronote_gateway.sessions.live_sessions import LiveSessions
from carillon_pronote_gateway.sessions.record import key_of_labels
from carillon_pronote_gateway.sessions.sign_in import SignedIn, SignIns, Wish
from carillon_pronote_gateway.sessions.store import SessionStore
from carillon_pronote_gateway.sessions.tokens import digest_of
from carillon_pronote_gateway.settings import Settings


@dataclass(frozen=True)
class GatewaySessions:
    """Sign in, use, end."""

    live: LiveSessions
    store: SessionStore
    census: Census
    sign_ins: SignIns
    caretaker: Caretaker
    leases: Leases

    async def sign_in(self, wish: Wish) -> SignedIn:
        """Sign in; errors as `SignIns.sign_in`."""
        return await self.sign_ins.sign_in(wish)

    @asynccontextmanager
    async def use(self, token: str) -> AsyncIterator[Held]:
        """The session of a token; errors as `LiveSessions.use`."""
        async with self.live.use(digest_of(token)) as held:
            yield held

    async def end(self, token: str) -> None:
        """End a session everywhere; an unknown token is no error."""
        await self.live.end(digest_of(token))
        self.census.forget(digest_of(token))

    async def set_kept_alive(self, held: Held, *, wanted: bool) -> None:
        """Choose whether the gateway keeps a session alive."""
        await self.live.set_kept_alive(held, wanted=wanted)
        self.census.note(held.digest, held.record)


@asynccontextmanager
async def opened(
    settings: Settings,
    keys: SecretStr,
    nats: tuple[Client, JetStreamContext, KeyValue],
    sign_in: tuple[Pronote, EntTable, ZoneInfo],
    clock: Clock = time.time,
) -> AsyncIterator[GatewaySessions]:
    """The sessions of one replica; at the end they are handed over."""
    (client, js, kv), (pronote, portals, timezone) = nats, sign_in
    store = SessionStore(js, kv)
    leases = Leases(client, store, secrets.token_hex(8), settings.session_lease_s, clock)
    live = LiveSessions(Shelf(store, Sealer(keys), leases, pronote), store, clock)
    census = Census(
        store,
        per_host=settings.sessions_per_host,
        in_all=settings.sessions_in_all,
        per_user=settings.sessions_per_user,
    )
    sign_ins = SignIns(
        pronote,
        portals,
        live,
        census,
        clock=clock,
        label_key=key_of_labels(keys),
        allow_private=settings.allow_private_addresses,
        timezone=timezone,
    )
    caretaker = Caretaker(settings, live, store, leases=leases, census=census, clock=clock)
    stop_answering = await leases.answer(live.release)
    try:
        yield GatewaySessions(live, store, census, sign_ins, caretaker, leases)
    finally:
        await live.release_all()
        await stop_answering()
