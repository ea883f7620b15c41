"""A school year laid around a given day, so that the simulator is in the middle of a term whenever it is started."""

from datetime import date, timedelta

from carillon_pronote_simulator.school.model import Holiday, Period, SchoolYear

WEEKS = 44
CURRENT_WEEK = 12
# Name, first week, last week: made up, and never the current week.
_BREAKS = (("Vacances d'automne", 8, 9), ("Vacances d'hiver", 18, 19), ("Vacances de printemps", 31, 32))
# Name, kind, first week, last week.
_PERIODS = (
    ("Trimestre 1", 1, 1, 14),
    ("Trimestre 2", 1, 15, 29),
    ("Trimestre 3", 1, 30, WEEKS),
    ("Semestre 1", 2, 1, 21),
    ("Semestre 2", 2, 22, WEEKS),
    ("Année continue", 3, 1, WEEKS),
)
_NATIONAL_HOLIDAYS = (
    ("Jour de l'an", 1, 1),
    ("Fête du Travail", 5, 1),
    ("Victoire 1945", 5, 8),
    ("Fête nationale", 7, 14),
    ("Assomption", 8, 15),
    ("Toussaint", 11, 1),
    ("Armistice", 11, 11),
    ("Noël", 12, 25),
)


def school_year(today: date) -> SchoolYear:
    """The year in which `today` lies in week 12, within the first term.

    The days of the week in which the year starts are kept free until Tuesday, as in a real school; the following
    Friday already has lessons.
    """
    first_monday = today - timedelta(days=today.weekday(), weeks=CURRENT_WEEK - 1)
    last_day = first_monday + timedelta(weeks=WEEKS, days=-3)
    return SchoolYear(
        first_monday=first_monday,
        first_day=first_monday + timedelta(days=1),
        last_day=last_day,
        weeks=WEEKS,
        holidays=_holidays(first_monday, last_day),
        periods=_periods(first_monday, last_day),
    )


def _periods(first_monday: date, last_day: date) -> tuple[Period, ...]:
    periods = []
    for number, (name, kind, first_week, last_week) in enumerate(_PERIODS):
        first = first_monday + timedelta(days=1) if first_week == 1 else first_monday + timedelta(weeks=first_week - 1)
        last = last_day if last_week == WEEKS else first_monday + timedelta(weeks=last_week, days=-1)
        periods.append(Period(f"period-{number}", name, kind, first, last))
    return tuple(periods)


def _holidays(first_monday: date, last_day: date) -> tuple[Holiday, ...]:
    holidays = [
        Holiday(
            f"break-{first}",
            name,
            first_monday + timedelta(weeks=first - 1),
            first_monday + timedelta(weeks=last, days=-1),
        )
        for name, first, last in _BREAKS
    ]
    for year in range(first_monday.year, last_day.year + 1):
        for name, month, day in _NATIONAL_HOLIDAYS:
            when = date(year, month, day)
            # The first week and the current one stay whole: the examples of the documentation live there.
            week = 1 + (when - first_monday).days // 7
            if first_monday <= when <= last_day and week not in (1, CURRENT_WEEK, CURRENT_WEEK + 1):
                holidays.append(Holiday(f"holiday-{when}", name, when, when))
    return tuple(sorted(holidays, key=lambda holiday: holiday.first))
