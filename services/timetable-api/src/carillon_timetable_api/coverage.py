"""Which calendars and sources an answer depends on, and which days they have spoken for.

A day is covered once each source concerned has spoken for it, through a calendar that shows what is asked about. On
any other day nothing is known, which is not the same as nothing being planned. Sources that are withdrawn (see
`unnamed_sources`) are not concerned.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.data_age import Freshness


@dataclass(frozen=True, slots=True)
class Concerned:
    """SQL that gives the ids of calendars and sources; what its names are bound to comes with the list's values."""

    calendars: str
    sources: str

    @property
    def freshness(self) -> str:
        """One row about these sources."""
        return f"""
            select min(s.last_read_at) as read_at,
                array_agg(s.slug order by s.slug) filter (where s.failing_since is not null) as failing
            from source s where s.withdrawn_at is null and s.id in ({self.sources})"""  # noqa: S608 - no outside text


EVERYTHING = Concerned("select id from calendar", "select id from source")
OF_SOURCES = Concerned(
    "select id from calendar where source_id = any(cast(:sources as int[]))", "select unnest(cast(:sources as int[]))"
)

OF_COURSE = Concerned(
    "select calendar_id from sighting where course_id = :id",
    "select k.source_id from sighting s join calendar k on k.id = s.calendar_id where s.course_id = :id",
)


def of_groups(ids: str) -> Concerned:
    """What shows these groups or the ones above them; `ids` is SQL that gives an array of their ids."""
    calendars = f"""
        select l.calendar_id from calendar_group l where l.is_listed and l.group_id in (
            select unnest({ids}) union select a.ancestor_id from group_ancestor a where a.group_id = any({ids}))"""  # noqa: S608 - no outside text
    return Concerned(calendars, f"select k.source_id from calendar k where k.id in ({calendars})")  # noqa: S608


def of(groups: Collection[int] | None, rooms: Collection[int] | None = None) -> tuple[Concerned, dict[str, Any]]:
    """What any of these groups and rooms rest on, with the values of its names; all sources may use a room."""
    if rooms or groups is None:
        return EVERYTHING, {}
    return of_groups("cast(:groups as int[])"), {"groups": sorted(groups)}


async def find_freshness(connection: AsyncConnection, concerned: Concerned, values: Mapping[str, Any]) -> Freshness:
    """How old what the sources concerned have said is, and which of them fail."""
    row = (await connection.execute(text(concerned.freshness), values)).one()
    return Freshness(row.read_at, tuple(row.failing or ()))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The covered days of a span, and whether a source concerned is failing."""

    days: frozenset[date]
    is_any_failing: bool


async def find(
    connection: AsyncConnection, concerned: Concerned, values: Mapping[str, Any], first: date, last: date
) -> Coverage:
    """The coverage from the first to the last day, both included."""
    query = f"""
        with sources as materialized (
            select id, failing_since from source where withdrawn_at is null and id in ({concerned.sources}))
        select exists (select from sources where failing_since is not null) as failing,
            array(select d.day from calendar_day d join calendar k on k.id = d.calendar_id
                where d.day between :first and :last and k.id in ({concerned.calendars})
                and k.source_id in (select id from sources)
                group by d.day
                having count(distinct k.source_id) = (select count(*) from sources)) as days"""  # noqa: S608
    row = (await connection.execute(text(query), {**values, "first": first, "last": last})).one()
    return Coverage(frozenset(row.days), row.failing)
