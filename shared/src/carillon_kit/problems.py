"""RFC 9457 problem details for every error: unknown paths, unreadable parameters and crashes included."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carillon_kit.languages import Language, Text, preferred
from carillon_kit.unreadable_input import explained

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger()


class Problem(BaseModel):
    """The body of an error (RFC 9457); further members may stand beside these."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Names the kind of problem; a page about it lies at this address.")
    title: str
    status: int
    detail: str | None = None
    instance: str | None = Field(default=None, description="The path that was asked for.")


class ProblemError(Exception):
    """An error that a caller is told of; `slug` ends the problem's `type`."""

    def __init__(
        self,
        slug: str,
        status: int,
        title: Text,
        detail: Text | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(title.en)
        self.slug, self.status, self.title, self.detail = slug, status, title, detail
        self.headers, self.members = headers, members


NOT_FOUND = Text("Pas trouvé.", "Not found.")
NOT_ALLOWED = Text("Méthode non autorisée.", "Method not allowed.")
TOO_LARGE = Text("Requête trop grande.", "Request too large.")
INVALID = Text("Requête invalide.", "Invalid request.")
CRASHED = Text("Erreur interne du serveur.", "Internal server error.")


def bad_parameter(name: str, detail: Text, place: str = "query") -> ProblemError:
    """A parameter, of the query or another `place`, cannot be taken; `detail` says how to write it."""
    return _invalid(422, [((place, name), detail)])


def _invalid(status: int, wrong: Sequence[tuple[Sequence[int | str], Text]]) -> ProblemError:
    """What is wrong at each place; the first is told in the detail too."""
    place, first = wrong[0]
    name = next(part for part in reversed(place) if isinstance(part, str))
    errors = [{"pointer": "/" + "/".join(map(str, where)), "detail": what} for where, what in wrong]
    detail = Text(f"{name} : {first.fr}", f"{name}: {first.en}")
    return ProblemError("invalid-request", status, INVALID, detail, errors=errors)


def answer(request: Request, problem: ProblemError) -> JSONResponse:
    """The problem as a response, in the caller's language."""
    language = preferred(request.headers.get("accept-language"))
    title = problem.title.in_language(language)
    body = Problem(
        type=f"/problems/{problem.slug}",
        title=title,
        status=problem.status,
        detail=problem.detail.in_language(language) if problem.detail else title,
        instance=request.url.path,
        **_in_language(problem.members, language),
    )
    headers = {"Content-Language": language, "Vary": "Accept-Language", **(problem.headers or {})}
    return JSONResponse(body.model_dump(mode="json"), problem.status, headers, MEDIA_TYPE)


def _in_language(value: Any, language: Language) -> Any:
    """The same with each sentence in one language."""
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, dict):
        return {name: _in_language(member, language) for name, member in value.items()}
    return [_in_language(member, language) for member in value] if isinstance(value, list) else value


def install(app: FastAPI) -> None:
    """Answer every error of `app` as a problem."""

    @app.exception_handler(ProblemError)
    async def on_problem(request: Request, error: ProblemError) -> JSONResponse:
        return answer(request, error)

    @app.exception_handler(HTTPException)
    async def on_http_exception(request: Request, error: HTTPException) -> JSONResponse:
        return answer(request, _from_http_exception(error))

    @app.exception_handler(RequestValidationError)
    async def on_unreadable(request: Request, error: RequestValidationError) -> JSONResponse:
        return answer(request, _from_unreadable(error))

    @app.exception_handler(Exception)
    async def on_crash(request: Request, error: Exception) -> JSONResponse:
        log.error("request_crashed", path=request.url.path, exc_info=error)
        return answer(request, ProblemError("internal-error", 500, CRASHED))


def _from_http_exception(error: HTTPException) -> ProblemError:
    known = {404: ("not-found", NOT_FOUND), 405: ("method-not-allowed", NOT_ALLOWED), 413: ("too-large", TOO_LARGE)}
    unknown = Text(f"Erreur HTTP {error.status_code}.", HTTPStatus(error.status_code).phrase)
    slug, title = known.get(error.status_code, ("http", unknown))
    return ProblemError(slug, error.status_code, title, headers=error.headers)


def _from_unreadable(error: RequestValidationError) -> ProblemError:
    found = error.errors()
    # FastAPI answers 422 also for bodies that are no JSON at all; that is a 400.
    status = 400 if any(one["type"] == "json_invalid" for one in found) else 422
    return _invalid(status, [(one["loc"], explained(one)) for one in found])


def with_problem_of_size(app: ASGIApp) -> ASGIApp:
    """Starlette refuses a body that says beforehand that it is too large in plain text; this tells it as a problem."""

    async def telling(scope: Scope, receive: Receive, send: Send) -> None:
        is_told = False

        async def send_problem(message: Message) -> None:
            nonlocal is_told
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                is_told = True
                problem = _from_http_exception(HTTPException(message["status"]))
                await answer(Request(scope), problem)(scope, receive, send)
            elif not is_told:
                await send(message)

        await app(scope, receive, send_problem if scope["type"] == "http" else send)

    return telling
