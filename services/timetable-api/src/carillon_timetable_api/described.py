"""How routes are described in the OpenAPI document: bodies with examples, and the errors that callers can meet."""

from typing import Any

from carillon_kit.problems import MEDIA_TYPE, Problem

from carillon_timetable_api import data_age, empty_lists, schemas
from carillon_timetable_api.answers import list_body

Description = dict[str, Any]

_NULL = "\0null"
"""Stands for null in examples, because FastAPI leaves out every null of the document."""


def _marked(example: Any) -> Any:
    return _replaced(example, None, _NULL)


def with_nulls(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with the nulls of its examples."""
    restored: dict[str, Any] = _replaced(document, _NULL, None)
    return restored


def _replaced(value: Any, old: Any, new: Any) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(inner, old, new) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, old, new) for inner in value]
    return new if value == old else value


def _problem(description: str) -> Description:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}}


ERRORS: dict[int | str, Description] = {
    404: _problem("There is no such thing, or no such page."),
    503: _problem("The database does not answer at the moment; `Retry-After` says when to try again (seconds)."),
    "default": _problem("Anything else that went wrong."),
}
"""Of every operation, whatever it answers otherwise."""

_NOT_MODIFIED: Description = {"description": "What `If-None-Match` names is still what would be answered."}

HEADERS_OF_DATA: Description = {
    data_age.DATA_AGE: {
        "description": "Seconds since the last complete read of the source that was read longest ago, of all that the "
        "answer depends on; absent if none was ever read.",
        "schema": {"type": "integer", "minimum": 0},
    },
    data_age.FAILING_SOURCES: {
        "description": "The slugs of those sources that cannot be read at present, with commas; absent if all can.",
        "schema": {"type": "string"},
    },
}
HEADERS_OF_COURSES: Description = HEADERS_OF_DATA | {
    empty_lists.HEADER: {
        "description": "Why there is no course; absent if there is one. `source-failing` and `not-covered`: not all "
        "days are known. `nothing-planned` and `holiday`: they are, and there is no course.",
        "schema": {"type": "string", "enum": list(empty_lists.EmptyBecause)},
    },
}


def _field_errors(example: dict[str, str]) -> Description:
    schema = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "description": "An impossible date: one French sentence for each wrong part.",
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def body(
    model: Any, example: Any, wrong: dict[str, str] | None = None, headers: Description | None = None
) -> Description:
    """Arguments of a route that answers with a `model`; `wrong` is the example of the errors of an impossible date."""
    responses: dict[int | str, Description] = {
        200: {"content": {"application/json": {"example": _marked(example)}}},
        304: _NOT_MODIFIED,
        **ERRORS,
    }
    if headers is not None:
        responses[200]["headers"] = headers
    if wrong is not None:
        responses[400] = _field_errors(wrong)
    return {"response_model": model, "responses": responses}


def list_of(item: Any, example: Any, page_size: int, wrong: dict[str, str] | None = None) -> Description:
    """Arguments of a route that answers with a list, paginated or bare as this instance is set up."""
    page = {"count": 1, "next": None, "previous": None, "results": [example]}
    headers = HEADERS_OF_COURSES if item is schemas.Course else None
    return body(list_body(item, page_size), page if page_size else [example], wrong, headers)
