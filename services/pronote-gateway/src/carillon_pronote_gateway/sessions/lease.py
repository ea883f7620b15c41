"""Who may use a session: one replica at a time, by compare-and-set on the session's place.

A lease has an end, so that a replica that died gives its sessions up. Replicas compare it with their own clocks, which
must agree to a few seconds (NTP). A living owner is asked to hand a session over.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import nats.errors
from carillon_kit.cancellation import end
from nats.aio.client import Client
from nats.aio.msg import Msg

from carillon_pronote_gateway.sessions.errors import ConflictError, SessionBusyError, SessionError, UnknownTokenError
from carillon_pronote_gateway.sessions.record import Place
from carillon_pronote_gateway.sessions.store import SessionStore

Clock = Callable[[], float]
"""Seconds since 1970."""

HANDOVER_TIMEOUT_S = 2.0
_PAUSE_S = 0.1


class Leases:
    """Takes, extends and hands over leases for one replica."""

    def __init__(self, client: Client, store: SessionStore, owner: str, lease_s: float, clock: Clock) -> None:
        self._client, self._store, self._clock = client, store, clock
        self.owner, self.lease_s = owner, lease_s

    def place(self, before: Place, **changes: float) -> Place:
        """A place that is ours from now on for the length of a lease."""
        return before.model_copy(update={**changes, "owner": self.owner, "until": self._clock() + self.lease_s})

    def is_free(self, place: Place) -> bool:
        """Whether nobody else may be using the session."""
        return place.owner in (None, self.owner) or place.until < self._clock()

    async def take(self, digest: str) -> tuple[Place, int]:
        """Become the owner; gives the place with its revision.

        Raises:
            UnknownTokenError: there is no such session.
            SessionBusyError: its owner does not give it up.
        """
        clock = asyncio.get_running_loop().time
        deadline = clock() + self.lease_s + HANDOVER_TIMEOUT_S
        while clock() < deadline:
            found = await self._store.place(digest)
            if found is None:
                raise UnknownTokenError
            place, revision = found
            if not self.is_free(place):
                if not await self._ask(place.owner or "", digest):
                    await asyncio.sleep(min(_PAUSE_S, self.lease_s / 10))
                continue
            ours = self.place(place)
            try:
                return ours, await self._store.write_place(digest, ours, revision)
            except ConflictError:
                continue
        raise SessionBusyError

    async def _ask(self, owner: str, digest: str) -> bool:
        """Ask a living owner to hand the session over; False when nobody answers (its lease will end)."""
        try:
            await self._client.request(_subject(owner), digest.encode(), timeout=HANDOVER_TIMEOUT_S)
        except (nats.errors.Error, TimeoutError):
            return False
        return True

    async def answer(self, release: Callable[[str], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Hand sessions over when other replicas ask; gives the function that ends this."""
        handing_over: set[asyncio.Task[None]] = set()

        async def hand_over(message: Msg) -> None:
            with contextlib.suppress(SessionError, nats.errors.Error):  # it is asked again, or the lease ends
                await release(message.data.decode())
                await message.respond(b"")

        async def on_request(message: Msg) -> None:
            # Each for itself: a session that is in use for long keeps no other one waiting.
            task = asyncio.create_task(hand_over(message))
            handing_over.add(task)
            task.add_done_callback(handing_over.discard)

        async def stop() -> None:
            await end(*handing_over)
            await subscription.unsubscribe()

        subscription = await self._client.subscribe(_subject(self.owner), cb=on_request)
        return stop


def _subject(owner: str) -> str:
    return f"pronote.handover.{owner}"
