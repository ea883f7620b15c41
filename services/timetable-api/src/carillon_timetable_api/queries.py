"""Every read of the REST API: a list or an item is one SQL statement that gives plain rows.

A list's statement says whether its owner exists and counts all its rows, and cuts the page before it gathers what hangs
on each row. Courses that are cancelled are in no list. A course belongs to the day and week in which it begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Executable, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import coverage, schemas
from carillon_timetable_api.coverage import Concerned
from carillon_timetable_api.data_age import Freshness
from carillon_timetable_api.pagination import Paging


@dataclass(frozen=True)
class Rows:
    """Which rows, what is read of them (SQL fragments), and the `item` that each becomes.

    `owner` is the table of whose items it is a list (bound as `:owner`), `details` are read for the page's rows only.
    `concerns` says which calendars a list of courses depends on, and is None for what is no list of courses.
    """

    item: type
    columns: str
    tables: str
    order: str
    where: str = "true"
    owner: str | None = None
    details: str = ""
    is_whole_table: bool = False
    concerns: Concerned | None = None

    def where_also(self, condition: str, owner: str | None = None, concerns: Concerned | None = None) -> "Rows":
        """Only those that meet a further condition."""
        where = f"{self.where} and {condition}"
        concerns = concerns or self.concerns
        return replace(self, where=where, owner=owner or self.owner, is_whole_table=False, concerns=concerns)


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a page, and how many there are in all; 0 also for a page beyond the last."""

    rows: list[dict[str, Any]]
    count: int
    freshness: Freshness | None = None


_BIG = {name: bindparam(name, type_=BigInteger) for name in ("id", "owner")}
"""Ids are bound as 64 bits: a path may hold a number that no id of ours can have."""

_GROUP_COLUMNS = (
    "g.id, g.name, g.celcat_name, g.mention, g.semester, g.subgroup, g.slug, g.hidden, g.source_id as source"
)
_GROUPS_OF_COURSE = """, (
    select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name, 'celcat_name', g.celcat_name,
        'mention', g.mention, 'semester', g.semester, 'subgroup', g.subgroup, 'slug', g.slug, 'hidden', g.hidden,
        'source', g.source_id) order by g.id), '[]')
    from course_group cg join student_group g on g.id = cg.group_id where cg.course_id = page.id) as groups"""
_ROOMS_OF_COURSE = """, (
    select coalesce(json_agg(json_build_object('id', r.id, 'name', r.name, 'slug', r.slug) order by r.id), '[]')
    from course_room cr join room r on r.id = cr.room_id where cr.course_id = page.id) as rooms"""
_OF_GROUP_OR_ANCESTOR = """c.id in (
    select course_id from course_group where group_id = any(array(
        select :owner union all select a.ancestor_id from group_ancestor a where a.group_id = :owner)))"""
"""The groups become an array first: joined to them, all rows of `course_group` are gone through."""

YEARS = Rows(schemas.Year, "y.id, y.name, y.slug", "year y", 'lower(y.name) collate "C", y.id')
TIMETABLES = Rows(
    schemas.Timetable,
    "t.id, t.name, t.slug, t.year_id as year, t.source_id as source",
    "timetable t",
    't.year_id, t.sort_name collate "C", t.id',
)
_TIMETABLES_BY_NAME = replace(TIMETABLES, order='t.sort_name collate "C", t.id')
TIMETABLES_OF_YEAR = _TIMETABLES_BY_NAME.where_also("t.year_id = :owner", "year")
TIMETABLES_OF_SOURCE = _TIMETABLES_BY_NAME.where_also("t.source_id = :owner", "source")
SOURCES = Rows(schemas.Source, "s.id, s.url, s.last_update_at as last_update_date", "source s", "s.id")
SOURCE_STATES = Rows(
    schemas.SourceStatus,
    "s.id, s.slug, s.last_read_at as last_read, s.failing_since, s.failed_at, s.failure_code, s.failure_fr, "
    "s.failure_en, s.courses, s.skipped, covered.first as covered_from, covered.last as covered_until",
    "source s left join lateral (select min(d.day) as first, max(d.day) as last from calendar_day d"
    " join calendar k on k.id = d.calendar_id where k.source_id = s.id) covered on true",
    "s.id",
)
GROUPS = Rows(schemas.Group, _GROUP_COLUMNS, "student_group g", 'g.sort_name collate "C", g.id')
GROUPS_OF_TIMETABLE = GROUPS.where_also(
    "g.id in (select cg.group_id from calendar_group cg join calendar k on k.id = cg.calendar_id"
    " join timetable t on t.source_id = k.source_id where t.id = :owner)",
    "timetable",
)
ROOMS = Rows(schemas.Room, "r.id, r.name, r.slug", "room r", 'r.sort_name collate "C", r.id')
COURSES = Rows(
    schemas.Course,
    'c.id, c.name, c.type, c.notes, c.begin, c."end", c.last_update, c.source_id as source',
    "course c",
    "c.begin, c.id",
    "c.cancelled_at is null",
    details=_GROUPS_OF_COURSE + _ROOMS_OF_COURSE,
    is_whole_table=True,
    concerns=coverage.EVERYTHING,
)
_IN_PERIOD = "c.begin >= :begin and c.begin < :end"
COURSES_OF_GROUP = COURSES.where_also(
    _OF_GROUP_OR_ANCESTOR, "student_group", coverage.of_groups("array[cast(:owner as bigint)]")
)
COURSES_OF_GROUP_IN_PERIOD = COURSES_OF_GROUP.where_also(_IN_PERIOD)
COURSES_OF_ROOM = COURSES.where_also("c.id in (select course_id from course_room where room_id = :owner)", "room")
COURSES_OF_ROOM_IN_PERIOD = COURSES_OF_ROOM.where_also(_IN_PERIOD)


