"""The addresses of all that is served as files: pages, recorded files, the sources file, the statement of truth."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from carillon_celcat_simulator.faults.shares import share_of
from carillon_celcat_simulator.front_page import front_page
from carillon_celcat_simulator.publication import Publication
from carillon_celcat_simulator.publisher.static_files import StaticFile, StaticFiles
from carillon_celcat_simulator.recorded import RecordedFiles
from carillon_celcat_simulator.sources import sources_file
from carillon_celcat_simulator.truth import truth


def static_router(publication: Publication, recorded: RecordedFiles, *, made_before: bool) -> APIRouter:
    """All routes of files. With `made_before` the pages of the mentions are ready before the first request."""
    router = APIRouter()
    files = StaticFiles(publication)
    if made_before:
        for mention in publication.timetable.mentions():
            files.get(f"g{mention.identifier}.xml")

    @router.api_route("/publisher/{name:path}", methods=["GET", "HEAD"], response_model=None)
    async def published(name: str, request: Request) -> Response:
        return answer(files.get(name, share_of(request)), request)

    @router.api_route("/recorded/{name}", methods=["GET", "HEAD"], response_model=None)
    async def recorded_file(name: str, request: Request) -> Response:
        return answer(recorded.get(name), request)

    @router.get("/truth.json", response_model=None)
    async def whole_truth() -> Response:
        return JSONResponse(truth(publication))

    @router.get("/sources.toml", response_model=None)
    async def sources(request: Request) -> Response:
        timetable = publication.timetable
        text = sources_file(str(request.base_url), timetable.institution, timetable.mentions())
        return PlainTextResponse(text, media_type="application/toml")

    @router.get("/", response_model=None)
    async def front() -> Response:
        return HTMLResponse(front_page(recorded.names()))

    return router


def answer(file: StaticFile | None, request: Request) -> Response:
    """A static file as a web server gives it: 404, 304 to the holder of the same bytes, or the bytes."""
    if file is None:
        return HTMLResponse("<html><body><h1>404 - File or directory not found.</h1></body></html>", 404)
    headers = {"ETag": file.etag, "Last-Modified": file.last_modified}
    if _is_known(file, request):
        return Response(status_code=304, headers=headers)
    # The type as it is, without a charset: the bytes say their encoding themselves, or (iCalendar) nobody does.
    return Response(file.content, headers={**headers, "Content-Type": file.media_type})


def _is_known(file: StaticFile, request: Request) -> bool:
    """If-None-Match decides; only without it If-Modified-Since does (RFC 9110, 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is None:
        return request.headers.get("if-modified-since") == file.last_modified
    return "*" in tags or file.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
