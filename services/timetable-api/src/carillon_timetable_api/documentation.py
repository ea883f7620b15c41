"""`/docs`: Swagger UI over the OpenAPI documents of all services, from files that are installed here.

Its files come from the package `fastapi-offline`, the first kept one whose Swagger UI (5) reads OpenAPI 3.1.
No script stands inside the page, so that a strict content security policy can hold.
"""

from functools import cache
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse
from starlette.staticfiles import StaticFiles

from carillon_timetable_api.described import with_nulls

DESCRIPTION = """\
The timetables as published, under `/api/`: years, timetables, sources, groups, rooms and courses.

Times carry the institution's offset. Errors in dates are one French sentence for each field; every other error is a
problem (RFC 9457), in English for `Accept-Language: en`; its `type` is the address of a page about it. Answers have a
strong `ETag`: ask with `If-None-Match`. Headers say how old the sources' data are, and why there is no course.
`RateLimit` and `RateLimit-Policy` say how many requests are left to your address, and a 429 when to come back.
"""

_PAGE = Path(__file__).parent / "swagger_page"
_SWAGGER_UI = Path(fastapi_offline.__file__).parent / "static"
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'",
    "Cache-Control": "max-age=300",
}


def install(app: FastAPI) -> None:
    """Add the page, its files, and this service's own document under the name that the edge gives it."""
    generated = app.openapi

    @cache
    def document() -> dict[str, Any]:
        return with_nulls(generated())

    # FastAPI's own way of changing the document.
    app.openapi = document  # type: ignore[method-assign]

    @app.get("/docs", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_PAGE / "index.html", headers=_HEADERS)

    @app.get("/openapi/timetable.json", include_in_schema=False)
    async def own_document() -> JSONResponse:
        return JSONResponse(app.openapi())

    app.mount("/docs/assets", StaticFiles(directory=_SWAGGER_UI))
    app.mount("/docs/page", StaticFiles(directory=_PAGE))
