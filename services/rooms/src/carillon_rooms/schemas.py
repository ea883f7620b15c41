"""The public shape of answers. Times carry the institution's offset."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from carillon_rooms.availability import Reason, State
from carillon_rooms.occupancy_index import Covered

ROOM: dict[str, Any] = {"id": 26, "name": "1R1-010", "slug": "1r1-010"}


class RoomOut(BaseModel):
    """A room, as everywhere in the API."""

    model_config = ConfigDict(json_schema_extra={"examples": [ROOM]})

    id: int
    name: str
    slug: str


class DataOut(BaseModel):
    """What the answer rests on."""

    covered: Covered = Field(description="Whether all, some or none of the sources spoke for the days asked for.")
    oldest_read_at: datetime | None = Field(description="When the source that was read longest ago was read.")
    failing_sources: list[str] = Field(description="Sources whose last reading failed.")


class RoomStateOut(RoomOut):
    """A room, and whether it can be had for the whole time asked for."""

    building: str | None = Field(description="By the operator's room policy.")
    access: str | None = Field(description="How to get in, as the operator wrote it.")
    state: State
    free_from: datetime | None = Field(
        description="Free: since when. Otherwise: the next time on the days asked for at which it is free long enough."
    )
    free_until: datetime | None = Field(description="When that free time ends; a day's end where nothing ends it.")
    reason: Reason
    explanation: str = Field(description="The reason as a sentence, in the language of `Accept-Language`.")


class FreeRoomsOut(BaseModel):
    """Rooms for a time, the free ones first, longest first; then unknown ones; then the others, soonest free first."""

    begin: datetime
    end: datetime
    timezone: str = Field(description="The institution's IANA zone.")
    data: DataOut
    rooms: list[RoomStateOut]


class SegmentOut(BaseModel):
    """A part of the day in which state and reason stay the same."""

    begin: datetime
    end: datetime
    state: State
    reason: Reason
    explanation: str
    courses: list[int] = Field(description="Ids of the courses that take place then; see `/api/courses/<id>/`.")


class TimelineOut(BaseModel):
    """A room's day from midnight to midnight, without gaps; 23 or 25 hours when the clock changes."""

    room: RoomOut
    building: str | None
    access: str | None
    day: date
    timezone: str
    data: DataOut
    segments: list[SegmentOut]
