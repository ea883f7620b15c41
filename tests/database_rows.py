"""What the timetable API has written, read past it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


async def rows(engine: AsyncEngine, query: str, **values) -> list[tuple]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query), values)]


async def value(engine: AsyncEngine, query: str, **values):
    ((found,),) = await rows(engine, query, **values)
    return found


async def kinds(engine: AsyncEngine) -> list[str]:
    """The kinds of all changes, in order."""
    return [kind for (kind,) in await rows(engine, "select kind from journal order by number")]


async def truncate(engine: AsyncEngine) -> None:
    """Leave no source, course or change; an `Ingest` from before must not be used again."""
    tables = "course, calendar, source, room, student_group, year, journal, held_snapshot"
    async with engine.begin() as connection:
        await connection.execute(text(f"truncate {tables} cascade"))
