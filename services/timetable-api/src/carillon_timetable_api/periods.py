"""The institution's days and ISO weeks as spans of time, and what is wrong with a date that is none."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_YEARS = range(2, 9999)
"""One less at each end than `datetime` knows, so that every day of them has a begin and an end in UTC."""

_MONTHS = range(1, 13)
_SATURDAY = 6
_LEAP_YEAR = 2000

YEAR_WRONG = "Rentrez une année valide"
MONTH_WRONG = "Rentrez un mois valide"
DAY_WRONG = "Numéro de jour invalide pour le mois"
WEEK_WRONG = "Rentrez une semaine valide"


@dataclass(frozen=True, slots=True)
class Period:
    """From `begin` to `end`, which is not in it any more; both in UTC."""

    begin: datetime
    end: datetime


class ImpossibleDateError(Exception):
    """A date or week that does not exist; `errors` has celcatsanitizer's French sentence for each wrong part."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(str(errors))
        self.errors = errors


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day, with the zone's offset; where the clocks skip midnight, the moment they do."""
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)


def of_days(first: date, days: int, zone: ZoneInfo) -> Period:
    """Some days in a row: 23 or 25 hours long where the clocks change."""
    begin, end = local_midnight(first, zone), local_midnight(first + timedelta(days=days), zone)
    return Period(begin.astimezone(UTC), end.astimezone(UTC))


def every_day(first: date, last: date) -> tuple[date, ...]:
    """From the first to the last day, both included."""
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def of_day(year: int, month: int, day: int, zone: ZoneInfo) -> Period:
    """A day of the calendar.

    Raises:
        ImpossibleDateError: with everything that is wrong; a 31st is wrong in no month unless the month is known.
    """
    errors = {}
    if year not in _YEARS:
        errors["year"] = YEAR_WRONG
    if month not in _MONTHS:
        errors["month"] = MONTH_WRONG
    if not 1 <= day <= _longest(year, month):
        errors["day"] = DAY_WRONG
    if errors:
        raise ImpossibleDateError(errors)
    return of_days(date(year, month, day), 1, zone)


def _longest(year: int, month: int) -> int:
    """How many days a month can have at most, given what of it is possible."""
    if month not in _MONTHS:
        return 31
    return calendar.monthrange(year if year in _YEARS else _LEAP_YEAR, month)[1]


def of_week(year: int, week: int, zone: ZoneInfo) -> Period:
    """An ISO week, Monday to Sunday.

    Raises:
        ImpossibleDateError: with everything that is wrong; week 53 of a year that has 52 included.
    """
    errors = {}
    if year not in _YEARS:
        errors["year"] = YEAR_WRONG
    if not 1 <= week <= (_weeks_in(year) if year in _YEARS else 53):
        errors["week"] = WEEK_WRONG
    if errors:
        raise ImpossibleDateError(errors)
    return of_days(date.fromisocalendar(year, week, 1), 7, zone)


def _weeks_in(year: int) -> int:
    """28 December is always in the last week of its ISO year."""
    return date(year, 12, 28).isocalendar().week


def current_day(now: datetime, zone: ZoneInfo) -> Period:
    """The institution's day that holds `now`."""
    return of_days(now.astimezone(zone).date(), 1, zone)


def current_week(now: datetime, zone: ZoneInfo) -> Period:
    """The institution's week that holds `now`; on a Saturday or Sunday the one that follows."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return of_days(monday + timedelta(days=7 if today.isoweekday() >= _SATURDAY else 0), 7, zone)
