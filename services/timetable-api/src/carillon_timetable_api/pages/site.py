"""What every page is rendered with, errors as pages for browsers, and the choice of a language."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from carillon_kit import problems
from carillon_kit.page_frame import LANGUAGE_COOKIE, Pages, wants_page
from fastapi import APIRouter, Depends, FastAPI, Form, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from carillon_timetable_api.serving import ConnectionDep, ServingDep, made_at_once

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"
_A_YEAR_S = 365 * 86400
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Site:
    """Renders the templates; `institution` is its name."""

    pages: Pages
    institution: str

    def answer(
        self, request: Request, template: str, section: str | None = None, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page; `section` is the entry of the navigation that it belongs to."""
        shown = {"section": section, "institution": self.institution, **values}
        return self.pages.answer(request, template, shown, status)


def site(institution: str) -> Site:
    """The site of an institution."""
    return Site(Pages(_FOLDER / "templates"), institution)


def _site_of(request: Request) -> Site:
    found: Site = request.app.state.site
    return found


class Visit:
    """What a page is made from: the request, the database, the clock, the templates."""

    def __init__(self, request: Request, serving: ServingDep, connection: ConnectionDep) -> None:
        self.request, self.serving, self.connection = request, serving, connection
        self.zone = serving.zone
        self.now = serving.now().astimezone(serving.zone)
        self._site = _site_of(request)

    def answer(self, template: str, section: str | None = None, status: int = 200, **values: Any) -> HTMLResponse:
        """The page; `section` is the entry of the navigation that it belongs to."""
        return self._site.answer(self.request, template, section, status, **values)


VisitDep = Annotated[Visit, Depends(made_at_once(Visit))]


@router.post("/language/")
async def choose_language(language: Annotated[str, Form()], back: Annotated[str, Form()] = "/") -> RedirectResponse:
    """Remember a language in the browser and go back to a page of ours."""
    here = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    answer = RedirectResponse(here, 303)
    if language in ("fr", "en"):
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_A_YEAR_S, httponly=True, samesite="lax")
    return answer


def show_errors_as_pages(app: FastAPI) -> None:
    """Outside of the APIs a browser is shown a page where a program gets a problem (RFC 9457)."""
    for kind in (HTTPException, problems.ProblemError, RequestValidationError, Exception):
        inner: Callable[[Request, Any], Awaitable[Response]] = app.exception_handlers[kind]  # type: ignore[assignment]
        app.add_exception_handler(kind, _as_page(inner))


def _as_page(inner: Callable[[Request, Any], Awaitable[Response]]) -> Callable[[Request, Any], Awaitable[Response]]:
    async def handle(request: Request, error: Any) -> Response:
        answer = await inner(request, error)
        if request.url.path.startswith("/api/") or not wants_page(request):
            return answer
        return _site_of(request).answer(request, "error.html", status=answer.status_code, code=answer.status_code)

    return handle
