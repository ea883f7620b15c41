"""Sources that the sources file names no longer, once nobody reads them: what they said of days to come is withdrawn.

Such a source stays a row, since courses of the past refer to it, with the moment of its withdrawal; as soon as it is
read again it is as any other. Answers depend no longer on a source that is withdrawn, and its timetable is not listed.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_UNREAD = """
    withdrawn_at is null and greatest(last_read_at, failed_at, (
        select max(d.observed_at) from calendar_day d join calendar k on k.id = d.calendar_id
        where k.source_id = source.id)) < :unread_since"""
"""Somebody may read it with a newer sources file than ours."""


async def find(engine: AsyncEngine, named: Collection[str], unread_since: datetime) -> list[tuple[str, str]]:
    """The publishers and slugs of sources that are not among the named ones, and unread since then."""
    query = f"select publisher, slug from source where not slug = any(:named) and {_UNREAD} order by id"  # noqa: S608 - no outside text
    async with engine.connect() as connection:
        rows = await connection.execute(text(query), {"named": list(named), "unread_since": unread_since})
        return [(row.publisher, row.slug) for row in rows]


async def withdraw(connection: AsyncConnection, slug: str, unread_since: datetime, now: datetime) -> int | None:
    """Note that a source is withdrawn; gives its id, None if it was read meanwhile or another process was faster."""
    query = f"update source set withdrawn_at = :now, failing_since = null where slug = :slug and {_UNREAD} returning id"  # noqa: S608 - no outside text
    values = {"slug": slug, "unread_since": unread_since, "now": now}
    found: int | None = (await connection.execute(text(query), values)).scalar_one_or_none()
    return found
