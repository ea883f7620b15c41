"""Courses and their sightings as rows: what an event needs to know, and what it changes. Many rows a statement."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from carillon_contracts.events import ChangeKind
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.snapshot import Content, Seen, Settled


@dataclass(frozen=True, slots=True)
class Known:
    """A course that we have, cancelled ones included."""

    id: int
    content: Content
    sightings: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one course; `kind` is None where only its sightings change."""

    event_id: str
    known: Known | None
    settled: Settled
    kind: ChangeKind | None

    @property
    def before(self) -> Content | None:
        """What the row held."""
        return self.known.content if self.known else None

    @property
    def is_dropped(self) -> bool:
        """Whether a calendar showed it, as the course that it is, that shows it no longer."""
        return not {seen.calendar_id for seen in _seen_before(self) if seen.event_id is None} <= self.shown_by

    @property
    def shown_by(self) -> frozenset[int]:
        """The calendars that show it now."""
        return frozenset(seen.calendar_id for seen in self.settled.sightings)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of a course; `kind` is None where only the calendars that show it are others."""

    course_id: int
    event_id: str
    kind: ChangeKind | None
    before: Content | None
    after: Content
    is_dropped: bool
    shown_by: frozenset[int]
    """Calendars; by some even if as cancelled."""


_KNOWN = """
    select c.id, c.event_id, c.begin, c."end", c.name, c.type, c.notes, c.teachers,
           c.cancelled_at is not null as cancelled,
           array(select group_id from course_group where course_id = c.id order by 1) as groups,
           array(select room_id from course_room where course_id = c.id order by 1) as rooms,
           (select json_agg(json_build_array(s.calendar_id, s.day, s.observed_at, s.content, s.event_id))
            from sighting s where s.course_id = c.id) as sightings
    from course c
    where c.id in (
        select id from course where publisher = :publisher and event_id = any(:event_ids)
        union select course_id from sighting where calendar_id = :calendar_id and day = any(:days))"""


async def known_courses(
    connection: AsyncConnection, publisher: str, calendar_id: int, days: Collection[date], event_ids: Iterable[str]
) -> dict[str, Known]:
    """The courses of these event ids, and those that the calendar showed on these days, by event id."""
    values = {
        "publisher": publisher, "calendar_id": calendar_id, "days": list(days), "event_ids": list(event_ids),
    }  # fmt: skip
    rows = (await connection.execute(text(_KNOWN), values)).mappings()
    return {row["event_id"]: Known(row["id"], _content(row), _sightings(row["sightings"])) for row in rows}


def _content(row: Any) -> Content:
    return Content(
        begin=row["begin"],
        end=row["end"],
        name=row["name"],
        type=row["type"],
        notes=row["notes"],
        groups=tuple(row["groups"]),
        rooms=tuple(row["rooms"]),
        teachers=tuple(row["teachers"]),
        cancelled=row["cancelled"],
    )


def _sightings(rows: list[list[Any]] | None) -> tuple[Seen, ...]:
    return tuple(
        Seen(
            calendar_id,
            date.fromisoformat(day),
            datetime.fromisoformat(observed_at),
            Content.from_json(content) if content else None,
            event_id,
        )
        for calendar_id, day, observed_at, content, event_id in rows or ()
    )


async def write(
    connection: AsyncConnection, publisher: str, source_id: int, changes: list[Change], *, at: datetime
) -> list[Written]:
    """Write rows, their groups and rooms, and the sightings; gives what changed for a reader of the API."""
    added = [change for change in changes if change.known is None]
    ids = {change.event_id: change.known.id for change in changes if change.known is not None}
    ids |= await _insert(connection, publisher, source_id, added, at)
    differing = [change for change in changes if change.known is not None and change.kind is not None]
    await update(
        connection, [(ids[change.event_id], change.event_id, change.settled.content) for change in differing], at
    )
    changed = [(ids[change.event_id], change) for change in (*added, *differing)]
    await _link_groups(connection, changed)
    await _link_rooms(connection, changed)
    await _write_sightings(connection, [(ids[change.event_id], change) for change in changes])
    return [
        Written(
            course_id=ids[change.event_id],
            event_id=change.event_id,
            kind=change.kind,
            before=change.before,
            after=change.settled.content,
            is_dropped=change.is_dropped,
            shown_by=change.shown_by,
        )
        for change in changes
        if change.kind is not None or change.shown_by != {seen.calendar_id for seen in _seen_before(change)}
    ]


_RECORD = """jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as r(
    id int, event_id text, begin timestamptz, "end" timestamptz, name text, type text, notes text, teachers text[],
    cancelled bool)"""


async def _insert(
    connection: AsyncConnection, publisher: str, source_id: int, changes: list[Change], at: datetime
) -> dict[str, int]:
    if not changes:
        return {}
    query = f"""
        insert into course (publisher, source_id, event_id, begin, "end", name, type, notes, teachers, cancelled_at,
                            last_update, version)
        select :publisher, :source_id, r.event_id, r.begin, r."end", r.name, r.type, r.notes, r.teachers,
               case when r.cancelled then cast(:at as timestamptz) end, :at, 0
        from {_RECORD} returning event_id, id"""  # noqa: S608 - our own text
    rows = [{"event_id": change.event_id, **change.settled.content.as_json()} for change in changes]
    values = {"publisher": publisher, "source_id": source_id, "at": at, "rows": json.dumps(rows)}
    result = await connection.execute(text(query), values)
    return {row.event_id: row.id for row in result}


async def update(connection: AsyncConnection, courses: Iterable[tuple[int, str, Content]], at: datetime) -> None:
    """Write what courses hold now: their ids, event ids and contents."""
    rows = [{"id": id_, "event_id": event_id, **content.as_json()} for id_, event_id, content in courses]
    if not rows:
        return
    query = f"""
        update course c set event_id = r.event_id, begin = r.begin, "end" = r."end", name = r.name, type = r.type,
            notes = r.notes, teachers = r.teachers, last_update = greatest(c.last_update, :at),
            version = c.version + 1,
            cancelled_at = case when r.cancelled then coalesce(c.cancelled_at, :at) end
        from {_RECORD} where c.id = r.id"""  # noqa: S608 - our own text
    await connection.execute(text(query), {"at": at, "rows": json.dumps(rows)})


async def _link_groups(connection: AsyncConnection, changed: list[tuple[int, Change]]) -> None:
    """Write the courses' groups where they differ; a group that has courses is shown."""
    linked = await _link(connection, "course_group", "group_id", changed, lambda content: content.groups)
    if linked:
        query = "update student_group set hidden = false where hidden and id = any(:ids)"
        await connection.execute(text(query), {"ids": sorted(linked)})


