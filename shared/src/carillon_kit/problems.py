"""RFC 9457 problem details for every error: unknown paths, unreadable parameters and crashes included."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from carillon_kit.languages import Text, preferred

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
INVALID = Text("Requête invalide.", "Invalid request.")
CRASHED = Text("Erreur interne du serveur.", "Internal server error.")


def bad_parameter(name: str, detail: Text) -> ProblemError:
    """A query parameter cannot be read; `detail` says how to write it."""
    return ProblemError(
        "invalid-request",
        422,
        INVALID,
        Text(f"{name} : {detail.fr}", f"{name}: {detail.en}"),
        errors=[{"pointer": f"/query/{name}", "detail": detail.en}],
    )


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
        **problem.members,
    )
    headers = {"Content-Language": language, "Vary": "Accept-Language", **(problem.headers or {})}
    return JSONResponse(body.model_dump(mode="json"), problem.status, headers, MEDIA_TYPE)


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
    known = {404: ("not-found", NOT_FOUND), 405: ("method-not-allowed", NOT_ALLOWED)}
    phrase = HTTPStatus(error.status_code).phrase
    slug, title = known.get(error.status_code, ("http", Text(phrase, phrase)))
    return ProblemError(slug, error.status_code, title, headers=error.headers)


def _from_unreadable(error: RequestValidationError) -> ProblemError:
    errors = [
        {"pointer": "/" + "/".join(str(part) for part in found["loc"]), "detail": found["msg"]}
        for found in error.errors()
    ]
    # FastAPI answers 422 also for bodies that are no JSON at all; that is a 400.
    status = 400 if any(found["type"] == "json_invalid" for found in error.errors()) else 422
    return ProblemError("invalid-request", status, INVALID, errors=errors)
