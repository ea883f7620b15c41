"""The answer to "where is my next course?", above the week."""

from dataclasses import dataclass
from datetime import date

from carillon_timetable_api import coverage, periods
from carillon_timetable_api.pages import week
from carillon_timetable_api.pages.freshness import Concern
from carillon_timetable_api.pages.site import Visit
from carillon_timetable_api.pages.week import Chosen, CourseShown

_LOOKED_AHEAD_DAYS = 8


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next course to begin, None if none is known; `first_day` is when the first one is on that has not ended."""

    course: CourseShown | None
    is_certain: bool
    """Whether all sources have spoken for all days until then."""
    first_day: date | None


async def find(visit: Visit, chosen: list[Chosen], concern: Concern) -> Upcoming:
    """What is on from now to a week from now."""
    today = visit.now.date()
    ahead = periods.of_days(today, _LOOKED_AHEAD_DAYS, visit.zone)
    found = await week.courses(visit.connection, chosen, ahead, visit.now, visit.zone)
    on = [course for course in found if not course.is_cancelled and course.end > visit.now]
    course = next((one for one in on if one.begin > visit.now), None)
    first_day = on[0].begin.date() if on else None
    if course is None:
        return Upcoming(None, is_certain=False, first_day=first_day)
    until = course.begin.date()
    known = await coverage.find(visit.connection, concern.concerned, concern.values, today, until)
    return Upcoming(course, is_certain=known.days >= set(periods.every_day(today, until)), first_day=first_day)
