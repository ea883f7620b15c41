"""Apply what sources say: one event in one transaction, or the snapshots of a read that change a week's courses.

The outcome is the same for any order and repetition of events: of each calendar's day the newest snapshot counts, and
of a course the newest observation among the calendars that show it. Events of one publisher are applied one after the
other, because their calendars share courses and groups.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from carillon_contracts.course import Course
from carillon_contracts.events import Observed, SourceFailed, SourceRead
from carillon_kit import bus, streams
from carillon_kit.cancellation import together
from nats.js import JetStreamContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carillon_timetable_api import (
    calendar_days,
    course_names,
    course_rows,
    former_courses,
    held_snapshots,
    journal,
    listed_groups,
    unnamed_sources,
)
from carillon_timetable_api.course_rows import Change, Known, Written
from carillon_timetable_api.database import LOST
from carillon_timetable_api.moves import moves, net
from carillon_timetable_api.naming import Names
from carillon_timetable_api.snapshot import Content, Seen, Settled, kind_of, show, withdraw

DURABLE = "timetable-api"
Said = Observed | SourceRead | SourceFailed
_LOOK_FOR_OVERDUE_EVERY_S = 10
_LOOK_FOR_UNNAMED_EVERY_S = 3600
_LONGEST_UNREAD = timedelta(hours=25)
"""Each week that a source shows is read at least once a day."""
_NOTIFY = text("notify carillon")
"""Of what readers may see; a snapshot that only waits is none of it, and leaves kept answers where they are."""
log = structlog.get_logger()


def read(subject: str, body: bytes) -> Said:
    """A message of the OBSERVED stream as an event; ValidationError if it is none."""
    if subject.startswith("source.read."):
        return SourceRead.model_validate_json(body)
    if subject.startswith("source.failed."):
        return SourceFailed.model_validate_json(body)
    return Observed.model_validate_json(body)


def _source_of(subject: str) -> str:
    parts = subject.split(".")
    return parts[2] if parts[0] == "source" else parts[1]


async def consume(engine: AsyncEngine, js: JetStreamContext, zone: ZoneInfo, named: Collection[str]) -> None:
    """Apply events as they come, until cancelled; `named` are the slugs in the sources file, none if it is unknown."""
    ingest = Ingest(engine, zone)
    taking_in = bus.consume(js, streams.OBSERVED, DURABLE, read, ingest, key=_source_of)
    await together(taking_in, _release_overdue(ingest), _withdraw_unnamed(ingest, named))


async def _release_overdue(ingest: "Ingest") -> None:
    while True:
        await asyncio.sleep(_LOOK_FOR_OVERDUE_EVERY_S)
        try:
            await ingest.release_overdue(held_snapshots.PATIENCE)
        except LOST as error:
            log.warning("held_snapshots_not_released", error=repr(error))


async def _withdraw_unnamed(ingest: "Ingest", named: Collection[str]) -> None:
    while named:
        try:
            await ingest.withdraw_unnamed(named, datetime.now(UTC))
        except LOST as error:
            log.warning("unnamed_sources_not_withdrawn", error=repr(error))
        await asyncio.sleep(_LOOK_FOR_UNNAMED_EVERY_S)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Which source says something, and when."""

    source_id: int
    slug: str
    publisher: str
    observed_at: datetime
    published_at: datetime | None = None
    ends_a_read: bool = False

    @property
    def at(self) -> datetime:
        """As published, else as observed."""
        return self.published_at or self.observed_at


