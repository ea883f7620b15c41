"""`/api/search/`: from a few letters to groups, rooms, timetables and courses."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from typing_extensions import TypedDict

from carillon_timetable_api import coverage, described, search
from carillon_timetable_api.answers import json_response
from carillon_timetable_api.search import Hit, Kind
from carillon_timetable_api.serving import ServingDep

router = APIRouter(tags=["search"])
_KINDS: tuple[Kind, ...] = ("group", "room", "timetable", "course")


class HitShown(TypedDict):
    """What was found: `address` is the item, for a name of courses the list of them."""

    kind: Kind
    id: Annotated[int | None, "Null for a name of courses."]
    name: str
    hidden: bool
    address: str


class HitsShown(TypedDict):
    """The best first; hidden groups last."""

    results: list[HitShown]


_EXAMPLE: dict[str, Any] = {
    "results": [
        {"kind": "group", "id": 4, "name": "L3 MUSIQUE s1 TDA1", "hidden": False,
         "address": "https://edt.example.fr/api/groups/4/"},
        {"kind": "course", "id": None, "name": "Musique de chambre", "hidden": False,
         "address": "https://edt.example.fr/api/courses/?search=Musique+de+chambre"},
    ]
}  # fmt: skip


@router.get(
    "/search/",
    operation_id="search",
    summary="Groups, rooms, timetables and courses by name, typos and accents forgiven",
    **described.body(HitsShown, _EXAMPLE, headers=described.HEADERS_OF_DATA),
)
async def by_name(
    request: Request,
    serving: ServingDep,
    q: Annotated[str, Query(description="What they are called, more or less.", max_length=200, examples=["musiqe"])],
    kind: Annotated[list[Kind], Query(description="Only these kinds.", max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Names that hold each word of `q`; if there is none, names like it. Words after the eighth are passed over."""
    words = search.words_asked_for("q", q)[: search.MOST_WORDS]
    kinds = tuple(wanted for wanted in _KINDS if not kind or wanted in kind)
    hits = await search.find(serving.engine, words, kinds, limit)
    root = str(request.base_url)
    response = json_response(HitsShown, {"results": [_shown(hit, root) for hit in hits]})
    async with serving.engine.connect() as connection:
        response.headers.update((await coverage.find_freshness(connection, coverage.EVERYTHING, {})).headers())
    return response


def _shown(hit: Hit, root: str) -> HitShown:
    query = urlencode({"search": hit.name})
    path = f"{hit.kind}s/{hit.id}/" if hit.id is not None else f"courses/?{query}"
    return {
        "kind": hit.kind,
        "id": hit.id,
        "name": hit.name,
        "hidden": hit.hidden,
        "address": f"{root}api/{path}",
    }
