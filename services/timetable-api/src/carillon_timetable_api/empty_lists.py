"""Why a list of courses is empty, as a word in a header: nothing known, nothing planned, or nothing by law."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import coverage, public_holidays
from carillon_timetable_api.coverage import Concerned
from carillon_timetable_api.periods import Period, every_day

HEADER = "Carillon-Empty-Because"
_SATURDAY = 5
_MOST_DAYS = 400


class EmptyBecause(StrEnum):
    """Each reason is less certain that there is nothing than the next."""

    SOURCE_FAILING = "source-failing"
    """Not all of the days are known, and a source that would know them is failing."""
    NOT_COVERED = "not-covered"
    """Not all of the days are known: no source has spoken for them."""
    NOTHING_PLANNED = "nothing-planned"
    """The sources have spoken for each day, and plan nothing."""
    HOLIDAY = "holiday"
    """The same, and each day from Monday to Friday is a public holiday."""


async def headers(
    connection: AsyncConnection,
    concerned: Concerned,
    values: Mapping[str, Any],
    period: Period | None,
    zone: ZoneInfo,
    *,
    is_empty: bool,
) -> dict[str, str]:
    """How old what courses are shown is, which sources fail, and why there are none if there are none."""
    found = (await coverage.find_freshness(connection, concerned, values)).headers()
    if is_empty:
        found[HEADER] = await reason(connection, concerned, values, period, zone)
    return found


async def reason(
    connection: AsyncConnection, concerned: Concerned, values: Mapping[str, Any], period: Period | None, zone: ZoneInfo
) -> EmptyBecause:
    """Why there is nothing in a period; without one, or in one of more than 400 days, in all that is known."""
    days = _days(period, zone) if period else ()
    first, last = (days[0], days[-1]) if days else (date.min, date.max)
    found = await coverage.find(connection, concerned, values, first, last)
    if not (found.days >= set(days) if days else found.days):
        return EmptyBecause.SOURCE_FAILING if found.is_any_failing else EmptyBecause.NOT_COVERED
    workdays = [day for day in days if day.weekday() < _SATURDAY]
    if workdays and all(public_holidays.is_holiday(day, zone) for day in workdays):
        return EmptyBecause.HOLIDAY
    return EmptyBecause.NOTHING_PLANNED


def _days(period: Period, zone: ZoneInfo) -> tuple[date, ...]:
    """The institution's days that the period touches; none of a period that is too long to look at each."""
    if period.end - period.begin > timedelta(days=_MOST_DAYS):
        return ()
    first, last = (_day(at, zone) for at in (period.begin, max(period.begin, period.end - timedelta.resolution)))
    return every_day(first, last)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(UTC).astimezone(zone).date()
