"""Recorded events behind the endpoints of Calendar: `/recorded-calendar/Home/…`.

Recordings of single events are only of use to a reader if it can ask for them as it asks a site: the events whose day
is asked for are answered, to whoever asks; the one recorded side bar is that of every recorded event.
"""

import json
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from carillon_celcat_simulator.calendar.login import error_page
from carillon_celcat_simulator.faults.shares import share_of
from carillon_celcat_simulator.recorded import RecordedFiles

_EVENT_KEYS = {"id", "start", "description"}


def recorded_calendar_router(recorded: RecordedFiles) -> APIRouter:
    """The endpoints, over the recorded JSON files that hold an event or the elements of a side bar."""
    events, elements = _events(recorded), _elements(recorded)
    router = APIRouter(prefix="/recorded-calendar/Home")

    @router.post("/GetCalendarData", response_model=None)
    async def calendar_data(request: Request) -> Response:
        form = await request.form()
        try:
            start, end = (date.fromisoformat(str(form[name])[:10]).isoformat() for name in ("start", "end"))
        except (KeyError, ValueError):
            return HTMLResponse(error_page(), 500)
        asked = [event for event in events if start <= event["start"] < end]
        return JSONResponse(asked if share_of(request) == 1 else [])

    @router.post("/GetSideBarEvent", response_model=None)
    async def side_bar_event(request: Request) -> Response:
        form = {name.lower(): value for name, value in (await request.form()).items()}
        known = form.get("eventid") in {event["id"] for event in events}
        return JSONResponse({"federationId": None, "entityType": 0, "elements": elements if known else []})

    @router.api_route("/ReadResourceListItems", methods=["GET", "POST"], response_model=None)
    async def resource_list() -> Response:
        """No list was recorded."""
        return JSONResponse({"total": 0, "results": []})

    return router


def _contents(recorded: RecordedFiles) -> list[Any]:
    found = []
    for name in recorded.names():
        file = recorded.get(name) if name.endswith(".json") else None
        if file is not None:
            found.append(json.loads(file.content))
    return found


def _events(recorded: RecordedFiles) -> list[dict[str, Any]]:
    return [it for it in _contents(recorded) if isinstance(it, dict) and it.keys() >= _EVENT_KEYS]


def _elements(recorded: RecordedFiles) -> list[Any]:
    lists = [it for it in _contents(recorded) if isinstance(it, list) and it and "entityType" in it[0]]
    return lists[0] if lists else []