@cache
def _page_of(rows: Rows) -> Executable:
    known = f"exists (select from {rows.owner} where id = :owner)" if rows.owner else "true"
    # A filtered list is gone through once for page and count; of a whole table the page comes straight from the index.
    every = f"(select count(*) from {rows.tables} where {rows.where})"  # noqa: S608 - no outside text
    fresh = f"cross join ({rows.concerns.freshness}) fresh" if rows.concerns else ""
    statement = text(f"""
        select owner.known, {"fresh.*, " if rows.concerns else ""}page.*{rows.details}
        from (select {known} as known) owner {fresh}
        left join (
            select {rows.columns}, {every if rows.is_whole_table else "count(*) over ()"} as count,
                row_number() over (order by {rows.order}) as position
            from {rows.tables} where {rows.where}
            order by {rows.order} limit :limit offset :offset) page on owner.known
        order by page.position""")  # noqa: S608 - no outside text
    bound = statement.bindparams(_BIG["owner"]) if rows.owner else statement
    return _with_details(bound, rows)


@cache
def _one_of(rows: Rows) -> Executable:
    statement = text(f"""
        select page.*{rows.details}
        from (select {rows.columns} from {rows.tables} where {rows.where} and {rows.tables.split()[1]}.id = :id) page
        """)  # noqa: S608 - no outside text
    return _with_details(statement.bindparams(_BIG["id"]), rows)


def _with_details(statement: TextClause, rows: Rows) -> Executable:
    return statement.columns(groups=JSON(), rooms=JSON()) if rows.details else statement


async def find(connection: AsyncConnection, rows: Rows, paging: Paging, values: Mapping[str, Any]) -> Found | None:
    """A page of a list, `values` bound to the names in its conditions; None if there is no such owner."""
    bound = {"limit": paging.limit, "offset": paging.offset, **values}
    found = (await connection.execute(_page_of(rows), bound)).mappings().all()
    if not found[0]["known"]:
        return None
    rows_found = [dict(row) for row in found if row["position"] is not None]
    freshness = Freshness(found[0]["read_at"], tuple(found[0]["failing"] or ())) if rows.concerns else None
    return Found(rows_found, rows_found[0]["count"] if rows_found else 0, freshness)


async def find_one(connection: AsyncConnection, rows: Rows, wanted: int) -> dict[str, Any] | None:
    """One item by its id."""
    row = (await connection.execute(_one_of(rows), {"id": wanted})).mappings().one_or_none()
    return dict(row) if row is not None else None


_MONDAYS_OF_GROUP = text(f"""
    select weeks.monday
    from (select exists (select from student_group where id = :owner) as known) owner
    left join (
        select distinct date_trunc('week', c.begin at time zone :zone)::date as monday from course c
        where {COURSES_OF_GROUP.where}) weeks on true
    where owner.known order by weeks.monday""").bindparams(_BIG["owner"])  # noqa: S608 - no outside text


async def find_mondays(connection: AsyncConnection, group: int, zone: str) -> list[date] | None:
    """The Mondays of the weeks in which a group or an ancestor has courses; None if there is no such group."""
    found = (await connection.execute(_MONDAYS_OF_GROUP, {"owner": group, "zone": zone})).scalars().all()
    return [monday for monday in found if monday is not None] if found else None


async def find_name(connection: AsyncConnection, table: str, wanted: int) -> str | None:
    """The name of a row of one of our tables, None if there is no such row."""
    query = text(f"select name from {table} where id = :id").bindparams(_BIG["id"])  # noqa: S608 - our own names
    name: str | None = (await connection.execute(query, {"id": wanted})).scalar()
    return name


async def find_instance(connection: AsyncConnection) -> str:
    """The UUID that tells this instance from all others."""
    instance: str = (await connection.execute(text("select id from instance"))).scalar_one()
    return instance
