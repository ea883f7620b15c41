"""Failures as problem details (RFC 9457), with pronote-api's error code inside."""

from typing import Any

from carillon_kit.languages import Text
from carillon_kit.problems import MEDIA_TYPE, Problem, ProblemError, answer
from carillon_pronote import errors
from carillon_pronote.errors import PronoteError, RateLimitedError
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from carillon_pronote_gateway import reading
from carillon_pronote_gateway.addresses import ForbiddenAddressError
from carillon_pronote_gateway.sessions.errors import SessionError, TooManySessionsError, UnknownTokenError
from carillon_pronote_gateway.sign_in_limits import TooManySignInsError

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}}
    for status, words in {
        400: "The address or the request is not acceptable.",
        401: "The token is unknown, or Pronote refuses the person or has ended the session.",
        403: "Pronote refuses this page to this account.",
        404: "There is no such item, or the school has not published it.",
        422: "A parameter cannot be read.",
        429: "Too many attempts; Retry-After says when to try again.",
        502: "Pronote, or the portal, did not answer as it should.",
        503: "Pronote is closed or busy, or no session can be had just now.",
    }.items()
}
"""What any route may answer beside what it says itself."""

_STATUSES: tuple[tuple[type[PronoteError], int, str], ...] = (
    (errors.WrongCredentialsError, 401, "wrong-credentials"),
    (errors.SessionExpiredError, 401, "session-expired"),
    (errors.EntUnknownError, 400, "unknown-portal"),
    (errors.UnknownAccountError, 400, "unknown-account"),
    (ForbiddenAddressError, 400, "forbidden-address"),
    (reading.TooMuchAskedError, 400, "too-much-asked"),
    (reading.NoSuchItemError, 404, "not-found"),
    (errors.NotPublishedError, 404, "not-published"),
    (errors.AccessRefusedError, 403, "access-refused"),
    (errors.SignInRefusedError, 403, "sign-in-refused"),
    (errors.TwoFactorNeededError, 403, "two-factor-needed"),
    (errors.WrongPinError, 403, "wrong-pin"),
    (errors.UploadRefusedError, 400, "upload-refused"),
    (errors.ExpiredObjectError, 404, "expired-number"),
    (errors.SuspendedAddressError, 503, "address-suspended"),
    (errors.RateLimitedError, 503, "rate-limited"),
    (errors.SiteClosedError, 503, "site-closed"),
    (errors.SiteBusyError, 503, "site-busy"),
)


def problem_of(error: PronoteError) -> ProblemError:
    """The problem of a failure; what is not known is a bad gateway."""
    status, slug = next(
        ((status, slug) for kind, status, slug in _STATUSES if isinstance(error, kind)), (502, "pronote")
    )
    headers = {}
    if isinstance(error, RateLimitedError) and error.retry_after_seconds:
        headers["Retry-After"] = str(int(error.retry_after_seconds) + 1)
    title = Text(error.french, error.english)
    detail = Text(f"{title.fr} ({error.detail})", f"{title.en} ({error.detail})") if error.detail else None
    return ProblemError(slug, status, title, detail, headers=headers, code=error.code)


def _of_session(error: SessionError) -> ProblemError:
    if isinstance(error, UnknownTokenError):
        title = Text("Session inconnue ou terminée : reconnectez-vous.", "Unknown or ended session: sign in again.")
        return ProblemError("unknown-token", 401, title, headers={"WWW-Authenticate": "Bearer"}, code=5)
    if isinstance(error, TooManySessionsError):
        title = Text("Trop de sessions sont ouvertes : réessayez plus tard.", "Too many sessions are open: try later.")
        return ProblemError("too-many-sessions", 503, title)
    title = Text("Les sessions ne répondent pas : réessayez.", "Sessions cannot be used just now: try again.")
    return ProblemError("sessions-unavailable", 503, title, headers={"Retry-After": "2"})


def install(app: FastAPI) -> None:
    """Answer failures of Pronote, of sessions and of sign-in limits as problems."""

    @app.exception_handler(PronoteError)
    async def on_pronote_error(request: Request, error: PronoteError) -> JSONResponse:
        return answer(request, problem_of(error))

    @app.exception_handler(SessionError)
    async def on_session_error(request: Request, error: SessionError) -> JSONResponse:
        return answer(request, _of_session(error))

    @app.exception_handler(TooManySignInsError)
    async def on_too_many(request: Request, error: TooManySignInsError) -> JSONResponse:
        title = Text("Trop de tentatives de connexion : réessayez plus tard.", "Too many sign-ins: try again later.")
        return answer(request, ProblemError("too-many-sign-ins", 429, title, headers=error.headers, code=6))
