"""Every read of the REST API: a list or an item is one SQL statement that gives its JSON.

A list's statement says whether its owner exists and counts all its rows, and cuts the page before it gathers what hangs
on each row. Courses that are cancelled are in no list. A course belongs to the day and week in which it begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carillon_timetable_api import coverage, json_in_sql, schemas
from carillon_timetable_api.coverage import Concerned
from carillon_timetable_api.data_age import Freshness
from carillon_timetable_api.database import Statement, fetch_row, statement_of
from carillon_timetable_api.pagination import Paging


@dataclass(frozen=True)
class Rows:
    """Which rows, what is read of them (SQL fragments), and the `item` that each becomes.

    `owner` is the table of whose items it is a list (bound as `:owner`), `details` are read for the page's rows only.
    `concerns` says which calendars a list of courses depends on, `one_concerns` which a single course does; both are
    None for what is no course.
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
    one_concerns: Concerned | None = None

    def where_also(self, condition: str, owner: str | None = None, concerns: Concerned | None = None) -> "Rows":
        """Only those that meet a further condition."""
        where = f"{self.where} and {condition}"
        concerns = concerns or self.concerns
        return replace(self, where=where, owner=owner or self.owner, is_whole_table=False, concerns=concerns)


@dataclass(frozen=True, slots=True)
class Found:
    """The items of a page as JSON with commas between them, and how many there are in all; 0 also beyond the last."""

    items: str
    count: int
    freshness: Freshness | None = None


_BIG = {name: bindparam(name, type_=BigInteger) for name in ("id", "owner")}
"""Ids are bound as 64 bits: a path may hold a number that no id of ours can have."""

_GROUP_COLUMNS = (
    "g.id, g.name, g.celcat_name, g.mention, g.semester, g.subgroup, g.slug, g.hidden, g.source_id as source"
)
_GROUPS_OF_COURSE = json_in_sql.array(f"""
    select {_GROUP_COLUMNS} from course_group cg join student_group g on g.id = cg.group_id
    where cg.course_id = page.id order by g.id""")  # noqa: S608 - no outside text
_ROOMS_OF_COURSE = json_in_sql.array("""
    select r.id, r.name, r.slug from course_room cr join room r on r.id = cr.room_id
    where cr.course_id = page.id order by r.id""")
_OF_GROUP_OR_ANCESTOR = """c.id in (
    select course_id from course_group where group_id = any(array(
        select :owner union all select a.ancestor_id from group_ancestor a where a.group_id = :owner)))"""
"""The groups become an array first: joined to them, all rows of `course_group` are gone through."""

_OF_SOURCE_IN_USE = "t.source_id in (select id from source where withdrawn_at is null)"
YEARS = Rows(
    schemas.Year,
    "y.id, y.name, y.slug",
    "year y",
    'lower(y.name) collate "C", y.id',
    f"""(not exists (select from timetable t where t.year_id = y.id)
        or exists (select from timetable t where t.year_id = y.id and {_OF_SOURCE_IN_USE}))""",  # noqa: S608 - no outside text
)
TIMETABLES = Rows(
    schemas.Timetable,
    "t.id, t.name, t.slug, t.year_id as year, t.source_id as source",
    "timetable t",
    't.year_id, t.sort_name collate "C", t.id',
    _OF_SOURCE_IN_USE,
)
_TIMETABLES_BY_NAME = replace(TIMETABLES, order='t.sort_name collate "C", t.id')
TIMETABLES_OF_YEAR = _TIMETABLES_BY_NAME.where_also("t.year_id = :owner", "year")
TIMETABLES_OF_SOURCE = _TIMETABLES_BY_NAME.where_also("t.source_id = :owner", "source")
SOURCES = Rows(schemas.Source, "s.id, s.url, s.last_update_at as last_update_date", "source s", "s.id")
GROUPS = Rows(schemas.Group, _GROUP_COLUMNS, "student_group g", 'g.sort_name collate "C", g.id')
GROUPS_OF_TIMETABLE = GROUPS.where_also(
    "g.id in (select cg.group_id from calendar_group cg join calendar k on k.id = cg.calendar_id"
    " join timetable t on t.source_id = k.source_id where t.id = :owner and cg.is_listed)",
    "timetable",
)
ROOMS = Rows(schemas.Room, "r.id, r.name, r.slug", "room r", 'r.sort_name collate "C", r.id')
COURSES = Rows(
    schemas.Course,
    'c.id, c.name, c.type, c.notes, c.begin, c."end", c.last_update, c.source_id as source',
    "course c",
    "c.begin, c.id",
    "c.cancelled_at is null",
    details=f", {_GROUPS_OF_COURSE} as groups, {_ROOMS_OF_COURSE} as rooms",
    is_whole_table=True,
    concerns=coverage.EVERYTHING,
    one_concerns=coverage.OF_COURSE,
)
_IN_PERIOD = "c.begin >= :begin and c.begin < :end"
COURSES_OF_GROUP = COURSES.where_also(
    _OF_GROUP_OR_ANCESTOR, "student_group", coverage.of_groups("array[cast(:owner as bigint)]")
)
COURSES_OF_GROUP_IN_PERIOD = COURSES_OF_GROUP.where_also(_IN_PERIOD)
COURSES_OF_ROOM = COURSES.where_also("c.id in (select course_id from course_room where room_id = :owner)", "room")
COURSES_OF_ROOM_IN_PERIOD = COURSES_OF_ROOM.where_also(_IN_PERIOD)


