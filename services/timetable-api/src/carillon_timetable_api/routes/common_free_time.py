"""`/api/groups/<id>/free/`: when a group and others are free together."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from carillon_kit.durations import seconds_of
from carillon_kit.languages import Text
from carillon_kit.moments import PATTERN
from carillon_kit.problems import bad_parameter
from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from carillon_timetable_api import coverage, described
from carillon_timetable_api.answers import COMPUTED_EACH_TIME, json_response, not_found
from carillon_timetable_api.changes.filters import Id as GroupId
from carillon_timetable_api.common_free_time import WorkingHours, free_slots, working_time
from carillon_timetable_api.course_filters import check_ids, moment_of
from carillon_timetable_api.periods import Period, every_day
from carillon_timetable_api.routes.numbers import ID, Id
from carillon_timetable_api.serving import ConnectionDep, Serving, ServingDep, made_at_once

router = APIRouter(tags=["groups"])
_LARGEST_ID = 2**31 - 1
_LONGEST = timedelta(days=62)
_SATURDAY = 5
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)

Moment = str | SkipJsonSchema[None]


class Slot(TypedDict):
    """A time in which all of the groups are free; `minutes` is how long."""

    begin: AwareDatetime
    end: AwareDatetime
    minutes: int


class FreeDay(TypedDict):
    """A day; unless it is `known`, no source has spoken for it for the groups `unknown`, and `free` is null."""

    day: date
    known: bool
    unknown: list[int]
    free: list[Slot] | None


class CommonFreeTime(TypedDict):
    """The days asked for, week-ends only if they are asked for."""

    groups: list[int]
    days: list[FreeDay]


_EXAMPLE: dict[str, Any] = {
    "groups": [4, 7],
    "days": [
        {"day": "2026-11-23", "known": True, "unknown": [], "free": [
            {"begin": "2026-11-23T10:00:00+01:00", "end": "2026-11-23T13:30:00+01:00", "minutes": 210}]},
        {"day": "2026-11-24", "known": False, "unknown": [7], "free": None},
    ],
}  # fmt: skip


class Asked:
    """What is asked for, read from the query."""

    def __init__(
        self,
        serving: ServingDep,
        *,
        others: Annotated[
            list[GroupId], Query(alias="with", description="Ids of the other groups.", max_length=20)
        ] = [],  # noqa: B006 - FastAPI copies it
        begin: Annotated[
            Moment,
            Query(alias="from", description="From when on; now, if left out.", json_schema_extra={"pattern": PATTERN}),
        ] = None,
        end: Annotated[
            Moment,
            Query(alias="to", description="A week later, if left out.", json_schema_extra={"pattern": PATTERN}),
        ] = None,
        length: Annotated[str, Query(alias="for", description="At least so long: `90m`, `2h`, `1h30m`.")] = "60m",
        hours: Annotated[
            str, Query(description="The hours of a day that count, `24:00` is its end.", examples=["09:00-17:30"])
        ] = "08:00-19:00",
        weekends: Annotated[bool, Query(description="Whether Saturdays and Sundays count.")] = False,
    ) -> None:
        self.others, self.weekends = others, weekends
        self.is_from_now_on = not begin
        self.period = _period(serving, begin, end)
        self.length = _length(length)
        self.hours = _hours(hours)

    def days(self, serving: Serving) -> list[date]:
        """The days that are looked at."""
        first = self.period.begin.astimezone(serving.zone).date()
        last = (self.period.end - timedelta.resolution).astimezone(serving.zone).date()
        return [day for day in every_day(first, last) if self.weekends or day.weekday() < _SATURDAY]


def _period(serving: Serving, begin: str | None, end: str | None) -> Period:
    first = moment_of("from", begin, serving.zone) or _whole_minute(serving.now())
    last = moment_of("to", end, serving.zone) or first + timedelta(days=7)
    if not first < last <= first + _LONGEST:
        raise bad_parameter(
            "to",
            Text(
                "écrivez un moment après from, de 62 jours au plus.", "write a moment after from, by 62 days at most."
            ),
        )
    return Period(first, last)


def _whole_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _length(said: str) -> timedelta:
    seconds = seconds_of(said)
    if seconds is None or seconds > 86400:  # noqa: PLR2004 - a day
        raise bad_parameter(
            "for",
            Text(
                "écrivez une durée comme 90m ou 1h30m, d’un jour au plus.",
                "write a duration such as 90m, at most a day.",
            ),
        )
    return timedelta(seconds=seconds)


def _hours(said: str) -> WorkingHours:
    found = _HOURS.fullmatch(said)
    begin = time(int(found[1]), int(found[2])) if found else time()
    end = time(int(found[3]), int(found[4])) if found and found[3] else None
    if found is None or (end is not None and end <= begin):
        raise bad_parameter("hours", Text("écrivez des heures comme 08:00-19:00.", "write hours such as 08:00-19:00."))
    return WorkingHours(begin, end)


_BUSY = text("""
    select c.begin, c."end" from course c
    where c.cancelled_at is null and c.begin < :end and c."end" > :begin and c.id in (
        select l.course_id from course_group l where l.group_id in (
            select unnest(cast(:groups as int[]))
            union select a.ancestor_id from group_ancestor a where a.group_id = any(cast(:groups as int[]))))""")


@router.get(
    f"/groups/{ID}/free/",
    operation_id="list_common_free_time",
    summary="When a group and others are free together",
    **described.body(CommonFreeTime, _EXAMPLE, headers=described.HEADERS_OF_DATA),
)
async def common_free_time(
    serving: ServingDep, connection: ConnectionDep, wanted: Id, asked: Annotated[Asked, Depends(made_at_once(Asked))]
) -> Response:
    """Their parents' courses count as theirs. A day that is not known for one of them is not free."""
    if wanted > _LARGEST_ID:
        raise not_found()
    groups = sorted({wanted, *asked.others})
    await check_ids(connection, "group", groups)
    values = {"groups": groups, "begin": asked.period.begin, "end": asked.period.end}
    busy = [Period(row.begin, row.end) for row in await connection.execute(_BUSY, values)]
    days = asked.days(serving)
    covered = {group: await _covered(connection, group, days) for group in groups}
    shown = [_day(day, [group for group in groups if day not in covered[group]], busy, asked, serving) for day in days]
    response = json_response(CommonFreeTime, {"groups": groups, "days": shown})
    response.headers.update((await coverage.find_freshness(connection, *coverage.of(groups))).headers())
    if asked.is_from_now_on:
        response.headers["Cache-Control"] = COMPUTED_EACH_TIME
    return response


async def _covered(connection: AsyncConnection, group: int, days: list[date]) -> frozenset[date]:
    if not days:
        return frozenset()
    concerned = coverage.of_groups("array[cast(:group as int)]")
    return (await coverage.find(connection, concerned, {"group": group}, days[0], days[-1])).days


def _day(day: date, unknown: list[int], busy: list[Period], asked: Asked, serving: Serving) -> FreeDay:
    if unknown:
        return {"day": day, "known": False, "unknown": unknown, "free": None}
    spans = (_cut(span, asked.period) for span in working_time(day, asked.hours, serving.zone))
    within = [span for span in spans if span.begin < span.end]
    slots = [_slot(slot, serving) for slot in free_slots(within, busy, asked.length)]
    return {"day": day, "known": True, "unknown": [], "free": slots}


def _cut(span: Period, within: Period) -> Period:
    return Period(max(span.begin, within.begin), min(span.end, within.end))


def _slot(slot: Period, serving: Serving) -> Slot:
    minutes = int((slot.end - slot.begin) / timedelta(minutes=1))
    return {"begin": slot.begin.astimezone(serving.zone), "end": slot.end.astimezone(serving.zone), "minutes": minutes}
