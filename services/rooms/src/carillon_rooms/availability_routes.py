"""`GET /api/rooms/free/` and `GET /api/rooms/<id>/timeline/`: free, busy or unknown, and why."""

from datetime import date
from typing import Annotated, Any

from carillon_kit.languages import Language, preferred
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic.json_schema import SkipJsonSchema

from carillon_rooms.availability import Answer, DayTimelines, Segment, State, answer
from carillon_rooms.availability_parameters import (
    At,
    Buildings,
    Day,
    For,
    check_buildings,
    day_asked,
    window_asked,
)
from carillon_rooms.explanations import REASONS, hidden_room, unknown_room
from carillon_rooms.freshness import COVERED
from carillon_rooms.institution_time import at as at_zone
from carillon_rooms.institution_time import days_of
from carillon_rooms.occupancy_index import Room
from carillon_rooms.openapi_notes import COVERED_HEADER, FRESHNESS_HEADERS, INVALID_REQUEST, NOT_FOUND, NOT_READY
from carillon_rooms.rooms_state import Known, KnownNow
from carillon_rooms.schemas import DataOut, FreeRoomsOut, RoomOut, RoomStateOut, SegmentOut, TimelineOut
from carillon_rooms.spans import Span

router = APIRouter(prefix="/api/rooms", tags=["Salles libres"])
_OK: dict[int | str, dict[str, Any]] = {200: {"headers": {**COVERED_HEADER, **FRESHNESS_HEADERS}}}


async def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language"))


LanguageAsked = Annotated[Language, Depends(_language)]
States = Annotated[
    list[State] | SkipJsonSchema[None], Query(alias="state", description="Only rooms in this state; may be repeated.")
]


@router.get("/free/", responses={**_OK, **INVALID_REQUEST, **NOT_READY})
async def free_rooms(
    *,
    response: Response,
    known: KnownNow,
    language: LanguageAsked,
    at: At = None,
    length: For = "1h",
    buildings: Buildings = None,
    states: States = None,
) -> FreeRoomsOut:
    """Every room for a time: *free*, *busy* or *unknown*, since when, until when, and why; best first.

    A room is free only if all sources spoke for the days asked for and their data are not too old (the room policy
    says how old); otherwise a room without a known course is unknown. Closed rooms are busy, with their reason.
    """
    window = window_asked(at, length, known)
    check_buildings(buildings, known)
    days = days_of(window, known.zone)
    timelines = DayTimelines(known.index, known.policy, days, known.zone, known.now)
    found = rank_rooms(known, timelines, window, buildings)
    found = [one for one in found if not states or one[1].state in states]
    _describe(response, known, days, language, lasting=at is not None)
    return FreeRoomsOut(
        begin=at_zone(window.begin, known.zone),
        end=at_zone(window.end, known.zone),
        timezone=known.zone.key,
        data=_data(known, days),
        rooms=[_room_state(known, room, one, language) for room, one in found],
    )


@router.get("/{room:int}/timeline/", responses={**_OK, **NOT_FOUND, **INVALID_REQUEST, **NOT_READY})
async def timeline(
    room: Annotated[int, Path(description="The room's id.", examples=[26])],
    response: Response,
    known: KnownNow,
    language: LanguageAsked,
    day: Day = None,
) -> TimelineOut:
    """A room's day from midnight to midnight: free, busy and unknown times, with the reasons and the courses."""
    chosen = day_asked(day, known)
    found = known.index.room(room)
    if found is None:
        raise unknown_room()
    rules = known.policy.rules_of(found.named.name)
    if rules.hidden is not None:
        raise hidden_room(rules.hidden.why)
    segments = DayTimelines(known.index, known.policy, (chosen,), known.zone, known.now).of(room, found.named.name)
    _describe(response, known, (chosen,), language, lasting=day is not None)
    return TimelineOut(
        room=RoomOut(id=room, name=found.named.name, slug=found.named.slug),
        building=rules.building.name if rules.building else None,
        access=rules.building.access if rules.building else None,
        day=chosen,
        timezone=known.zone.key,
        data=_data(known, (chosen,)),
        segments=[_segment(known, segment, language) for segment in segments],
    )


def rank_rooms(
    known: Known, timelines: DayTimelines, window: Span, buildings: list[str] | None = None
) -> list[tuple[Room, Answer]]:
    """The offered rooms (of some buildings) and their answers for a window, best first."""
    found = [
        (room, answer(timelines.of(room.named.id, room.named.name), window))
        for room in known.index.rooms
        if known.offers(room) and (not buildings or building_of(known, room) in buildings)
    ]
    return sorted(found, key=lambda one: (_rank(one[1], window), one[0].order))


def _rank(found: Answer, window: Span) -> tuple[int, int]:
    if found.state is State.FREE:
        return 0, -(found.free_until or window.end)
    if found.state is State.UNKNOWN:
        return 1, 0
    return (2, found.free_from) if found.free_from is not None else (3, 0)


def _describe(response: Response, known: Known, days: tuple[date, ...], language: Language, *, lasting: bool) -> None:
    """Headers; an answer about "now" is not `lasting` and is not kept."""
    response.headers["Cache-Control"] = "no-cache" if lasting else "private, no-cache"
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    response.headers[COVERED] = known.covered(days)


def _data(known: Known, days: tuple[date, ...]) -> DataOut:
    oldest = known.sources.oldest_read
    return DataOut(
        covered=known.covered(days),
        oldest_read_at=oldest.astimezone(known.zone) if oldest else None,
        failing_sources=list(known.sources.failing),
    )


def building_of(known: Known, room: Room) -> str | None:
    """The building's name, by the room policy."""
    building = known.policy.rules_of(room.named.name).building
    return building.name if building else None


def _room_state(known: Known, room: Room, found: Answer, language: Language) -> RoomStateOut:
    building = known.policy.rules_of(room.named.name).building
    return RoomStateOut(
        id=room.named.id,
        name=room.named.name,
        slug=room.named.slug,
        building=building.name if building else None,
        access=building.access if building else None,
        state=found.state,
        free_from=None if found.free_from is None else at_zone(found.free_from, known.zone),
        free_until=None if found.free_until is None else at_zone(found.free_until, known.zone),
        reason=found.reason,
        explanation=REASONS[found.reason].in_language(language),
    )


def _segment(known: Known, segment: Segment, language: Language) -> SegmentOut:
    return SegmentOut(
        begin=at_zone(segment.span.begin, known.zone),
        end=at_zone(segment.span.end, known.zone),
        state=segment.state,
        reason=segment.reason,
        explanation=REASONS[segment.reason].in_language(language),
        courses=list(segment.courses),
    )
