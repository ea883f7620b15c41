"""What happens to sessions while nobody asks: leases extended, kept alive, parked, ended when idle."""

import asyncio
from collections import defaultdict

import structlog
from carillon_kit.cancellation import end
from carillon_pronote.errors import PronoteError

from carillon_pronote_gateway.sessions.census import Census
from carillon_pronote_gateway.sessions.errors import SessionError, StoreUnavailableError, UnknownTokenError
from carillon_pronote_gateway.sessions.lease import Clock, Leases
from carillon_pronote_gateway.sessions.live_sessions import LiveSessions
from carillon_pronote_gateway.sessions.record import Record
from carillon_pronote_gateway.sessions.store import SessionStore
from carillon_pronote_gateway.settings import Settings

log = structlog.get_logger()


class Caretaker:
    """Looks after the sessions of this replica, and after those whose replica has gone."""

    def __init__(
        self,
        settings: Settings,
        live: LiveSessions,
        store: SessionStore,
        *,
        leases: Leases,
        census: Census,
        clock: Clock,
    ) -> None:
        self._settings, self._live, self._store = settings, live, store
        self._leases, self._census, self._clock = leases, census, clock
        self._used: dict[str, float] = {}
        self._rounds: dict[str, asyncio.Task[None]] = {}

    async def extend_leases(self) -> None:
        """Begin the leases of sessions in use anew, until cancelled."""
        while True:
            await asyncio.sleep(self._leases.lease_s / 3)
            await self._live.extend()

    async def sweep_often(self) -> None:
        """Look at every session again and again, until cancelled."""
        try:
            while True:
                try:
                    await self._begin_rounds()
                except SessionError as error:
                    log.warning("sweep_failed", error=repr(error))
                await asyncio.sleep(self._settings.session_sweep_s)
        finally:
            await end(*self._rounds.values())

    async def _begin_rounds(self) -> None:
        """Look at every session; those of one host one after the other, so that a slow school delays only its own."""
        self._live.park(self._settings.session_park_s)
        await self._census.look()
        known = dict(self._census.all())
        self._used = {digest: used for digest, used in self._used.items() if digest in known}
        at_host: defaultdict[str, list[str]] = defaultdict(list)
        for digest, record in known.items():
            at_host[record.host].append(digest)
        for host in at_host.keys() - self._rounds.keys():
            self._rounds[host] = asyncio.create_task(self._round(host, [(one, known[one]) for one in at_host[host]]))

    async def _round(self, host: str, sessions: list[tuple[str, Record]]) -> None:
        try:
            for digest, record in sessions:
                await self._look_after_alone(digest, record)
        except StoreUnavailableError as error:
            log.warning("sweep_failed", error=repr(error))
        finally:
            del self._rounds[host]

    async def _look_after_alone(self, digest: str, record: Record) -> None:
        try:
            await self._look_after(digest, record)
        except UnknownTokenError:
            self._census.forget(digest)
        except StoreUnavailableError:
            raise
        except SessionError as error:
            log.info("session_not_looked_after", error=repr(error))
        except Exception:  # one bad session must not end the looking after the others
            log.exception("session_care_crashed")

    async def _look_after(self, digest: str, record: Record) -> None:
        settings = self._settings
        limit = settings.session_keep_alive_s if record.kept_alive else settings.session_idle_s
        if self._clock() < self._used.get(digest, 0.0) + limit:  # it was used after this, if anything
            return
        found = await self._store.place(digest)
        if found is None:
            return
        self._used[digest] = found[0].used
        if not self._leases.is_free(found[0]) or self._clock() < found[0].used + limit:
            return
        if record.kept_alive:
            await self._keep_alive(digest)
            return
        await self._live.end(digest)
        self._census.forget(digest)
        log.info("session_idle_ended")

    async def _keep_alive(self, digest: str) -> None:
        """As in pronote-api, the first failure ends the keeping alive."""
        async with self._live.use(digest) as held:
            if not held.record.kept_alive:  # changed at another replica meanwhile
                self._census.note(digest, held.record)
                return
            try:
                await held.session.keep_alive()
            except PronoteError as error:
                log.info("keep_alive_failed", code=error.code)
                await self._live.set_kept_alive(held, wanted=False)
                self._census.note(digest, held.record)
