"""`/rooms/<id>/door/`: what takes place in a room now and next, for the display beside its door."""

from datetime import timedelta

from fastapi import APIRouter, Response

from carillon_timetable_api import periods
from carillon_timetable_api.answers import not_found
from carillon_timetable_api.pages import week
from carillon_timetable_api.pages.freshness import Concern
from carillon_timetable_api.pages.site import VisitDep
from carillon_timetable_api.routes.numbers import ID, Id

router = APIRouter(include_in_schema=False)
_LOOKED_AHEAD_DAYS = 4
_MOST_SHOWN = 5


@router.get(f"/rooms/{ID}/door/")
async def door(visit: VisitDep, wanted: Id) -> Response:
    """Now, next, and the first course of a later day when nothing more is on today."""
    room = await week.look_up_room(visit.connection, wanted)
    if room is None:
        raise not_found()
    ahead = periods.of_days(visit.now.date(), 1 + _LOOKED_AHEAD_DAYS, visit.zone)
    found = await week.courses(visit.connection, [room], ahead, visit.now, visit.zone)
    fresh = await Concern.of([room]).freshness(visit.connection, visit.now.date(), visit.now.date())
    running = [course for course in found if not course.is_cancelled]
    to_come = [course for course in found if course.end > visit.now and course.begin > visit.now]
    of_today = [course for course in to_come if course.begin.date() == visit.now.date()]
    return visit.answer(
        "door.html",
        room=room,
        now=visit.now,
        current=[course for course in running if course.begin <= visit.now < course.end],
        next=of_today[:_MOST_SHOWN],
        later=next((course for course in to_come if course not in of_today and not course.is_cancelled), None),
        first_running=next((course for course in of_today if not course.is_cancelled), None),
        had_some=any(course.begin.date() == visit.now.date() for course in running),
        fresh=fresh,
        is_known=visit.now.date() in fresh.days,
        age_s=fresh.age_s(visit.now),
        is_old=(age := fresh.age_s(visit.now)) is None or age > timedelta(days=1).total_seconds(),
    )
