"""The web application: which address answers with which part of the simulator."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from carillon_celcat_simulator.front_page import front_page
from carillon_celcat_simulator.model.faculty import faculty
from carillon_celcat_simulator.model.university import university
from carillon_celcat_simulator.publication import Publication, publication_day
from carillon_celcat_simulator.publisher.static_files import StaticFile, StaticFiles
from carillon_celcat_simulator.recorded import RecordedFiles
from carillon_celcat_simulator.sources import sources_file
from carillon_celcat_simulator.truth import truth


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
    app = FastAPI(title="Carillon CELCAT simulator", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.publication = publication
    _add_static(app, publication, RecordedFiles(recorded))
    return app


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


def _add_static(app: FastAPI, publication: Publication, recorded: RecordedFiles) -> None:
    files = StaticFiles(publication)
    for mention in publication.timetable.mentions():
        # Made before the first request, so that nobody's measurement holds our work.
        files.get(f"g{mention.identifier}.xml")

    @app.api_route("/publisher/{name}", methods=["GET", "HEAD"])
    async def published(name: str, request: Request) -> Response:
        return answer(files.get(name), request)

    @app.api_route("/recorded/{name}", methods=["GET", "HEAD"])
    async def recorded_file(name: str, request: Request) -> Response:
        return answer(recorded.get(name), request)

    @app.get("/truth.json")
    async def whole_truth() -> JSONResponse:
        content: dict[str, Any] = truth(publication)
        return JSONResponse(content)

    @app.get("/sources.toml")
    async def sources(request: Request) -> PlainTextResponse:
        timetable = publication.timetable
        text = sources_file(str(request.base_url), timetable.institution, timetable.mentions())
        return PlainTextResponse(text, media_type="application/toml")

    @app.get("/")
    async def front() -> HTMLResponse:
        return HTMLResponse(front_page(recorded.names()))


def answer(file: StaticFile | None, request: Request) -> Response:
    """A static file as a web server gives it: 404, 304 to the holder of the same bytes, or the bytes."""
    if file is None:
        return HTMLResponse("<html><body><h1>404 - File or directory not found.</h1></body></html>", 404)
    headers = {"ETag": file.etag, "Last-Modified": file.last_modified}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    unchanged = file.etag in known or "*" in known
    if "if-none-match" not in request.headers:
        unchanged = request.headers.get("if-modified-since") == file.last_modified
    if unchanged:
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
