"""Courses of users who signed in with `publish: true`: their class's, once an hour, while their session lives."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from carillon_contracts.course import Source
from carillon_pronote import Session
from carillon_pronote.errors import PronoteError
from slugify import slugify

from carillon_pronote_gateway.publishing.class_snapshots import ClassSnapshots, Watched
from carillon_pronote_gateway.sessions.errors import SessionError
from carillon_pronote_gateway.sessions.gateway_sessions import GatewaySessions

EVERY = timedelta(hours=1)
WEEKS = 2
log = structlog.get_logger()


class PublishedSessions:
    """Looks for sessions whose turn it is."""

    def __init__(self, sessions: GatewaySessions, snapshots: ClassSnapshots, clock: Callable[[], datetime]) -> None:
        self._sessions, self._snapshots, self._clock = sessions, snapshots, clock
        self._due: dict[str, datetime] = {}

    async def run(self, check_s: float) -> None:
        """Publish until cancelled."""
        while True:
            await self.publish_due()
            await asyncio.sleep(check_s)

    async def publish_due(self) -> None:
        """Publish for every consenting session whose turn it is."""
        now = self._clock()
        known = dict(self._sessions.census.all())
        self._due = {digest: due for digest, due in self._due.items() if digest in known}
        for digest, record in known.items():
            if record.publish and self._due.get(digest, now) <= now:
                self._due[digest] = now + EVERY
                try:
                    if await self._is_ours(digest):
                        await self._publish(digest, now)
                except SessionError as error:
                    log.info("publishing_put_off", error=str(error))
                except Exception:  # one bad session must not end the others'
                    log.exception("publishing_crashed")

    async def _is_ours(self, digest: str) -> bool:
        """Whether this replica used the session last, or nobody does any longer: one replica publishes it."""
        found = await self._sessions.store.place(digest)
        return found is not None and (found[0].owner == self._sessions.leases.owner or found[0].owner is None)

    async def _publish(self, digest: str, now: datetime) -> None:
        async with self._sessions.live.use(digest, by_user=False) as held:
            session = held.session
            source = source_of(session)
            try:
                await self._snapshots.read(session, Watched(source, session.pupil(), WEEKS, with_teachers=False), now)
            except PronoteError as error:
                await self._snapshots.failed(source, error, now)


def source_of(session: Session) -> Source:
    """The class as a source: its host is the publisher, so that two users of a class publish the same."""
    parts = urlsplit(session.channel.state.root)
    pupil = session.pupil()
    return Source(
        slug=slugify(f"pronote {parts.hostname} {pupil.class_name}")[:63].strip("-"),
        format="pronote",
        url=session.channel.state.root,
        publisher=parts.netloc.lower(),
        year=pupil.class_name or "Pronote",
        timetable=session.facts.establishment or "Pronote",
    )
