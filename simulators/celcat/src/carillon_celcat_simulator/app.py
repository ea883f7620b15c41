"""The web application: which address answers with which part of the simulator."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from carillon_celcat_simulator.calendar.routes import CalendarSites, LoginNeededError, calendar_router
from carillon_celcat_simulator.changes import ChangeRefusedError, UnknownMeetingError
from carillon_celcat_simulator.control import control_router
from carillon_celcat_simulator.faults.middleware import FaultMiddleware
from carillon_celcat_simulator.faults.orders import Faults
from carillon_celcat_simulator.feed_routes import feeds_router
from carillon_celcat_simulator.model.faculty import faculty
from carillon_celcat_simulator.model.university import university
from carillon_celcat_simulator.publication import Publication, publication_day
from carillon_celcat_simulator.recorded import RecordedFiles
from carillon_celcat_simulator.recorded_calendar import recorded_calendar_router
from carillon_celcat_simulator.request_log import RequestLog, RequestLogMiddleware
from carillon_celcat_simulator.static_routes import static_router


@dataclass(frozen=True, slots=True)
class UniversitySize:
    """How large the made-up university of a benchmark is."""

    courses: int = 44_000
    groups: int = 390
    rooms: int = 600
    weeks: int = 30


def create_app(
    *,
    seed: int = 1,
    today: date | None = None,
    recorded: Path | None = None,
    size: UniversitySize | None = None,
    weeks: int = 15,
) -> FastAPI:
    """The simulator as an ASGI application.

    `today` (default: the current day in Paris) and `seed` decide the whole timetable. `weeks` is how many weeks a Web
    Publisher page shows. With `size` it is a university of that size in place of the faculty, with all its weeks.

    Raises:
        FileNotFoundError: the folder `recorded` is not there.
        ValueError: a university of that size is not possible, or two recorded files have the same name.
    """
    publication = make_publication(seed=seed, today=today, size=size, weeks=weeks)
    recorded_files = RecordedFiles(recorded)
    sites, faults, log = CalendarSites(publication), Faults(), RequestLog()
    app = FastAPI(title="Carillon CELCAT simulator", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.publication = publication
    # A benchmark is not to measure how the simulator makes its pages.
    app.include_router(static_router(publication, recorded_files, made_before=size is not None))
    app.include_router(recorded_calendar_router(recorded_files))
    app.include_router(calendar_router(sites))
    app.include_router(feeds_router(publication))
    app.include_router(control_router(publication, faults, log))
    app.add_exception_handler(LoginNeededError, _to_login)
    app.add_exception_handler(ChangeRefusedError, _refused)
    app.add_middleware(FaultMiddleware, faults=faults, expire_sessions=sites.expire_sessions)
    app.add_middleware(RequestLogMiddleware, log=log)
    return app


async def _to_login(_: Request, error: Exception) -> Response:
    return RedirectResponse(getattr(error, "location", "/LdapLogin"), 302)


async def _refused(_: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 404 if isinstance(error, UnknownMeetingError) else 422)


def make_publication(
    *, seed: int = 1, today: date | None = None, size: UniversitySize | None = None, weeks: int = 15
) -> Publication:
    """What the application publishes; for the arguments see `create_app`."""
    if size is None:
        return Publication(lambda on: faculty(on, seed), (lambda: today) if today else publication_day, weeks)
    first = today or publication_day()
    made = university(size.courses, size.groups, size.rooms, size.weeks, today=first, seed=seed)
    # A benchmark's data stay as they are, whatever day it becomes.
    first_week = min(meeting.week for meeting in made.meetings.values())
    return Publication(lambda _: made, lambda: first, size.weeks, first_week)