def _items(rows: Rows, page: str) -> str:
    """The rows of the query `page`, as `found`, each with the `item` that is shown of it."""
    shown = json_in_sql.members(rows.item, "found")
    return f"(select page.*{rows.details} from ({page}) page) found cross join lateral (select {shown}) item"  # noqa: S608 - no outside text


@cache
def page_of(rows: Rows) -> Statement:
    """One row: whether the owner is known, how old the data are, the number of all items, and the page's as JSON."""
    # A filtered list is gone through once for page and count; of a whole table the page comes straight from the index.
    every = f"(select count(*) from {rows.tables} where {rows.where})"  # noqa: S608 - no outside text
    page = f"""
        select {rows.columns}, {every if rows.is_whole_table else "count(*) over ()"} as count,
            row_number() over (order by {rows.order}) as position
        from {rows.tables} where {rows.where}
        order by {rows.order} limit :limit offset :offset"""  # noqa: S608 - no outside text
    return _list_of(rows, "max(found.count)", json_in_sql.items("item", "order by found.position"), _items(rows, page))


@cache
def _weeks_of(rows: Rows) -> Statement:
    """The same of the weeks in which courses begin: each is the moment at which it begins itself."""
    weeks = f"(select distinct date_trunc('week', begin) as begin from {rows.tables} where {rows.where}) week"  # noqa: S608 - no outside text
    begins = f"string_agg(cast(to_json({json_in_sql.moment('begin')}) as text), ',' order by begin)"
    return _list_of(rows, "count(*)", begins, weeks)


def _list_of(rows: Rows, count: str, items: str, tables: str) -> Statement:
    """`count` and `items` are aggregates over `tables`."""
    known = f"exists (select from {rows.owner} where id = :owner)" if rows.owner else "true"
    fresh = f"cross join ({rows.concerns.freshness}) fresh" if rows.concerns else ""
    return _statement(f"""
        select owner.known, {"fresh.*, " if rows.concerns else ""}list.*
        from (select {known} as known) owner {fresh}
        cross join (select coalesce({count}, 0) as count, coalesce({items}, '') as items from {tables}) list""")  # noqa: S608 - no outside text


@cache
def _one_of(rows: Rows) -> Statement:
    one = f"select {rows.columns} from {rows.tables} where {rows.where} and {rows.tables.split()[1]}.id = :id"  # noqa: S608 - no outside text
    fresh = f"cross join ({rows.one_concerns.freshness}) fresh" if rows.one_concerns else ""
    item = json_in_sql.items("item")
    return _statement(f"select * from (select {item} as item from {_items(rows, one)}) one {fresh}")  # noqa: S608 - no outside text


def _statement(query: str) -> Statement:
    return statement_of(text(query).bindparams(*(big for name, big in _BIG.items() if f":{name}" in query)))


async def find(engine: AsyncEngine, rows: Rows, paging: Paging, values: Mapping[str, Any]) -> Found | None:
    """A page of a list, `values` bound to the names in its conditions; None if there is no such owner."""
    bound = {"limit": paging.limit, "offset": paging.offset, **values}
    return _found(rows, await fetch_row(engine, page_of(rows), bound))


async def find_weeks(engine: AsyncEngine, rows: Rows, values: Mapping[str, Any]) -> Found | None:
    """When the weeks begin in which there are such courses; None if there is no such owner."""
    return _found(rows, await fetch_row(engine, _weeks_of(rows), values))


def _found(rows: Rows, row: Mapping[str, Any]) -> Found | None:
    if not row["known"]:
        return None
    return Found(row["items"], row["count"], _freshness(rows.concerns, row))


def _freshness(concerned: Concerned | None, row: Mapping[str, Any]) -> Freshness | None:
    return Freshness(row["read_at"], tuple(row["failing"] or ())) if concerned else None


async def find_one(engine: AsyncEngine, rows: Rows, wanted: int) -> Found | None:
    """One item by its id; None if nothing has it."""
    row = await fetch_row(engine, _one_of(rows), {"id": wanted})
    return None if row["item"] is None else Found(row["item"], 1, _freshness(rows.one_concerns, row))


async def find_name(connection: AsyncConnection, table: str, wanted: int) -> str | None:
    """The name of a row of one of our tables, None if there is no such row."""
    query = text(f"select name from {table} where id = :id").bindparams(_BIG["id"])  # noqa: S608 - our own names
    name: str | None = (await connection.execute(query, {"id": wanted})).scalar()
    return name


async def find_instance(connection: AsyncConnection) -> str:
    """The UUID that tells this instance from all others."""
    instance: str = (await connection.execute(text("select id from instance"))).scalar_one()
    return instance
