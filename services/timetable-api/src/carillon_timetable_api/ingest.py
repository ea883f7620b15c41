"""Apply what sources say, one event in one transaction.

The outcome is the same for any order and repetition of events: of each calendar's day the newest snapshot counts, and
of a course the newest observation among the calendars that show it. Events of one publisher are applied one after the
other, because their calendars share courses and groups.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import structlog
from carillon_contracts.course import Course
from carillon_contracts.events import Observed, SourceFailed, SourceRead
from carillon_kit import bus, streams
from nats.js import JetStreamContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carillon_timetable_api import course_names, course_rows, journal
from carillon_timetable_api.course_rows import Change, Known
from carillon_timetable_api.naming import Names
from carillon_timetable_api.snapshot import Content, Seen, Settled, kind_of, show, withdraw

DURABLE = "timetable-api"
Said = Observed | SourceRead | SourceFailed
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


async def consume(engine: AsyncEngine, js: JetStreamContext, zone: ZoneInfo) -> None:
    """Apply events as they come, until cancelled."""
    ingest = Ingest(engine, zone)
    await bus.consume(js, streams.OBSERVED, DURABLE, read, ingest, key=_source_of)


class Ingest:
    """Applies events; `zone` decides which day a course is on."""

    def __init__(self, engine: AsyncEngine, zone: ZoneInfo) -> None:
        self._engine = engine
        self._zone = zone
        self._names = Names()

    async def __call__(self, event: Said) -> None:
        """Apply one event and commit it."""
        try:
            async with self._engine.begin() as connection:
                lock = "select pg_advisory_xact_lock(hashtextextended(:publisher, 0))"
                await connection.execute(text(lock), {"publisher": event.source.publisher})
                if isinstance(event, Observed):
                    await self._observed(connection, event)
                elif isinstance(event, SourceRead):
                    await self._read(connection, event)
                else:
                    await self._failed(connection, event)
                await connection.execute(text("notify carillon"))
        except BaseException:
            self._names.forget()
            raise

    async def _read(self, connection: AsyncConnection, event: SourceRead) -> None:
        source_id = await self._names.source(connection, event.source)
        query = """
            update source set
                last_read_at = :at, courses = :courses, skipped = :skipped,
                last_update_at = greatest(last_update_at, :published_at),
                failing_since = case when failed_at > :at then failing_since end
            where id = :id and (last_read_at is null or last_read_at < :at)"""
        values = {
            "id": source_id,
            "at": event.observed_at,
            "courses": event.courses,
            "skipped": event.skipped,
            "published_at": event.published_at,
        }
        await connection.execute(text(query), values)
        for calendar in event.calendars:
            calendar_id = await self._names.calendar(connection, source_id, calendar)
            groups = await self._names.groups(connection, event.source.publisher, source_id, calendar.groups)
            await self._names.list_groups(connection, calendar_id, (group.id for group in groups.values()))

    async def _failed(self, connection: AsyncConnection, event: SourceFailed) -> None:
        source_id = await self._names.source(connection, event.source)
        query = """
            update source set
                failed_at = :at, failure_code = :code, failure_fr = :fr, failure_en = :en,
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
        publisher = event.source.publisher
        source_id = await self._names.source(connection, event.source)
        calendar_id = await self._names.calendar(connection, source_id, event.calendar)
        days = await course_rows.newer_days(connection, calendar_id, event.days, event.observed_at)
        if not days:
            return
        shown = await self._contents(connection, event, source_id, days)
        known = await course_rows.known_courses(connection, publisher, calendar_id, days, shown)
        changes = _changes(shown, known, calendar_id, event.observed_at)
        listed = {group for content, _ in shown.values() for group in content.groups}
        await self._names.list_groups(connection, calendar_id, listed)
        at = event.published_at or event.observed_at
        written = await course_rows.write(connection, publisher, source_id, changes, at=at)
        if written and event.published_at is None:
            query = "update source set last_update_at = greatest(last_update_at, :at) where id = :id"
            await connection.execute(text(query), {"at": at, "id": source_id})
        await journal.write(connection, event.source.slug, source_id, written, self._names, at=event.observed_at)
        await course_names.remember(connection, (change.after.name for change in written))
        log.info("snapshot_applied", subject=event.subject, shown=len(shown), changed=len(written), days=len(days))

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
        row = known.get(event_id)
        seen = Seen(calendar_id, day, observed_at)
        settled = show(row.content if row else None, row.sightings if row else (), seen, content)
        changes.append(_change(event_id, row, settled))
    for event_id, row in known.items():
        if event_id not in shown and any(seen.calendar_id == calendar_id for seen in row.sightings):
            changes.append(_change(event_id, row, withdraw(row.content, row.sightings, calendar_id)))
    return changes


def _change(event_id: str, row: Known | None, settled: Settled) -> Change:
    return Change(event_id, row, settled, kind_of(row.content if row else None, settled.content))
