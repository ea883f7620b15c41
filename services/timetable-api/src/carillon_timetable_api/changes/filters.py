"""Which changes are wanted: query parameters, and what they mean once groups and timetables are looked up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from carillon_contracts.events import ChangeKind
from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import coverage
from carillon_timetable_api.answers import not_found
from carillon_timetable_api.changes import change as change_module
from carillon_timetable_api.changes.change import Change, is_within
from carillon_timetable_api.coverage import Concerned

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]


class WhichChanges(BaseModel):
    """Which of the changes of something are told; parameters of one name are alternatives."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: tuple[ChangeKind, ...] = Field(default=(), description="Kinds of changes; all without it.")
    horizon: Annotated[int, Field(ge=1, le=400)] | SkipJsonSchema[None] = Field(
        default=None, description="Only courses that begin, or were to begin, in the next so many days."
    )
    digest: bool = Field(default=False, description="Several changes of one course are told as one.")

    def is_digested(self) -> bool:
        """Whether several changes of one course are told as one."""
        return self.digest

    @model_serializer(mode="wrap")
    def _without_what_was_left_out(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        shown: dict[str, Any] = handler(self)
        return {name: value for name, value in shown.items() if value is not None}


class ChangeParameters(WhichChanges):
    """The same for lists, streams, Atom and webhooks."""

    group: tuple[Id, ...] = Field(default=(), description="Ids of groups.")
    parents: bool = Field(default=True, description="Whether the groups' parents count too, as for their courses.")
    room: tuple[Id, ...] = Field(default=(), description="Ids of rooms that a course is or was in.")
    timetable: tuple[Id, ...] = Field(default=(), description="Ids of timetables: all their groups.")
    source: tuple[Id, ...] = Field(default=(), description="Ids of sources.")


_DIGEST_S = 60


class ListedChangeParameters(ChangeParameters):
    """For a list: where it begins and how long it may be."""

    since: str = Field(
        default="0",
        pattern=r"^(\d{1,18}|latest)$",
        description="The `next` of the last answer; `0` is the beginning; `latest` only gives the cursor of now.",
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Rows of the journal that are looked at.")


class StreamedChangeParameters(ChangeParameters):
    """For a stream: how long changes are gathered."""

    digest_s: int = Field(
        default=0,
        ge=0,
        le=3600,
        description="Gather changes for so many seconds and tell several of one course as one; `digest` alone: 60.",
    )

    @property
    def gathered_s(self) -> int:
        """How long changes are held back; 0: not at all."""
        return self.digest_s or (_DIGEST_S if self.digest else 0)

    def is_digested(self) -> bool:
        """Whether changes are gathered at all."""
        return self.gathered_s > 0


Wanted = Annotated[ListedChangeParameters, Query()]


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """What is wanted, by our ids; None where it does not matter.

    What is told in digests has its kind only then: each change that a digest is made of is `wanted` whatever its kind.
    """

    groups: frozenset[int] | None
    rooms: frozenset[int] | None
    sources: frozenset[int] | None
    kinds: frozenset[ChangeKind] | None
    horizon: timedelta | None
    in_digests: bool = False

    def wants(self, change: Change, now: datetime) -> bool:
        """Whether this change is one of them."""
        return (
            (self.groups is None or bool(self.groups & change.groups))
            and (self.rooms is None or bool(self.rooms & change.rooms))
            and (self.sources is None or change.source in self.sources)
            and (self.in_digests or self._is_of_kind(change))
            and is_within(change, now, self.horizon)
        )

    def digest(self, changes: Iterable[Change]) -> list[Change]:
        """Wanted changes with those of one course told as one, which then is of a wanted kind."""
        return [change for change in change_module.digest(changes) if self._is_of_kind(change)]

    def _is_of_kind(self, change: Change) -> bool:
        return self.kinds is None or change.kind in self.kinds

    def concerned(self) -> tuple[Concerned, dict[str, Any]]:
        """The sources that such changes come from."""
        if self.sources is not None:
            return coverage.OF_SOURCES, {"sources": sorted(self.sources)}
        return coverage.of(self.groups)

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """The same as SQL over the table `journal`, except for the horizon."""
        parts, values = ["true"], dict[str, Any]()
        for name, ids, condition in (
            ("groups", self.groups, "group_ids && cast(:groups as int[])"),
            ("rooms", self.rooms, "room_ids && cast(:rooms as int[])"),
            ("sources", self.sources, "source_id = any(cast(:sources as int[]))"),
            ("kinds", None if self.in_digests else self.kinds, "kind = any(cast(:kinds as text[]))"),
        ):
            if ids is not None:
                parts.append(condition)
                values[name] = sorted(ids)
        return " and ".join(parts), values


async def look_up(connection: AsyncConnection, parameters: ChangeParameters) -> ChangeFilter:
    """What the parameters mean now; 404 if one of them names something that is not there."""
    await _check(connection, "student_group", parameters.group)
    await _check(connection, "room", parameters.room)
    await _check(connection, "source", parameters.source)
    await _check(connection, "timetable", parameters.timetable)
    return await look_up_what_is_there(connection, parameters)


async def look_up_what_is_there(connection: AsyncConnection, parameters: ChangeParameters) -> ChangeFilter:
    """The same for parameters that were checked before: what is gone since is passed over."""
    groups = set(parameters.group)
    if parameters.parents and groups:
        query = "select ancestor_id from group_ancestor where group_id = any(:ids)"
        groups |= set((await connection.execute(text(query), {"ids": sorted(parameters.group)})).scalars())
    if parameters.timetable:
        query = """
            select distinct l.group_id from calendar_group l join calendar c on c.id = l.calendar_id
            join timetable t on t.source_id = c.source_id where t.id = any(:ids)"""
        groups |= set((await connection.execute(text(query), {"ids": list(parameters.timetable)})).scalars())
    return ChangeFilter(
        groups=frozenset(groups) if parameters.group or parameters.timetable else None,
        rooms=frozenset(parameters.room) or None,
        sources=frozenset(parameters.source) or None,
        kinds=frozenset(parameters.kind) or None,
        horizon=timedelta(days=parameters.horizon) if parameters.horizon else None,
        in_digests=parameters.is_digested(),
    )


async def _check(connection: AsyncConnection, table: str, ids: tuple[int, ...]) -> None:
    wanted = set(ids)
    if not wanted:
        return
    query = f"select count(*) from {table} where id = any(:ids)"  # noqa: S608 - our own names
    if (await connection.execute(text(query), {"ids": sorted(wanted)})).scalar_one() != len(wanted):
        raise not_found()
