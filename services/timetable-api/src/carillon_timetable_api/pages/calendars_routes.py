"""`/calendars/`: how to subscribe to a group's, a room's or a timetable's calendar."""

from fastapi import APIRouter, Response

from carillon_timetable_api.pages import subscription
from carillon_timetable_api.pages.site import VisitDep
from carillon_timetable_api.pages.subjects import SubjectDep

router = APIRouter(include_in_schema=False)


@router.get("/calendars/")
async def calendars(visit: VisitDep, subject: SubjectDep) -> Response:
    """Buttons for each application, with how often it looks for changes; without a subject, a choice of one."""
    one = subject.one
    found = one and subscription.of(visit.request.base_url, f"api/{one.kind}s/{one.id}/courses.ics", one.name)
    return visit.answer("calendars.html", "calendars", subject=subject, subscription=found)
