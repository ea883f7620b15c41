"""`GET /api/rooms/qsjps/<day>/<begin>/<end>/`: celcatsanitizer's list of free rooms."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from carillon_rooms.freshness import COVERED
from carillon_rooms.institution_time import window_of
from carillon_rooms.openapi_notes import COVERED_HEADER, FRESHNESS_HEADERS, NOT_READY
from carillon_rooms.qsjps import BAD_DAY, BAD_ORDER, BAD_TIME, read_search
from carillon_rooms.rooms_state import StateNow
from carillon_rooms.schemas import ROOM, RoomOut

router = APIRouter(prefix="/api/rooms", tags=["Salles libres"])

_ERRORS: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "array", "items": {"type": "string"}} for name in ("day", "begin", "end")},
    "additionalProperties": False,
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The rooms without a known course in that time, by name.",
        "headers": {**COVERED_HEADER, **FRESHNESS_HEADERS},
        "content": {"application/json": {"example": [ROOM, {"id": 11, "name": "1TP1-B08", "slug": "1tp1-b08"}]}},
    },
    400: {
        "description": "Parts that cannot be read: all of them, each with its messages.",
        "content": {
            "application/json": {
                "schema": _ERRORS,
                "examples": {
                    "order": {"value": {"day": [BAD_DAY], "end": [BAD_ORDER]}},
                    "times": {"value": {"day": [BAD_DAY], "begin": [BAD_TIME], "end": [BAD_TIME]}},
                },
            }
        },
    },
    **NOT_READY,
}


@router.get("/qsjps/{day}/{begin}/{end}/", response_model=list[RoomOut], responses=_RESPONSES)
async def qsjps(
    day: Annotated[str, Path(description="`YYYY-MM-DD`, a day of the institution.", examples=["2026-11-23"])],
    begin: Annotated[str, Path(description="`HH:mm`", examples=["10:00"])],
    end: Annotated[str, Path(description="`HH:mm`, later than `begin`.", examples=["12:00"])],
    state: StateNow,
) -> Response:
    """Rooms without a known course on a day between two times of the institution's clock.

    A course that only touches the time does not count. Rooms that the operator has hidden are left out. The headers
    say how far the answer can be trusted; `/api/rooms/free/` says so room by room.
    """
    search = read_search(day, begin, end)
    if isinstance(search, dict):
        return JSONResponse(search, status_code=400)
    known = state.known()
    window = window_of(search.day, search.begin, search.end, known.zone)
    free = state.board(search.day).free(window)
    headers = {"Cache-Control": "no-cache", COVERED: known.covered((search.day,))}
    return Response(b"[" + b",".join(free) + b"]", headers=headers, media_type="application/json")
