"""How the OpenAPI document describes the routes of pronote-api, which read their bodies leniently, by hand."""

from typing import Any

from pydantic import BaseModel


class Refusal(BaseModel):
    """Why a request was not served; `code` is pronote-api's, where Pronote or a portal is the reason."""

    message: str
    code: int | None = None


class SessionToken(BaseModel):
    """Goes into the header `Token`."""

    token: str


class Success(BaseModel):
    """It is done."""

    success: bool


class GraphQLAnswer(BaseModel):
    """The result of a document."""

    data: dict[str, Any] | None = None
    errors: list[dict[str, Any]] | None = None


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": words}
    for status, words in {
        400: "Something is missing or not acceptable.",
        401: "The token is missing or unknown.",
        429: "Too many attempts; Retry-After says when to try again.",
        500: "Pronote or the portal refuses, with the code of the reason.",
        503: "No session can be had or used just now.",
    }.items()
}
_TEXT = {"type": "string"}


def _body(required: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "required": required, "properties": properties}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


LOGIN = _body(
    ["url", "username", "password"],
    url={**_TEXT, "description": "The school's Pronote."},
    username=_TEXT,
    password={**_TEXT, "format": "password"},
    cas={**_TEXT, "default": "none", "description": "A portal's id (GET /pronote/v1/ents)."},
    account={**_TEXT, "default": "student", "description": "student, parent, teacher, administration, attendant …"},
    remember={"type": "boolean", "default": False, "description": "Keep a Pronote token to sign in again with."},
    publish={"type": "boolean", "default": False, "description": "Publish the courses of the class, without names."},
    pin={**_TEXT, "description": "For accounts with two-factor authentication."},
)
DOCUMENT = _body(
    ["query"],
    query={**_TEXT, "description": "A GraphQL document.", "examples": ['{ timetable(from: "2020-09-02") { room } }']},
    variables={"type": "object"},
    operationName=_TEXT,
)
