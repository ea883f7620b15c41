"""What courses were before they moved: some calendars go on showing it until they are read anew."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import course_rows
from carillon_timetable_api.course_rows import Written
from carillon_timetable_api.snapshot import Content, Seen


@dataclass(frozen=True, slots=True)
class Former:
    """What a calendar shows under another event id than the course that this has become."""

    event_id: str
    course_event_id: str
    seen: Seen
    content: Content


async def become(connection: AsyncConnection, moves: Collection[tuple[Written, Written]], at: datetime) -> None:
    """Let courses that went be the ones that came: rows, which others know by their ids, take on the new contents.

    Calendars that still show what went go on showing it, as what the course was.
    """
    if not moves:
        return
    values = {"gone": [gone.course_id for gone, _ in moves], "come": [come.course_id for _, come in moves]}
    for table in ("course_group", "course_room"):
        query = f"delete from {table} where course_id = any(:gone)"  # noqa: S608 - our own names
        await connection.execute(text(query), {"gone": values["gone"]})
    await _spell_out(connection, [gone for gone, _ in moves if gone.shown_by])
    for table in ("course_group", "course_room", "sighting"):
        query = f"""
            update {table} set course_id = gone
            from unnest(cast(:gone as int[]), cast(:come as int[])) as move (gone, come)
            where course_id = come"""  # noqa: S608 - our own names
        await connection.execute(text(query), values)
    await connection.execute(text("delete from course where id = any(:come)"), {"come": values["come"]})
    await course_rows.update(connection, [(gone.course_id, come.event_id, come.after) for gone, come in moves], at)


async def _spell_out(connection: AsyncConnection, courses: Collection[Written]) -> None:
    """Write beside the sightings of courses what the courses were."""
    query = """
        update sighting s set event_id = coalesce(s.event_id, r.event_id), content = coalesce(s.content, r.content)
        from jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as r(id int, event_id text, content jsonb)
        where s.course_id = r.id"""
    rows = [{"id": one.course_id, "event_id": one.event_id, "content": one.after.as_json()} for one in courses]
    if rows:
        await connection.execute(text(query), {"rows": json.dumps(rows)})


async def stale_calendars(
    connection: AsyncConnection, calendars: Collection[int], source_id: int, at: datetime
) -> frozenset[int]:
    """Those of the calendars that other sources than this one have, which were last read before."""
    if not calendars:
        return frozenset()
    query = """
        select k.id from calendar k join source s on s.id = k.source_id
        where k.id = any(:ids) and s.id <> :source_id and s.last_read_at < :at"""
    values = {"ids": list(calendars), "source_id": source_id, "at": at}
    return frozenset((await connection.execute(text(query), values)).scalars())


async def sightings(
    connection: AsyncConnection, publisher: str, source_id: int, until: datetime | None
) -> list[Former]:
    """Those of courses that no calendar shows as what they became; and the source's, of courses that did so by then."""
    query = """
        select s.calendar_id, s.event_id, s.day, s.observed_at, s.content, c.event_id as course_event_id
        from sighting s join course c on c.id = s.course_id join calendar k on k.id = s.calendar_id
        where s.event_id is not null and c.publisher = :publisher and not exists (
            select from sighting o where o.course_id = s.course_id and o.event_id is null
            and (k.source_id <> :source_id or cast(:until as timestamptz) is null or o.observed_at > :until))
        order by s.observed_at, s.calendar_id, s.event_id"""
    values = {"publisher": publisher, "source_id": source_id, "until": until}
    return [
        Former(
            row.event_id,
            row.course_event_id,
            Seen(row.calendar_id, row.day, row.observed_at),
            Content.from_json(row.content),
        )
        for row in await connection.execute(text(query), values)
    ]
