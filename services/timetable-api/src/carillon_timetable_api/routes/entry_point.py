"""`/api/`: where the lists are."""

from fastapi import APIRouter, Request, Response

from carillon_timetable_api import described, schemas
from carillon_timetable_api.answers import json_response
from carillon_timetable_api.routes import catalogue

_EXAMPLE = {name: f"https://edt.example.fr/api/{name}/" for name in catalogue.NAMES}
router = APIRouter()


@router.get("/", operation_id="read_entry_point", summary="The lists", **described.body(schemas.EntryPoint, _EXAMPLE))
async def entry_point(request: Request) -> Response:
    """Absolute addresses, as the caller reaches them."""
    base = str(request.url.replace(query="", fragment=""))
    return json_response(schemas.EntryPoint, {name: f"{base}{name}/" for name in catalogue.NAMES})
