"""What a format's parser hands on: for one calendar, the courses of each week that an answer speaks for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from carillon_contracts.course import Calendar, Course
from carillon_contracts.weeks import days_of, week_of


@dataclass(frozen=True, slots=True)
class WeekShown:
    """All courses of one calendar on `days` of an ISO week, by begin."""

    week: str
    days: tuple[date, ...]
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer says of one calendar; of weeks that are not in it nothing is said.

    `skipped` counts entries that could not be placed in time; `published_at` is when the source says it was written.
    """

    calendar: Calendar
    weeks: tuple[WeekShown, ...]
    published_at: datetime | None = None
    skipped: int = 0

    @property
    def courses(self) -> int:
        """How many meetings it shows."""
        return sum(len(shown.courses) for shown in self.weeks)


def in_order(courses: Iterable[Course]) -> tuple[Course, ...]:
    """By begin, then by what makes the order the same for the same content."""
    return tuple(sorted(courses, key=lambda course: (course.begin, course.end, course.event_id)))


def whole_weeks(weeks: Iterable[str], courses: Mapping[str, Iterable[Course]]) -> tuple[WeekShown, ...]:
    """Each of the weeks, all seven days, with its courses or none."""
    return tuple(WeekShown(week, days_of(week), in_order(courses.get(week, ()))) for week in sorted(set(weeks)))


def shown_on(days: Iterable[date], courses: Iterable[Course], zone: ZoneInfo) -> tuple[WeekShown, ...]:
    """The courses that begin on `days`, grouped by week; weeks may be shown in part."""
    covered: dict[str, list[date]] = defaultdict(list)
    wanted = sorted(set(days))
    for day in wanted:
        covered[week_of(day)].append(day)
    found: dict[str, list[Course]] = defaultdict(list)
    among = set(wanted)
    for course in courses:
        day = course.begin.astimezone(zone).date()
        if day in among:
            found[week_of(day)].append(course)
    return tuple(WeekShown(week, tuple(covered[week]), in_order(found[week])) for week in covered)
