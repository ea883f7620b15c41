"""The days that calendars have spoken for, and when: an older observation of a day changes nothing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def newer(
    connection: AsyncConnection, calendar_id: int, days: Sequence[date], observed_at: datetime
) -> frozenset[date]:
    """The days for which nothing newer was applied; from now on they are this observation's."""
    query = """
        insert into calendar_day (calendar_id, day, observed_at)
        select :calendar_id, unnest(cast(:days as date[])), :observed_at
        on conflict (calendar_id, day) do update set observed_at = excluded.observed_at
        where calendar_day.observed_at < excluded.observed_at
        returning day"""
    values = {"calendar_id": calendar_id, "days": list(days), "observed_at": observed_at}
    return frozenset((await connection.execute(text(query), values)).scalars())


async def calendars(connection: AsyncConnection, source_id: int, keys: Collection[str]) -> Sequence[int]:
    """The ids of a source's calendars that we have, of these keys."""
    if not keys:
        return ()
    query = "select id from calendar where source_id = :source_id and key = any(:keys) order by id"
    values = {"source_id": source_id, "keys": list(keys)}
    return (await connection.execute(text(query), values)).scalars().all()


async def every_calendar(connection: AsyncConnection, source_id: int) -> Sequence[int]:
    """The ids of all calendars that a source ever showed."""
    query = "select id from calendar where source_id = :source_id order by id"
    return (await connection.execute(text(query), {"source_id": source_id})).scalars().all()


async def forget(connection: AsyncConnection, calendar_id: int, first: date, observed_at: datetime) -> frozenset[date]:
    """Take back that a calendar has spoken for the days from the first on, before this observation; gives them."""
    query = """
        delete from calendar_day where calendar_id = :calendar_id and day >= :first and observed_at < :observed_at
        returning day"""
    values = {"calendar_id": calendar_id, "first": first, "observed_at": observed_at}
    return frozenset((await connection.execute(text(query), values)).scalars())
