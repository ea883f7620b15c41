"""Snapshots that wait for the rest of their read, so that a course that moved between weeks is told as one change.

Only those wait that withdraw a course or show a new one; the read's end (`source.read`, `source.failed`) lets them be
applied together. A read that does not end, because the scraper was stopped, holds them for `PATIENCE` at most; one that
changes nearly everything is applied `MOST` at a time, so that no transaction is endless.
"""

from collections.abc import Sequence
from datetime import timedelta

from carillon_contracts.events import Observed
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

PATIENCE = timedelta(seconds=60)
MOST = 200


async def must_wait(connection: AsyncConnection, calendar_id: int, event: Observed) -> bool:
    """Whether the rest of the read may tell more of what this snapshot changes.

    Not where the calendar is new, whose courses are all new; nor once the read has ended.
    """
    query = """
        select exists (select from calendar_day where calendar_id = :calendar_id and observed_at < :at)
            and not exists (select from source where slug = :source and greatest(last_read_at, failed_at) >= :at)
            and array(select cast(coalesce(s.event_id, c.event_id) as text)
                from sighting s join course c on c.id = s.course_id
                where s.calendar_id = :calendar_id and s.day = any(:days) order by 1)
            <> array(select unnest(cast(:event_ids as text[])) order by 1)"""
    values = {
        "calendar_id": calendar_id,
        "at": event.observed_at,
        "source": event.source.slug,
        "days": list(event.days),
        "event_ids": [course.event_id for course in event.courses],
    }
    return bool((await connection.execute(text(query), values)).scalar_one())


async def hold(connection: AsyncConnection, event: Observed) -> int:
    """Keep a snapshot; of two of the same days the newer one. Gives how many of its source now wait."""
    query = """
        insert into held_snapshot (subject, source, publisher, observed_at, held_at, body)
        values (:subject, :source, :publisher, :observed_at, now(), :body)
        on conflict (subject) do update set publisher = excluded.publisher, observed_at = excluded.observed_at,
            held_at = excluded.held_at, body = excluded.body
        where held_snapshot.observed_at <= excluded.observed_at"""
    values = {
        "subject": event.subject,
        "source": event.source.slug,
        "publisher": event.source.publisher,
        "observed_at": event.observed_at,
        "body": event.model_dump_json(),
    }
    await connection.execute(text(query), values)
    query = "select count(*) from held_snapshot where source = :source"
    waiting: int = (await connection.execute(text(query), {"source": event.source.slug})).scalar_one()
    return waiting


async def release(connection: AsyncConnection, source: str) -> list[Observed]:
    """Take out what a source's snapshots are that wait, oldest first."""
    query = "delete from held_snapshot where source = :source returning body"
    bodies: Sequence[str] = (await connection.execute(text(query), {"source": source})).scalars().all()
    events = [Observed.model_validate_json(body) for body in bodies]
    return sorted(events, key=lambda event: (event.observed_at, event.subject))


async def overdue(engine: AsyncEngine, patience: timedelta) -> list[tuple[str, str]]:
    """The publishers and sources whose snapshots have waited long enough."""
    query = "select distinct publisher, source from held_snapshot where held_at <= now() - cast(:patience as interval)"
    async with engine.connect() as connection:
        rows = await connection.execute(text(query), {"patience": patience})
        return [(row.publisher, row.source) for row in rows]
