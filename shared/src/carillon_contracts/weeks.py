"""ISO weeks as they are written in subjects and keys: `2026-W47`."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator


def week_of(day: date) -> str:
    """The ISO week that holds `day`, e.g. `2026-W53` for 1 January 2027."""
    iso = day.isocalendar()
    return f"{iso.year:04d}-W{iso.week:02d}"


def monday_of(week: str) -> date:
    """The first day of an ISO week written as `2026-W47`; ValueError for anything else, week 53 of a short year too."""
    year, separator, number = week.partition("-W")
    if not separator or len(year) != 4 or len(number) != 2:  # noqa: PLR2004 - the form is in the docstring
        raise ValueError(f"{week!r} is not an ISO week such as 2026-W47")
    return date.fromisocalendar(int(year), int(number), 1)


def days_of(week: str) -> tuple[date, ...]:
    """The seven days of an ISO week, Monday first."""
    monday = monday_of(week)
    return tuple(monday + timedelta(days=n) for n in range(7))


def _checked(week: str) -> str:
    monday_of(week)
    return week


IsoWeek = Annotated[str, AfterValidator(_checked)]
