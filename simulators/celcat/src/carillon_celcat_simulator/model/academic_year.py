"""The weeks of a CELCAT timetable: position 1 is its first week, 52 or 53 in all."""

from dataclasses import dataclass
from datetime import date, timedelta

_STARTS = ((8, 24), (2, 22))
_FIXED_HOLIDAYS = {
    (1, 1): "Jour de l'an",
    (5, 1): "Fête du Travail",
    (5, 8): "Victoire 1945",
    (7, 14): "Fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice 1918",
    (12, 25): "Noël",
}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which nothing is taught."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class AcademicYear:
    """`weeks` weeks from the Monday `first_monday`."""

    first_monday: date
    weeks: int

    def monday(self, week: int) -> date:
        """The Monday of the week at the 1-based position `week`."""
        return self.first_monday + timedelta(weeks=week - 1)

    def week_of(self, day: date) -> int:
        """The 1-based position of the week of `day`; outside of the year below 1 or above `weeks`."""
        return (day - self.first_monday).days // 7 + 1

    def holidays(self) -> tuple[Holiday, ...]:
        """The public holidays with a fixed date, and the closed week of Christmas (Monday to Friday)."""
        days = {}
        for offset in range(self.weeks * 7):
            day = self.first_monday + timedelta(days=offset)
            if (name := _FIXED_HOLIDAYS.get((day.month, day.day))) is not None:
                days[day] = name
        for day in [day for day in days if (day.month, day.day) == (12, 25)]:
            monday = day - timedelta(days=day.weekday())
            for offset in range(5):
                days.setdefault(monday + timedelta(days=offset), "Fermeture de Noël")
        return tuple(Holiday(day, days[day]) for day in sorted(days))


def academic_year(today: date) -> AcademicYear:
    """The year around `today`: at least one week of it is past and at least 24 are to come.

    Recorded timetables begin on the Monday on or before 24 August. So that the made-up faculty always has a future, in
    spring it changes to a year which begins in February; a university would change in August.
    """
    mondays = sorted(
        _monday_on_or_before(date(year, month, day))
        for year in (today.year - 1, today.year, today.year + 1)
        for month, day in _STARTS
    )
    first = max(monday for monday in mondays if monday + timedelta(weeks=1) <= today)
    following = _monday_on_or_before(date(first.year + 1, *_start_near(first)))
    return AcademicYear(first, (following - first).days // 7)


def _monday_on_or_before(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _start_near(monday: date) -> tuple[int, int]:
    return next((month, day) for month, day in _STARTS if abs((monday - date(monday.year, month, day)).days) < 7)
