"""`/auth/login`, `/auth/logout` and `/graphql`: what programs written for pronote-api's server call.

Requests, answers, statuses and error codes are pronote-api's: 400 for what is missing, 401 for an unknown token, 500
with `{"message", "code"}` for what Pronote refuses. Ours are 429 and 503.
"""

from typing import Annotated, Any

import structlog
from carillon_pronote import AccountKind
from carillon_pronote.errors import PronoteError, UnknownAccountError
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import SecretStr
from pydantic_core import from_json, to_json

from carillon_pronote_gateway import gateway
from carillon_pronote_gateway.addresses import ForbiddenAddressError
from carillon_pronote_gateway.gateway import Gateway
from carillon_pronote_gateway.graphql_schemas.context import RequestContext
from carillon_pronote_gateway.graphql_schemas.execution import DocumentLimits, execute, schema_of
from carillon_pronote_gateway.pronote_api_documentation import (
    DOCUMENT,
    LOGIN,
    REFUSALS,
    GraphQLAnswer,
    SessionToken,
    Success,
)
from carillon_pronote_gateway.sessions.errors import SessionError, UnknownTokenError
from carillon_pronote_gateway.sessions.sign_in import NO_PORTAL, PasswordWish
from carillon_pronote_gateway.sign_in_limits import TooManySignInsError

LONGEST_TEXT = 2000
router = APIRouter(tags=["pronote-api"])
log = structlog.get_logger()
Token = Annotated[str | None, Header(alias="Token", description="What /auth/login gave.")]


class RefusedError(Exception):
    """The request is answered with `{"message"}` and this status."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


def _failed(error: Exception) -> JSONResponse:
    status, headers = 500, {}
    body: dict[str, object] = {"message": str(error)}
    match error:
        case RefusedError():
            status = error.status
        case TooManySignInsError():
            status, headers, body = 429, dict(error.headers), {"message": "Too many sign-ins: try later", "code": 6}
        case UnknownTokenError():
            status, body = 401, {"message": "This session token is not known"}
        case SessionError():
            status, body = 503, {"message": "Sessions cannot be used or begun just now: try again later"}
        case PronoteError():
            status = 400 if isinstance(error, ForbiddenAddressError) else 500
            body["code"] = error.code
    return JSONResponse(body, status, headers)


async def _body(request: Request) -> dict[str, Any]:
    """The request's JSON object; as in pronote-api, without the right Content-Type there is nothing in it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return {}
    try:
        body = from_json(await request.body() or b"{}")  # refuses halves of characters, which can be sent nowhere
    except ValueError:
        raise RefusedError(400, "The request's body is not JSON") from None
    return body if isinstance(body, dict) else {}


def _wish(body: dict[str, Any]) -> PasswordWish:
    texts = [body.get(name) for name in ("url", "username", "password")]
    if not all(isinstance(text, str) and text and len(text) <= LONGEST_TEXT for text in texts):
        raise RefusedError(400, "'url', 'username' and 'password' are needed, and Content-Type: application/json")
    url, username, password = (str(text) for text in texts)
    cas, account, pin = body.get("cas") or NO_PORTAL, body.get("account") or "student", body.get("pin")
    try:
        kind = AccountKind.named(str(account))
    except UnknownAccountError:
        raise RefusedError(400, f"Unknown kind of account {str(account)[:40]!r}") from None
    return PasswordWish(
        url=url,
        username=username,
        password=SecretStr(password),
        cas=str(cas),
        account=kind,
        remember=body.get("remember") is True,
        publish=body.get("publish") is True,
        pin=SecretStr(str(pin)) if pin else None,
    )


@router.post("/auth/login", response_model=SessionToken, responses=REFUSALS, openapi_extra=LOGIN)
async def login(request: Request) -> JSONResponse:
    """Sign in with `url`, `username`, `password`, and optionally `cas`, `account`, `remember`, `publish`, `pin`."""
    serving = gateway.of(request)
    try:
        wish = _wish(await _body(request))
        headers = await serving.limits.count(gateway.caller(request), serving.sessions.sign_ins.labels(wish)[0])
        return JSONResponse({"token": (await serving.sessions.sign_in(wish)).token}, headers=headers)
    except (RefusedError, TooManySignInsError, SessionError, PronoteError) as error:
        if isinstance(error, PronoteError):
            log.info("sign_in_failed", code=error.code)
        return _failed(error)


@router.post("/auth/logout", response_model=Success, responses=REFUSALS)
async def logout(request: Request, token: Token = None) -> JSONResponse:
    """End the session everywhere; an unknown token is no error."""
    try:
        if token:
            await gateway.of(request).sessions.end(token)
    except SessionError as error:
        return _failed(error)
    return JSONResponse({"success": True})


@router.post("/graphql", response_model=GraphQLAnswer, responses=REFUSALS, openapi_extra=DOCUMENT)
async def graphql(request: Request, token: Token = None) -> Response:
    """Execute `query` with `variables` (and `operationName`); 200 whenever it was executed, errors inside."""
    try:
        query, body = _document(await _body(request), token)
        answer = await _execute(gateway.of(request), token or "", query, body)
    except (RefusedError, SessionError) as error:
        return _failed(error)
    return Response(to_json(answer), media_type="application/json")


def _document(body: dict[str, Any], token: str | None) -> tuple[str, dict[str, Any]]:
    if not token:
        raise RefusedError(401, "The header 'Token' is missing")
    query = body.get("query")
    if not isinstance(query, str) or not query:
        raise RefusedError(400, "The field 'query' is missing, or the header Content-Type: application/json")
    return query, body


async def _execute(serving: Gateway, token: str, query: str, body: dict[str, Any]) -> dict[str, Any]:
    variables, operation = body.get("variables"), body.get("operationName")
    settings = serving.settings
    limits = DocumentLimits(
        settings.graphql_max_depth,
        settings.graphql_max_aliases,
        settings.graphql_max_tokens,
        settings.graphql_introspection,
    )
    async with serving.sessions.use(token) as held:
        context = RequestContext(serving.reader(held), serving.sessions, serving.clock())
        schema = schema_of(held.session.account, limits, held.session.timezone)
        answer = await execute(
            schema,
            query,
            variables if isinstance(variables, dict) else None,
            operation if isinstance(operation, str) else None,
            context,
        )
    if context.ended:
        await serving.sessions.end(token)
    return answer
