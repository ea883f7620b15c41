"""The weeks that a ranged format is asked for: the wanted ones, or those of the academic year."""

from collections.abc import Iterable
from datetime import date, timedelta

from carillon_contracts.weeks import monday_of, week_of

AUGUST = 8


def academic_year(today: date) -> tuple[str, ...]:
    """The ISO weeks from 1 August to 31 August of the next year: what is published at any time lies within."""
    first = date(today.year if today.month >= AUGUST else today.year - 1, AUGUST, 1)
    last = date(first.year + 1, AUGUST, 31)
    return tuple(week_of(first + timedelta(days=n)) for n in range(0, (last - first).days + 7, 7))


def slices(weeks: Iterable[str], longest: int) -> list[list[date]]:
    """The Mondays of the weeks, in order, cut into runs of neighbouring weeks of at most `longest`."""
    runs: list[list[date]] = []
    for monday in sorted(monday_of(week) for week in set(weeks)):
        if runs and monday - runs[-1][-1] == timedelta(weeks=1) and len(runs[-1]) < longest:
            runs[-1].append(monday)
        else:
            runs.append([monday])
    return runs
