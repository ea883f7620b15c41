"""`/api/changes/`: what changed since a cursor, and the same as a stream."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from carillon_contracts.events import ChangeKind
from carillon_kit.languages import Text
from carillon_kit.problems import bad_parameter
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from carillon_timetable_api import coverage, described, examples
from carillon_timetable_api.answers import COMPUTED_EACH_TIME, json_response
from carillon_timetable_api.changes import filters, journal_reads
from carillon_timetable_api.changes.change import Change
from carillon_timetable_api.changes.filters import (
    ChangeFilter,
    ListedChangeParameters,
    StreamedChangeParameters,
    Wanted,
)
from carillon_timetable_api.changes.journal_feed import JournalFeed, Listener
from carillon_timetable_api.serving import ConnectionDep, Serving, ServingDep

router = APIRouter(tags=["changes"])
_REPLAYED_AT_ONCE = 500
_NOT_OF_THIS_JOURNAL = Text(
    "ce curseur n’est pas d’ici (base restaurée ?) : relisez les listes, puis prenez celui de since=latest.",
    "this cursor is not from here (a restored database?): read the lists again, then take that of since=latest.",
)


Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""With the institution's offset."""


class NamedThing(TypedDict):
    """A group or room by its id."""

    id: int
    name: str
    slug: str


class CourseAtATime(TypedDict):
    """A course as it was before or after a change."""

    name: str
    type: str | None
    notes: str | None
    begin: Instant
    end: Instant
    cancelled: bool
    groups: list[NamedThing]
    rooms: list[NamedThing]


class ChangeShown(TypedDict):
    """One change; a move is one change, not two."""

    id: Annotated[int, Field(description="Grows for ever.")]
    at: Instant
    kind: ChangeKind
    course: int
    source: int
    fields: Annotated[list[str], Field(description="What differs between `before` and `after`.")]
    before: Annotated[CourseAtATime | None, Field(description="Null for a course that is new.")]
    after: CourseAtATime


class ChangesShown(TypedDict):
    """Changes, oldest first."""

    next: Annotated[str, Field(description="The `since` of the next request: nothing is skipped or comes twice.")]
    more: Annotated[bool, Field(description="Whether there is more already.")]
    results: list[ChangeShown]


def _example() -> dict[str, Any]:
    course: dict[str, Any] = dict(examples.COURSE)
    shown = {name: value for name, value in course.items() if name in CourseAtATime.__annotations__}
    for of in ("groups", "rooms"):
        shown[of] = [{key: named[key] for key in NamedThing.__annotations__} for named in course[of]]
    after = {**shown, "cancelled": True}
    row = {"id": 7, "at": "2026-11-21T12:00:00+01:00", "kind": "cancelled", "course": course["id"]}
    row |= {"source": 1, "fields": ["cancelled"], "before": {**shown, "cancelled": False}, "after": after}
    return {"next": "7", "more": False, "results": [row]}


@router.get(
    "/changes/",
    operation_id="list_changes",
    summary="What changed since a cursor, oldest first",
    **described.body(ChangesShown, _example(), headers=described.HEADERS_OF_DATA),
)
async def list_changes(connection: ConnectionDep, serving: ServingDep, wanted: Wanted) -> Response:
    """Keep `next` and ask again later; filters may change between two requests."""
    chosen = await filters.look_up(connection, wanted)
    response = json_response(ChangesShown, await _since(connection, serving, wanted, chosen))
    response.headers.update((await coverage.find_freshness(connection, *chosen.concerned())).headers())
    if chosen.horizon is not None:  # it moves with the clock
        response.headers["Cache-Control"] = COMPUTED_EACH_TIME
    return response


async def _since(
    connection: AsyncConnection, serving: Serving, wanted: ListedChangeParameters, chosen: ChangeFilter
) -> dict[str, Any]:
    if wanted.since == "latest":
        return {"next": str(await journal_reads.last_number(connection)), "more": False, "results": []}
    found = await journal_reads.after(connection, int(wanted.since), chosen, wanted.limit, serving.zone)
    if int(wanted.since) > found.next:
        raise bad_parameter("since", _NOT_OF_THIS_JOURNAL)
    now = serving.now()
    changes = [change for change in found.changes if chosen.wants(change, now)]
    if wanted.digest:
        changes = chosen.digest(changes)
    return {"next": str(found.next), "more": found.more, "results": [change.body() for change in changes]}


async def _asked(
    serving: ServingDep, parameters: Annotated[StreamedChangeParameters, Query()]
) -> tuple[ChangeFilter, int]:
    """What is wanted and for how long it is gathered; looked up before the stream begins, so that a 404 can be told."""
    async with serving.engine.connect() as connection:  # given back at once: a stream may last for days
        return await filters.look_up(connection, parameters), parameters.gathered_s


@router.get(
    "/changes/stream/",
    operation_id="stream_changes",
    summary="Changes as they happen (server-sent events)",
    response_class=EventSourceResponse,
)
async def stream_changes(
    request: Request,
    serving: ServingDep,
    asked: Annotated[tuple[ChangeFilter, int], Depends(_asked)],
    last_event_id: Annotated[str | None, Header(pattern=r"^\d{1,18}$", include_in_schema=False)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Each event's id is the change's; a browser that reconnects names its last one and misses nothing.

    The stream ends when its reader is too slow, or the server stops: reconnect. A comment comes every 15 seconds.
    """
    feed: JournalFeed = request.app.state.journal_feed
    chosen, gathered_s = asked
    listener = await feed.listen()
    try:
        yield ServerSentEvent(comment="changes")
        if last_event_id is not None:
            async for missed in _replay(serving, chosen, int(last_event_id), listener.start):
                yield _event(missed, missed.text())
        if gathered_s:
            async for change in _gathered(serving, chosen, listener, gathered_s):
                yield _event(change, change.text())
        while (told := await listener.next()) is not None:
            if chosen.wants(told.change, serving.now()):
                yield _event(told.change, told.text)
    finally:
        feed.leave(listener)


async def _gathered(
    serving: Serving, chosen: ChangeFilter, listener: Listener, seconds: float
) -> AsyncIterator[Change]:
    """Digests of what came within some seconds of a first change; what is held at the end comes on resuming."""
    clock = asyncio.get_running_loop().time
    held: list[Change] = []
    until: float | None = None
    while True:
        try:
            async with asyncio.timeout_at(until):
                told = await listener.next()
        except TimeoutError:
            for change in chosen.digest(held):
                yield change
            held, until = [], None
            continue
        if told is None:
            return
        if chosen.wants(told.change, serving.now()):
            held.append(told.change)
            until = until or clock() + seconds


async def _replay(serving: Serving, chosen: ChangeFilter, cursor: int, end: int) -> AsyncIterator[Change]:
    """The changes after a cursor up to where the listener begins; a digest is of what is read at once."""
    while cursor < end:
        async with serving.engine.connect() as connection:
            found = await journal_reads.after(connection, cursor, chosen, _REPLAYED_AT_ONCE, serving.zone)
        now = serving.now()
        missed = [change for change in found.changes if change.number <= end and chosen.wants(change, now)]
        for change in chosen.digest(missed) if chosen.in_digests else missed:
            yield change
        cursor = found.next


def _event(change: Change, text: str) -> ServerSentEvent:
    return ServerSentEvent(raw_data=text, id=str(change.number))
