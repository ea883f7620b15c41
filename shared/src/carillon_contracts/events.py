"""The events, one class each, and what is kept in the `occupancy` bucket.

| event | subject | said by | heard by |
|---|---|---|---|
| `Observed` | `observed.<source>.<calendar>.<week>[.<day>]` | scraper, Pronote gateway | timetable API |
| `SourceRead` | `source.read.<source>` | scraper, Pronote gateway | timetable API |
| `SourceFailed` | `source.failed.<source>` | scraper, Pronote gateway | timetable API |
| `Changed` | `changed.<source>.<kind>` | timetable API | anyone |
| `RoomWeek` | `occupancy` bucket, `room.<room id>.<week>` | timetable API | rooms |
| `Coverage` | `occupancy` bucket, `week.<week>` | timetable API | rooms |
| `SourceStates` | `occupancy` bucket, `sources` | timetable API | rooms |
"""

import hashlib
from datetime import date
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field, model_validator

from carillon_contracts.course import Calendar, Course, Fact, Slug, Source, Token
from carillon_contracts.weeks import IsoWeek, days_of


class Observed(Fact):
    """A snapshot: everything that one source showed for one calendar on some days of one week.

    A course of these days that is not in it is gone from this calendar. Each course begins on one of `days` in the
    institution's zone, which the producer has applied already; the days are stated so that a reader needs no zone.
    """

    source: Source
    calendar: Calendar
    week: IsoWeek
    days: tuple[date, ...] = Field(min_length=1, max_length=7, description="The days this snapshot speaks for.")
    observed_at: AwareDatetime
    published_at: AwareDatetime | None = Field(default=None, description="Said by the source itself, where it does.")
    courses: tuple[Course, ...]

    @model_validator(mode="after")
    def _is_of_one_week(self) -> Self:
        if not set(self.days) <= set(days_of(self.week)):
            raise ValueError("a snapshot's days lie outside its week")
        return self

    @property
    def subject(self) -> str:
        """A whole week has one subject; a part of a week has its first day's."""
        base = f"observed.{self.source.slug}.{self.calendar.key}.{self.week}"
        return base if len(self.days) == len(days_of(self.week)) else f"{base}.{self.days[0].isoformat()}"

    def content_digest(self) -> str:
        """Equal for two snapshots that show the same, whenever they were made."""
        shown = self.model_dump_json(exclude={"observed_at", "published_at"})
        return hashlib.sha256(shown.encode()).hexdigest()


class SourceRead(Fact):
    """A source was read to the end: all its calendars, all that it shows of them.

    Snapshots are published when they changed; this event says that the others are still as they were.
    """

    source: Source
    observed_at: AwareDatetime
    published_at: AwareDatetime | None = None
    calendars: tuple[Calendar, ...] = ()
    courses: int = Field(ge=0, description="How many meetings it showed.")
    skipped: int = Field(default=0, ge=0, description="Entries that could not be placed in time, e.g. without a week.")
    gone: tuple[Token, ...] = Field(
        default=(),
        description="Keys of calendars that the source listed once and lists no longer: from `observed_at` on, nothing "
        "is known of them. Said in each read for as long as it is so; a calendar that comes back is published anew.",
    )

    @property
    def subject(self) -> str:
        """Where it is published."""
        return f"source.read.{self.source.slug}"


class SourceFailed(Fact):
    """A source could not be read, or what it showed was not believed; what is known of it stays."""

    source: Source
    failed_at: AwareDatetime
    code: str = Field(
        description="A stable word: `unreachable`, `http-status`, `not-xml`, `too-large`, `implausible` …"
    )
    reason_fr: str
    reason_en: str

    @property
    def subject(self) -> str:
        """Where it is published."""
        return f"source.failed.{self.source.slug}"


class ChangeKind(StrEnum):
    """What happened to a course; where several things did, the first of this order."""

    ADDED = "added"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    MOVED = "moved"
    ROOM = "room"
    RENAMED = "renamed"
    OTHER = "other"


class Named(Fact):
    """A group or room by our id."""

    id: int
    name: str
    slug: str


class CourseState(Fact):
    """A course as it was before or after a change."""

    name: str
    type: str | None
    notes: str | None
    begin: AwareDatetime
    end: AwareDatetime
    cancelled: bool
    groups: tuple[Named, ...]
    rooms: tuple[Named, ...]
    teachers: tuple[str, ...] = ()


class Changed(Fact):
    """One row of the journal: a difference that was committed. Delivered in the order of `number`, at least once."""

    number: int = Field(ge=1, description="Grows for ever; gaps are possible, reordering is not.")
    at: AwareDatetime
    kind: ChangeKind
    source: Slug
    course: int = Field(description="Our id.")
    before: CourseState | None
    after: CourseState | None
    correlation_id: str | None = None

    @property
    def subject(self) -> str:
        """Where it is published."""
        return f"changed.{self.source}.{self.kind}"


class Busy(Fact):
    """A room is taken from `begin` to `end`."""

    begin: AwareDatetime
    end: AwareDatetime
    course: int


class RoomWeek(Fact):
    """When a room is taken in one ISO week of the institution; a course past midnight on Sunday is in both weeks."""

    room: Named
    week: IsoWeek
    busy: tuple[Busy, ...] = Field(description="By begin; may overlap.")

    @property
    def key(self) -> str:
        """Where it is kept in the bucket."""
        return f"room.{self.room.id}.{self.week}"


class Coverage(Fact):
    """Which sources spoke for the days of a week: a day that is not in it is unknown, not free."""

    week: IsoWeek
    days: dict[date, tuple[Slug, ...]]

    @property
    def key(self) -> str:
        """Where it is kept in the bucket."""
        return f"week.{self.week}"


class SourceState(Fact):
    """How a source is doing."""

    slug: Slug
    last_read_at: AwareDatetime | None
    failing_since: AwareDatetime | None


class SourceStates(Fact):
    """All sources, and the institution's zone, in which days are asked for."""

    KEY: ClassVar[str] = "sources"

    timezone: str
    sources: tuple[SourceState, ...]

    @property
    def key(self) -> str:
        """Where it is kept in the bucket."""
        return self.KEY