class Ingest:
    """Applies events; `zone` decides which day a course is on."""

    def __init__(self, engine: AsyncEngine, zone: ZoneInfo) -> None:
        self._engine = engine
        self._zone = zone
        self._names = Names()

    async def __call__(self, event: Said) -> None:
        """Apply one event and commit it; a snapshot may first wait for the end of its read."""
        async with self._transaction(event.source.publisher) as connection:
            if isinstance(event, Observed):
                await self._observed(connection, event)
                return
            await self._release(connection, event.source.slug)
            if isinstance(event, SourceRead):
                await self._read(connection, event)
            else:
                await self._failed(connection, event)

    async def release_overdue(self, patience: timedelta) -> None:
        """Apply the snapshots that have waited so long for the end of their read."""
        for publisher, source in await held_snapshots.overdue(self._engine, patience):
            async with self._transaction(publisher) as connection:
                await self._release(connection, source)

    async def withdraw_unnamed(self, named: Collection[str], now: datetime) -> None:
        """Withdraw the sources that the sources file does not name, and that nobody has read for longer than a day."""
        for publisher, slug in await unnamed_sources.find(self._engine, named, now - _LONGEST_UNREAD):
            async with self._transaction(publisher) as connection:
                source_id = await unnamed_sources.withdraw(connection, slug, now - _LONGEST_UNREAD, now)
                if source_id is not None:
                    origin = _Origin(source_id, slug, publisher, now)
                    await self._withdraw(connection, origin, await calendar_days.every_calendar(connection, source_id))
                    log.warning("source_withdrawn", source=slug, reason="the sources file does not name it any more")

    @asynccontextmanager
    async def _transaction(self, publisher: str) -> AsyncIterator[AsyncConnection]:
        """One at a time for a publisher."""
        try:
            async with self._engine.begin() as connection:
                lock = "select pg_advisory_xact_lock(hashtextextended(:publisher, 0))"
                await connection.execute(text(lock), {"publisher": publisher})
                yield connection
        except BaseException:
            self._names.forget()
            raise

    async def _read(self, connection: AsyncConnection, event: SourceRead) -> None:
        source_id = await self._names.source(connection, event.source)
        query = """
            update source set
                last_read_at = :at, courses = :courses, skipped = :skipped,
                last_update_at = greatest(last_update_at, :published_at),
                withdrawn_at = null, failing_since = case when failed_at > :at then failing_since end
            where id = :id and (last_read_at is null or last_read_at < :at)"""
        values = {
            "id": source_id,
            "at": event.observed_at,
            "courses": event.courses,
            "skipped": event.skipped,
            "published_at": event.published_at,
        }
        is_newest = (await connection.execute(text(query), values)).rowcount > 0
        await self._list_groups(connection, event, source_id, is_newest=is_newest)
        origin = await self._origin(connection, event)
        await self._withdraw(connection, origin, await calendar_days.calendars(connection, source_id, event.gone))

    async def _list_groups(
        self, connection: AsyncConnection, event: SourceRead, source_id: int, *, is_newest: bool
    ) -> None:
        members: dict[int, set[int]] = {}
        for calendar in event.calendars:
            calendar_id = await self._names.calendar(connection, source_id, calendar)
            groups = await self._names.groups(connection, event.source.publisher, source_id, calendar.groups)
            members[calendar_id] = {group.id for group in groups.values()}
        pairs = [(calendar_id, group) for calendar_id, groups in members.items() for group in groups]
        await listed_groups.are_members(connection, pairs)
        if is_newest:
            today = event.observed_at.astimezone(self._zone).date()
            await listed_groups.leave_out(connection, members, pairs, today)

    async def _origin(self, connection: AsyncConnection, event: Observed | SourceRead) -> _Origin:
        source, source_id = event.source, await self._names.source(connection, event.source)
        times, ends_a_read = (event.observed_at, event.published_at), isinstance(event, SourceRead)
        return _Origin(source_id, source.slug, source.publisher, *times, ends_a_read=ends_a_read)

    async def _part(self, connection: AsyncConnection, origin: _Origin) -> list[Written]:
        """What calendars go on showing of courses that have moved for others was no move: these are two courses."""
        publisher, source_id = origin.publisher, origin.source_id
        until = origin.observed_at - _LONGEST_UNREAD if origin.ends_a_read else None
        written = list[Written]()
        for former in await former_courses.sightings(connection, publisher, source_id, until):
            calendar_id, ids = former.seen.calendar_id, (former.course_event_id, former.event_id)
            known = await course_rows.known_courses(connection, publisher, calendar_id, (), ids)
            moved = known[former.course_event_id]
            changes = [
                _change(former.course_event_id, moved, withdraw(moved.content, moved.sightings, calendar_id)),
                _shown(former.event_id, known.get(former.event_id), former.seen, former.content),
            ]
            written += await course_rows.write(connection, publisher, source_id, changes, at=origin.at)
        return written

    async def _withdraw(self, connection: AsyncConnection, origin: _Origin, calendars: Collection[int]) -> None:
        """Calendars that the source shows no longer: from that day on, nothing is known of them."""
        await listed_groups.leave_out_all(connection, calendars)
        written, publisher = list[Written](), origin.publisher
        today = origin.observed_at.astimezone(self._zone).date()
        for calendar_id in calendars:
            days = await calendar_days.forget(connection, calendar_id, today, origin.observed_at)
            known = await course_rows.known_courses(connection, publisher, calendar_id, days, ())
            changes = _changes({}, known, calendar_id, origin.observed_at)
            written += await course_rows.write(connection, publisher, origin.source_id, changes, at=origin.at)
        await self._tell(connection, origin, written)

    async def _failed(self, connection: AsyncConnection, event: SourceFailed) -> None:
        await connection.execute(_NOTIFY)
        source_id = await self._names.source(connection, event.source)
        query = """
            update source set
                failed_at = :at, failure_code = :code, failure_fr = :fr, failure_en = :en, withdrawn_at = null,
                failing_since = case
                    when last_read_at > :at then failing_since else coalesce(failing_since, :at) end
            where id = :id and (failed_at is null or failed_at < :at)"""
        values = {
            "id": source_id,
            "at": event.failed_at,
            "code": event.code,
            "fr": event.reason_fr,
            "en": event.reason_en,
        }
        await connection.execute(text(query), values)

    async def _observed(self, connection: AsyncConnection, event: Observed) -> None:
        source_id = await self._names.source(connection, event.source)
        calendar_id = await self._names.calendar(connection, source_id, event.calendar)
        if await held_snapshots.must_wait(connection, calendar_id, event):
            if await held_snapshots.hold(connection, event) >= held_snapshots.MOST:
                await self._release(connection, event.source.slug)
        else:
            await self._tell(connection, await self._origin(connection, event), await self._apply(connection, event))

    async def _release(self, connection: AsyncConnection, source: str) -> None:
        """Apply a source's snapshots that wait. One that fails goes on waiting, and the others are applied."""
        last, written = None, list[Written]()
        for event in await held_snapshots.release(connection, source):
            try:
                async with connection.begin_nested():
                    written += await self._apply(connection, event)
                last = event
            except Exception:
                log.exception("held_snapshot_failed", subject=event.subject)
                self._names.forget()
                await held_snapshots.hold(connection, event)
        if last is not None:
            await self._tell(connection, await self._origin(connection, last), written)

    async def _tell(self, connection: AsyncConnection, origin: _Origin, written: list[Written]) -> None:
        """Write down what one source has changed, up to then, and let the commit be made known."""
        await connection.execute(_NOTIFY)
        source_id, observed_at = origin.source_id, origin.observed_at
        if origin.ends_a_read or any(change.is_dropped for change in written):
            written = [*written, *await self._part(connection, origin)]
        changes = net(written)
        still_shown = {calendar_id for change in changes if change.is_dropped for calendar_id in change.shown_by}
        stale = await former_courses.stale_calendars(connection, still_shown, source_id, observed_at)
        moved = moves(changes, observed_at, stale)
        await former_courses.become(connection, moved, origin.at)
        ended = {course for move in moved for course in (move.gone.course_id, move.come.course_id)}
        told = [change for change in changes if change.course_id not in ended and change.kind is not None]
        told += [change for move in moved if (change := move.as_change()) is not None]
        await journal.write(connection, origin.slug, source_id, told, self._names, at=observed_at)
        await course_names.remember(connection, (change.after.name for change in told))

    async def _apply(self, connection: AsyncConnection, event: Observed) -> list[Written]:
        """Let the rows say what a snapshot shows, where nothing newer was applied."""
        publisher = event.source.publisher
        source_id = await self._names.source(connection, event.source)
        calendar_id = await self._names.calendar(connection, source_id, event.calendar)
        days = await calendar_days.newer(connection, calendar_id, event.days, event.observed_at)
        if not days:
            return []
        shown = await self._contents(connection, event, source_id, days)
        known = await course_rows.known_courses(connection, publisher, calendar_id, days, shown)
        changes = _changes(shown, known, calendar_id, event.observed_at)
        listed = {group for content, _ in shown.values() for group in content.groups}
        await listed_groups.are_shown(connection, calendar_id, listed)
        at = event.published_at or event.observed_at
        written = await course_rows.write(connection, publisher, source_id, changes, at=at)
        if written and event.published_at is None:
            query = "update source set last_update_at = greatest(last_update_at, :at) where id = :id"
            await connection.execute(text(query), {"at": at, "id": source_id})
        log.info("snapshot_applied", subject=event.subject, shown=len(shown), changed=len(written), days=len(days))
        return written

    async def _contents(
        self, connection: AsyncConnection, event: Observed, source_id: int, days: frozenset[date]
    ) -> dict[str, tuple[Content, date]]:
        """What the snapshot shows on these days, by event id, with our ids for groups and rooms."""
        placed = [(course, course.begin.astimezone(self._zone).date()) for course in event.courses]
        placed = [(course, day) for course, day in placed if day in days]
        said = {group for course, _ in placed for group in course.groups}
        groups = await self._names.groups(connection, event.source.publisher, source_id, said)
        rooms = await self._names.rooms(connection, {room for course, _ in placed for room in course.rooms})

        def content(course: Course) -> Content:
            return Content(
                begin=course.begin.astimezone(UTC),
                end=course.end.astimezone(UTC),
                name=course.name,
                type=course.type,
                notes=course.notes,
                groups=_ids(groups[group].id for group in course.groups if group in groups),
                rooms=_ids(rooms[room].id for room in course.rooms),
                teachers=course.teachers,
                cancelled=course.status == "cancelled",
            )

        return {course.event_id: (content(course), day) for course, day in placed}


def _ids(found: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(found)))


def _changes(
    shown: dict[str, tuple[Content, date]], known: dict[str, Known], calendar_id: int, observed_at: datetime
) -> list[Change]:
    """What has to be written so that the rows say what the snapshot says."""
    changes = []
    for event_id, (content, day) in shown.items():
        changes.append(_shown(event_id, known.get(event_id), Seen(calendar_id, day, observed_at), content))
    for event_id, row in known.items():
        if event_id not in shown and any(seen.calendar_id == calendar_id for seen in row.sightings):
            changes.append(_change(event_id, row, withdraw(row.content, row.sightings, calendar_id)))
    return changes


def _shown(event_id: str, row: Known | None, seen: Seen, content: Content) -> Change:
    return _change(event_id, row, show(row.content if row else None, row.sightings if row else (), seen, content))


def _change(event_id: str, row: Known | None, settled: Settled) -> Change:
    return Change(event_id, row, settled, kind_of(row.content if row else None, settled.content))
