"""The names that courses have or had, each once: what a search for a name looks through instead of all courses."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.naming import sort_name

_INSERT = text("insert into course_name (name, sort_name) values (:name, :sort_name) on conflict (name) do nothing")


async def remember(connection: AsyncConnection, names: Iterable[str]) -> None:
    """Add what is new. Two transactions must not do so at once: the journal's lock is held by the caller."""
    wanted = sorted(set(names))
    query = "select name from course_name where name = any(:names)"
    known = set((await connection.execute(text(query), {"names": wanted})).scalars()) if wanted else set()
    if rows := [{"name": name, "sort_name": sort_name(name)} for name in wanted if name not in known]:
        await connection.execute(_INSERT, rows)