async def _link_rooms(connection: AsyncConnection, changed: list[tuple[int, Change]]) -> None:
    """Write the courses' rooms where they differ."""
    await _link(connection, "course_room", "room_id", changed, lambda content: content.rooms)


async def _link(
    connection: AsyncConnection,
    table: str,
    column: str,
    changed: list[tuple[int, Change]],
    ids_of: Callable[[Content], tuple[int, ...]],
) -> set[int]:
    """Replace what these courses are linked to where it differs; gives all that is linked now."""
    before = {course_id: ids_of(change.known.content) if change.known else () for course_id, change in changed}
    after = {course_id: ids_of(change.settled.content) for course_id, change in changed}
    differing = [course_id for course_id in after if before[course_id] != after[course_id]]
    if cleared := [course_id for course_id in differing if before[course_id]]:
        query = f"delete from {table} where course_id = any(:ids)"  # noqa: S608 - our own names
        await connection.execute(text(query), {"ids": cleared})
    pairs = [(course_id, linked) for course_id in differing for linked in after[course_id]]
    if pairs:
        query = f"""
            insert into {table} (course_id, {column})
            select unnest(cast(:courses as int[])), unnest(cast(:linked as int[]))"""
        values = {"courses": [course_id for course_id, _ in pairs], "linked": [linked for _, linked in pairs]}
        await connection.execute(text(query), values)
    return {linked for _, linked in pairs}


async def _write_sightings(connection: AsyncConnection, changes: list[tuple[int, Change]]) -> None:
    before = {(course_id, seen.calendar_id): seen for course_id, change in changes for seen in _seen_before(change)}
    after = {(course_id, seen.calendar_id): seen for course_id, change in changes for seen in change.settled.sightings}
    gone = before.keys() - after.keys()
    if gone:
        query = """
            delete from sighting
            using unnest(cast(:courses as int[]), cast(:calendars as int[])) gone (course, calendar)
            where course_id = course and calendar_id = calendar"""
        pairs = sorted(gone)
        values = {"courses": [course for course, _ in pairs], "calendars": [calendar for _, calendar in pairs]}
        await connection.execute(text(query), values)
    rows = [
        {
            "course_id": course_id,
            "calendar_id": seen.calendar_id,
            "day": seen.day.isoformat(),
            "observed_at": seen.observed_at.isoformat(),
            "content": seen.content and seen.content.as_json(),
            "event_id": seen.event_id,
        }
        for (course_id, _), seen in after.items()
        if before.get((course_id, seen.calendar_id)) != seen
    ]
    if rows:
        query = """
            insert into sighting (course_id, calendar_id, day, observed_at, content, event_id)
            select course_id, calendar_id, day, observed_at, nullif(content, 'null'), event_id from jsonb_to_recordset(
                cast(cast(:rows as text) as jsonb)) as r(
                course_id int, calendar_id int, day date, observed_at timestamptz, content jsonb, event_id text)
            on conflict (course_id, calendar_id) do update set day = excluded.day, observed_at = excluded.observed_at,
                content = excluded.content, event_id = excluded.event_id"""
        await connection.execute(text(query), {"rows": json.dumps(rows)})


def _seen_before(change: Change) -> tuple[Seen, ...]:
    return change.known.sightings if change.known else ()
