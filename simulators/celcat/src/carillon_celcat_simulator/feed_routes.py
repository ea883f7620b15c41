"""The addresses of Calendar 7, of the token feed and of the cloud."""

from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from carillon_celcat_simulator import calendar7, cloud, token_feed
from carillon_celcat_simulator.calendar.login import error_page
from carillon_celcat_simulator.faults.shares import share_of
from carillon_celcat_simulator.publication import Publication


def feeds_router(publication: Publication) -> APIRouter:
    """All routes of these formats."""
    router = APIRouter()

    @router.get("/calendar7/default.aspx", response_model=None)
    async def calendar_7(request: Request) -> Response:
        asked = {name.lower(): value for name, value in request.query_params.items()}
        try:
            day = _day(asked.get("date"), publication.today())
        except ValueError:
            return HTMLResponse(error_page(), 500)
        view = calendar7.View(asked.get("view", "week"), asked.get("type", "group"), asked.get("resourcename", ""), day)
        return HTMLResponse(calendar7.page(publication, view, share_of(request)))

    @router.get("/cal/ical/{token}/schedule.ics", response_model=None)
    async def feed(token: str, request: Request) -> Response:
        timetable = publication.timetable
        group = next((group for group in timetable.groups if token_feed.token(group) == token), None)
        if group is None:
            return HTMLResponse("", 404)
        above = [other for other in timetable.groups if other.holds(group)]
        meetings = publication.meetings_of(above, share_of(request))
        content = token_feed.feed(timetable, meetings, publication.published)
        return Response(content, media_type="text/calendar; charset=utf-8")

    @router.get("/cal/events", response_model=None)
    async def cloud_events(request: Request) -> Response:
        """Resources are the names of the query parameters, their kinds (1001: student sets) the values."""
        timetable = publication.timetable
        wanted = {int(name) for name, kind in request.query_params.items() if name.isdigit() and kind == "1001"}
        groups = [group for group in timetable.groups if group.identifier in wanted]
        above = [other for other in timetable.groups if any(other.holds(group) for group in groups)]
        meetings = publication.meetings_of(above, share_of(request))
        resources = [group.identifier for group in groups]
        return JSONResponse(cloud.events(timetable, resources, meetings, publication.published))

    return router


def _day(text: str | None, otherwise: date) -> date:
    return otherwise if text is None else datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 a day has no zone
