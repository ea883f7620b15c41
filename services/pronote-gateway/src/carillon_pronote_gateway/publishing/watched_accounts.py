"""Reads the accounts of the sources file, each in its own time."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from carillon_kit import correlation
from carillon_kit.quiet_hours import is_quiet
from carillon_kit.sources_file import Institution
from carillon_pronote import AccountKind, Pronote
from carillon_pronote.ent import EntTable, PortalSignIn, VisitLimits
from carillon_pronote.errors import (
    EntUnknownError,
    PronoteError,
    SignInRefusedError,
    SuspendedAddressError,
    TwoFactorNeededError,
    WrongCredentialsError,
)

from carillon_pronote_gateway import addresses
from carillon_pronote_gateway.publishing import politeness
from carillon_pronote_gateway.publishing.class_snapshots import ClassSnapshots, Watched
from carillon_pronote_gateway.publishing.entry import PronoteEntry
from carillon_pronote_gateway.settings import Settings

HOPELESS = (WrongCredentialsError, SignInRefusedError, EntUnknownError, TwoFactorNeededError)
"""Trying again would only get the account or our address suspended: a person has to mend the sources file."""

TELL_AGAIN_S = 10.0
_QUIET_CHECK = timedelta(minutes=5)
log = structlog.get_logger()


class WatchedAccount:
    """One account."""

    def __init__(
        self,
        entry: PronoteEntry,
        institution: Institution,
        settings: Settings,
        snapshots: ClassSnapshots,
        *,
        sign_in: tuple[Pronote, EntTable],
        clock: Callable[[], datetime],
    ) -> None:
        self._entry, self._institution, self._settings, self._snapshots = entry, institution, settings, snapshots
        self._pronote, self._portals, self._clock = *sign_in, clock
        self._chance = random.Random(entry.slug)
        self._suspensions = 0

    async def run(self) -> None:
        """Read until cancelled, or until it is hopeless."""
        while True:
            now = self._clock()
            local = now.astimezone(self._institution.timezone)
            if is_quiet(local.time(), self._settings.quiet_hours):
                await asyncio.sleep(_QUIET_CHECK.total_seconds())
                continue
            correlation.begin()
            if not await self._read_once(now):
                return
            every = politeness.pause(
                self._entry.every, local, self._entry.zone, self._settings.watch_jitter, self._chance
            )
            rest = politeness.rest(self._suspensions) if self._suspensions else timedelta()
            await asyncio.sleep(max(every, rest).total_seconds())

    async def _read_once(self, now: datetime) -> bool:
        """Read and publish; False when there is no sense in going on."""
        try:
            await self._read(now)
        except PronoteError as error:
            log.warning("watched_account_failed", source=self._entry.slug, code=error.code)
            self._suspensions = self._suspensions + 1 if isinstance(error, SuspendedAddressError) else 0
            await self._tell(error, now)
            return not isinstance(error, HOPELESS)
        except Exception:  # one bad week must not end the watch
            log.exception("watched_account_crashed", source=self._entry.slug)
            return True
        self._suspensions = 0
        return True

    async def _tell(self, failure: PronoteError, now: datetime) -> None:
        """Publish a failure, however long it takes: while events cannot be published, reading is of no use."""
        while True:
            try:
                return await self._snapshots.failed(self._entry.source(), failure, now)
            except Exception:  # NATS is away: this must not end the watch
                log.exception("failure_not_published", source=self._entry.slug)
                await asyncio.sleep(TELL_AGAIN_S)

    async def _read(self, now: datetime) -> None:
        entry = self._entry
        portal = self._portals.get(entry.cas)
        limits = VisitLimits(allow_http=self._settings.allow_private_addresses)
        await addresses.check(entry.address, allow_private=self._settings.allow_private_addresses)
        session = await self._pronote.sign_in(
            entry.address,
            entry.username.get_secret_value(),
            entry.password.get_secret_value(),
            AccountKind.named(entry.account),
            ent=None if portal.is_direct else PortalSignIn(portal, limits),
            timezone=self._institution.timezone,
        )
        session.opened.again = None
        try:
            watched = Watched(entry.source(), session.pupil(entry.student), entry.weeks, entry.publish_teachers)
            await self._snapshots.read(session, watched, now)
        finally:
            with contextlib.suppress(PronoteError):  # it ends there by itself
                await session.logout()
