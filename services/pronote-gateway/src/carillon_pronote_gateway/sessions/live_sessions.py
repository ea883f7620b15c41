"""Every session of this replica: opened when its token comes, used, kept alive, parked, ended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import structlog
from carillon_kit.sealing import SealBrokenError
from carillon_pronote.errors import PronoteError, ProtocolError

from carillon_pronote_gateway.sessions.errors import ConflictError, SessionError, UnknownTokenError
from carillon_pronote_gateway.sessions.held import Held, Shelf
from carillon_pronote_gateway.sessions.lease import Clock
from carillon_pronote_gateway.sessions.record import Record, Secrets
from carillon_pronote_gateway.sessions.store import SessionStore

log = structlog.get_logger()


class LiveSessions:
    """The sessions in memory, by digest."""

    def __init__(self, shelf: Shelf, store: SessionStore, clock: Clock) -> None:
        self._shelf, self._store, self._clock = shelf, store, clock
        self._held: dict[str, Held] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def __len__(self) -> int:
        return len(self._held)

    def digests(self) -> tuple[str, ...]:
        """Those in memory."""
        return tuple(self._held)

    async def add(self, digest: str, record: Record, secrets: Secrets) -> None:
        """Keep a session that was just signed in."""
        self._held[digest] = await self._shelf.put(digest, record, secrets, self._clock())

    @asynccontextmanager
    async def use(self, digest: str, *, by_user: bool = True) -> AsyncIterator[Held]:
        """A session for one request; what the request changed is written before the block is left.

        With `by_user` false it does not count as a sign of life of the user.

        Raises:
            UnknownTokenError: the session has ended.
            SessionError: it cannot be used just now.
        """
        held = await self._ours(digest)
        held.users += 1
        held.idle.clear()
        try:
            yield held
        finally:
            try:
                await self._write(held, self._clock() if by_user else held.place.used)
            finally:
                held.users -= 1
                if not held.users:
                    held.idle.set()

    def _lock(self, digest: str) -> asyncio.Lock:
        """What is held while a session is opened or handed over; it is gone when nobody holds it or waits for it."""
        return self._locks.setdefault(digest, asyncio.Lock())

    async def _ours(self, digest: str) -> Held:
        async with self._lock(digest):
            held = self._held.get(digest)
            if held is not None and held.place.until > self._clock():
                return held
            if held is not None:  # our lease has ended; nobody may have noticed
                try:
                    await self._shelf.write(held, held.place.used)
                except ConflictError:
                    self._drop(held)
                else:
                    return held
            try:
                held = await self._shelf.open(digest)
            except (SealBrokenError, ProtocolError) as error:  # under another key, or of another version's format
                log.warning("session_unreadable", error=str(error))
                raise UnknownTokenError from error
            self._held[digest] = held
            return held

    async def _write(self, held: Held, used: float) -> None:
        if self._held.get(held.digest) is not held:
            return
        try:
            await self._shelf.write(held, used)
        except ConflictError:  # it has ended, or another replica took it after our lease
            self._drop(held)

    def _drop(self, held: Held) -> None:
        held.session.close()
        if self._held.get(held.digest) is held:
            del self._held[held.digest]

    async def set_kept_alive(self, held: Held, *, wanted: bool) -> None:
        """Choose whether the gateway keeps the session alive.

        Raises:
            ConflictError: it was changed elsewhere; the next use reads it anew.
        """
        if held.record.kept_alive == wanted:
            return
        try:
            await self._shelf.change(held, kept_alive=wanted)
        except ConflictError:
            self._drop(held)
            raise

    async def end(self, digest: str) -> None:
        """End a session everywhere: at Pronote, in the bucket, here."""
        try:
            held = await self._ours(digest)
        except UnknownTokenError:
            await self._store.forget(digest)
            return
        await self._store.forget(digest)
        try:
            await held.session.logout()
        except PronoteError as error:  # it ends there by itself
            log.info("logout_failed", code=error.code)
        self._drop(held)

    async def release(self, digest: str) -> None:
        """Hand a session over to another replica, when nothing is under way."""
        async with self._lock(digest):
            held = self._held.get(digest)
            if held is None:
                return
            await held.idle.wait()  # until then its lease is extended, so that nobody else takes it
            if self._held.pop(digest, None) is held:
                await self._shelf.give_up(held)

    async def release_all(self) -> None:
        """Hand every session over: this replica stops."""
        for digest in self.digests():
            with contextlib.suppress(SessionError):
                await self.release(digest)

    async def extend(self) -> None:
        """Begin the lease of sessions anew that are being used for long."""
        for held in [held for held in self._held.values() if held.users]:
            with contextlib.suppress(SessionError):
                await self._write(held, held.place.used)

    def park(self, unused_s: float) -> None:
        """Forget what nobody uses; the bucket has it all."""
        oldest = self._clock() - unused_s
        for held in list(self._held.values()):
            if not held.users and held.place.used < oldest and held.digest not in self._locks:
                self._drop(held)
