"""What OpenAPI says of headers and errors that routes have in common."""

from typing import Any

from carillon_kit.problems import MEDIA_TYPE, Problem

from carillon_rooms.freshness import COVERED, DATA_AGE, FAILING_SOURCES

FRESHNESS_HEADERS: dict[str, Any] = {
    DATA_AGE: {
        "description": "Seconds since the last reading of the source that was read longest ago; absent if none was.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 840,
    },
    FAILING_SOURCES: {
        "description": "Sources whose last reading failed, separated by commas; absent if there are none.",
        "schema": {"type": "string"},
        "example": "ut3-l1-ps, ut3-l2-info",
    },
}
COVERED_HEADER: dict[str, Any] = {
    COVERED: {
        "description": "Whether all, some or none of the sources spoke for that day. "
        "`no`: the rooms are listed because no course is known, not because they are known to be free.",
        "schema": {"type": "string", "enum": ["yes", "partly", "no"]},
        "example": "yes",
    }
}


def problem(status: int, slug: str, title: str) -> dict[int | str, dict[str, Any]]:
    """One entry of a route's `responses`: a problem with an example."""
    example = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": title}
    return {status: {"description": title, "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA, "example": example}}}}


PROBLEM_SCHEMA = Problem.model_json_schema()
NOT_READY = problem(503, "not-ready", "Service pas encore prêt.")
NOT_FOUND = problem(404, "not-found", "Pas trouvé.")
INVALID_REQUEST = problem(422, "invalid-request", "Requête invalide.")
