"""The journal: a row for each difference, numbered in the order of the commits, so that nothing is read too late."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from carillon_kit import correlation
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.course_rows import Written
from carillon_timetable_api.naming import Names
from carillon_timetable_api.snapshot import Content

_LOCK = 7_240_002
"""Held from the first number taken to the commit: a lower number is never committed after a higher one was read."""


async def write(
    connection: AsyncConnection,
    source: str,
    source_id: int,
    written: Sequence[Written],
    names: Names,
    *,
    at: datetime,
) -> None:
    """Write down what changed; the last thing a transaction does, since the journal's lock is held until its end.

    `at` is when it was seen. The moments written down never go back, and grow by whole seconds where the clock allows
    it: a feed's Last-Modified, which knows only seconds, tells any two transactions apart.
    """
    if not written:
        return
    query = """
        insert into journal (at, kind, course_id, source_id, source, group_ids, room_ids, before, after, correlation_id)
        select greatest(:at, (select greatest(at, least(at + interval '1 second', clock_timestamp()))
                              from journal order by number desc limit 1)),
            kind, course_id, :source_id, :source, group_ids, room_ids,
            nullif(before, 'null'), nullif(after, 'null'), :correlation_id
        from jsonb_to_recordset(cast(cast(:rows as text) as jsonb))
            as r(kind text, course_id int, group_ids int[], room_ids int[], before jsonb, after jsonb)"""
    values = {
        "at": at,
        "source_id": source_id,
        "source": source,
        "correlation_id": correlation.current(),
        "rows": json.dumps(await _rows(connection, written, names)),
    }
    # A statement of its own: the next one then sees what was committed while this one waited.
    await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    await connection.execute(text(query), values)


async def _rows(connection: AsyncConnection, written: Sequence[Written], names: Names) -> list[dict[str, Any]]:
    """The changes with groups and rooms by name, as `carillon_contracts.events.CourseState` has them."""
    contents = [content for change in written for content in (change.before, change.after) if content is not None]
    groups = await names.of_ids(connection, "student_group", {id_ for content in contents for id_ in content.groups})
    rooms = await names.of_ids(connection, "room", {id_ for content in contents for id_ in content.rooms})

    def state(content: Content | None) -> dict[str, Any] | None:
        if content is None:
            return None
        named = {"groups": [groups[id_] for id_ in content.groups], "rooms": [rooms[id_] for id_ in content.rooms]}
        return content.as_json() | named

    return [
        {
            "kind": change.kind,
            "course_id": change.course_id,
            "group_ids": _all_ids(change, "groups"),
            "room_ids": _all_ids(change, "rooms"),
            "before": state(change.before),
            "after": state(change.after),
        }
        for change in written
    ]


def _all_ids(change: Written, of: Literal["groups", "rooms"]) -> list[int]:
    """The groups or rooms that the course had before or has after."""
    before: tuple[int, ...] = getattr(change.before, of) if change.before else ()
    after: tuple[int, ...] = getattr(change.after, of)
    return sorted({*before, *after})
