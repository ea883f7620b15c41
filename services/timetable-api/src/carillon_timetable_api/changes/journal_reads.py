"""The journal in order, from a cursor: what was committed before the read began is either given or passed over.

Numbers are taken in the order of the commits (see `journal`), so a cursor never skips a change and never repeats one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.changes.change import Change, read
from carillon_timetable_api.changes.filters import ChangeFilter

_BATCH = 500
_COLUMNS = "number, at, kind, course_id, source_id, group_ids, room_ids, before, after"


@dataclass(frozen=True, slots=True)
class ChangesRead:
    """Changes, oldest first; reading goes on after `next`, and `more` says that there is more already.

    A cursor that lies beyond `next` is not of this journal.
    """

    changes: list[Change]
    next: int
    more: bool


async def last_number(connection: AsyncConnection) -> int:
    """The number of the newest change; 0 if there is none."""
    number: int = (await connection.execute(text("select coalesce(max(number), 0) from journal"))).scalar_one()
    return number


async def after(
    connection: AsyncConnection, cursor: int, wanted: ChangeFilter, limit: int, zone: ZoneInfo
) -> ChangesRead:
    """The changes that a filter wants (its horizon is not looked at here), at most `limit`."""
    end = await last_number(connection)
    condition, values = wanted.conditions()
    query = f"""
        select {_COLUMNS} from journal where number > :cursor and number <= :end and {condition}
        order by number limit :limit"""  # noqa: S608 - our own text, values are bound
    bound: dict[str, Any] = {**values, "cursor": cursor, "end": end, "limit": limit}
    changes = [read(row, zone) for row in await connection.execute(text(query), bound)]
    more = len(changes) == limit
    return ChangesRead(changes, changes[-1].number if more else end, more)


async def newest(
    connection: AsyncConnection, wanted: ChangeFilter, zone: ZoneInfo, *, now: datetime, since: datetime, limit: int
) -> list[Change]:
    """The newest changes that a filter wants, oldest first: at most `limit`, none from before `since`."""
    condition, values = wanted.conditions()
    query = f"""
        select {_COLUMNS} from journal where number < :before and {condition}
        order by number desc limit :batch"""  # noqa: S608 - our own text, values are bound
    found: list[Change] = []
    before = 2**62
    while True:
        bound: dict[str, Any] = {**values, "before": before, "batch": _BATCH}
        rows = [read(row, zone) for row in await connection.execute(text(query), bound)]
        recent = [change for change in rows if change.at >= since]
        found += [change for change in recent if wanted.wants(change, now)]
        if len(recent) < _BATCH or len(found) >= limit:
            return found[:limit][::-1]
        before = rows[-1].number
