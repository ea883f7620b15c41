"""The rows as stored. Times are UTC; days and weeks are the institution's.

A *publisher* is one installation (`Source.publisher`): event ids and group names are unique within it, and what several
sources of one publisher show alike is kept once. Rooms are the institution's, whoever names them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Column, Identity, Index, Integer, Text, UniqueConstraint, false, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


def _for_searches(table: str) -> Index:
    """Finds a name by a part of it, or by something like it."""
    name = f"ix_{table}_search"
    return Index(name, "sort_name", postgresql_using="gin", postgresql_ops={"sort_name": "gin_trgm_ops"})


class Year(SQLModel, table=True):
    """A year of study, e.g. `L1`."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    slug: str


class SourceRow(SQLModel, table=True):
    """An entry of the sources file, and how it is doing."""

    __tablename__ = "source"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    format: str
    url: str
    publisher: str = Field(index=True)
    last_update_at: datetime | None = Field(default=None, description="When the source says it was published.")
    last_read_at: datetime | None = Field(default=None, description="The last complete read.")
    courses: int | None = Field(default=None, description="How many meetings the last read showed.")
    skipped: int = 0
    failing_since: datetime | None = Field(default=None, description="The first failure after the last good read.")
    failed_at: datetime | None = Field(default=None, description="The last failure, kept after a good read.")
    failure_code: str | None = None
    failure_fr: str | None = None
    failure_en: str | None = None
    withdrawn_at: datetime | None = Field(default=None, description="Since when it is in the sources file no longer.")


class Timetable(SQLModel, table=True):
    """celcatsanitizer's timetable: what one source shows, under a name within a year."""

    __table_args__ = (UniqueConstraint("year_id", "source_id"), _for_searches("timetable"))

    id: int | None = Field(default=None, primary_key=True)
    name: str
    slug: str
    sort_name: str
    year_id: int = Field(foreign_key="year.id", index=True)
    source_id: int = Field(foreign_key="source.id", index=True)


class Group(SQLModel, table=True):
    """A group of students; `key` is equal for the spellings of one group (see `group_names`)."""

    __tablename__ = "student_group"
    __table_args__ = (
        UniqueConstraint("publisher", "key", "code"),
        UniqueConstraint("publisher", "slug"),
        Index("ix_student_group_mention", "publisher", "mention_key"),
        _for_searches("student_group"),
    )

    id: int | None = Field(default=None, primary_key=True)
    publisher: str
    key: str
    code: str = Field(default="", description="The source's own identifier, empty where it has none.")
    name: str
    celcat_name: str
    mention: str | None
    mention_key: str
    semester: int | None
    kind: str
    subgroup: str = Field(description="The part after the kind: `A41` of `TPA41`.")
    slug: str
    sort_name: str
    hidden: bool
    source_id: int = Field(foreign_key="source.id", description="The source that named it first.")


class GroupAncestor(SQLModel, table=True):
    """A group's parents, theirs, and so on: their courses are the group's too."""

    __tablename__ = "group_ancestor"

    group_id: int = Field(foreign_key="student_group.id", primary_key=True)
    ancestor_id: int = Field(foreign_key="student_group.id", primary_key=True, index=True)


class Room(SQLModel, table=True):
    """A room; `key` is equal for spellings that differ in blanks or case only."""

    __table_args__ = (_for_searches("room"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    slug: str = Field(unique=True)
    sort_name: str = Field(index=True)


class CourseRow(SQLModel, table=True):
    """One meeting. A row is never deleted at once: `cancelled_at` takes it out of the lists."""

    __tablename__ = "course"
    __table_args__ = (
        UniqueConstraint("publisher", "event_id"),
        Index("ix_course_begin", "begin", "id"),
        Index("ix_course_name", "name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    publisher: str
    event_id: str
    source_id: int = Field(foreign_key="source.id", index=True, description="The source that showed it first.")
    begin: datetime
    end: datetime
    name: str
    type: str | None
    notes: str | None
    teachers: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    cancelled_at: datetime | None = None
    last_update: datetime = Field(description="When what it shows last changed: as published, else as observed.")
    version: int = Field(default=0, description="Grows with each change: iCalendar's SEQUENCE.")


class CourseName(SQLModel, table=True):
    """A name that a course has or had; `sort_name` is what searches look at."""

    __tablename__ = "course_name"
    __table_args__ = (_for_searches("course_name"),)

    name: str = Field(primary_key=True)
    sort_name: str


class CourseGroup(SQLModel, table=True):
    """A course is for a group."""

    __tablename__ = "course_group"

    course_id: int = Field(foreign_key="course.id", primary_key=True, ondelete="CASCADE")
    group_id: int = Field(foreign_key="student_group.id", primary_key=True, index=True)


class CourseRoom(SQLModel, table=True):
    """A course takes place in a room."""

    __tablename__ = "course_room"

    course_id: int = Field(foreign_key="course.id", primary_key=True, ondelete="CASCADE")
    room_id: int = Field(foreign_key="room.id", primary_key=True, index=True)


class CalendarRow(SQLModel, table=True):
    """What a source shows for one group or page."""

    __tablename__ = "calendar"
    __table_args__ = (UniqueConstraint("source_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    key: str
    name: str | None


class CalendarGroup(SQLModel, table=True):
    """A group that a calendar names or whose courses it shows, now or once (see `listed_groups`)."""

    __tablename__ = "calendar_group"

    calendar_id: int = Field(foreign_key="calendar.id", primary_key=True)
    group_id: int = Field(foreign_key="student_group.id", primary_key=True, index=True)
    is_member: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    is_listed: bool = Field(default=True, sa_column_kwargs={"server_default": true()})


class CalendarDay(SQLModel, table=True):
    """A day that a calendar has spoken for, and when it last did: the guard against older snapshots."""

    __tablename__ = "calendar_day"

    calendar_id: int = Field(foreign_key="calendar.id", primary_key=True)
    day: date = Field(primary_key=True, index=True)
    observed_at: datetime


class Sighting(SQLModel, table=True):
    """A calendar shows a course: `snapshot.Seen`."""

    __table_args__ = (
        Index("ix_sighting_calendar_day", "calendar_id", "day"),
        Index("ix_sighting_former", "course_id", postgresql_where=text("event_id is not null")),
    )

    course_id: int = Field(foreign_key="course.id", primary_key=True, ondelete="CASCADE")
    calendar_id: int = Field(foreign_key="calendar.id", primary_key=True)
    day: date
    observed_at: datetime
    content: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    event_id: str | None = None


class HeldSnapshot(SQLModel, table=True):
    """A snapshot that waits for the end of its read; `body` is a `carillon_contracts.events.Observed`."""

    __tablename__ = "held_snapshot"

    subject: str = Field(primary_key=True)
    source: str = Field(index=True)
    publisher: str
    observed_at: datetime
    held_at: datetime
    body: str


class JournalRow(SQLModel, table=True):
    """One difference, in the order in which they were committed: the outbox of `changed` events."""

    __table_args__ = (
        Index("ix_journal_group_ids", "group_ids", postgresql_using="gin"),
        Index("ix_journal_room_ids", "room_ids", postgresql_using="gin"),
    )

    __tablename__ = "journal"

    number: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    at: datetime
    kind: str
    course_id: int = Field(index=True)
    source_id: int = Field(index=True)
    source: str
    group_ids: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False), description="Before or after.")
    room_ids: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False), description="Before or after.")
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    correlation_id: str | None = None


class RelayPosition(SQLModel, table=True):
    """How far the relay has published the journal."""

    __tablename__ = "relay_position"

    name: str = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, nullable=False))


class ApiToken(SQLModel, table=True):
    """Someone who may write, e.g. subscribe a webhook; only the token's hash is kept."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    hash: str = Field(unique=True, description="SHA-256 in hexadecimal.")
    created_at: datetime


class WebhookSubscription(SQLModel, table=True):
    """Where changes are sent to; `filter` holds the parameters of `/api/changes/`."""

    __tablename__ = "webhook_subscription"

    id: str = Field(primary_key=True)
    token_id: int = Field(foreign_key="api_token.id", index=True, ondelete="CASCADE")
    url: str
    filter: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    digest_s: int = Field(description="How long changes are gathered into one message; 0: not at all.")
    sealed_secret: str
    sealed_previous_secret: str | None = None
    previous_secret_until: datetime | None = None
    created_at: datetime
    position: int = Field(sa_column=Column(BigInteger, nullable=False), description="Journal rows that were looked at.")
    gathering_since: datetime | None = Field(default=None, description="When the first change of a digest came.")


class WebhookDelivery(SQLModel, table=True):
    """One message to a subscription. They are sent in the order of their ids, one at a time."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("ix_webhook_delivery_waiting", "subscription_id", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    subscription_id: str = Field(foreign_key="webhook_subscription.id", ondelete="CASCADE")
    message_id: str = Field(description="The `webhook-id` header: the same for each try.")
    body: str
    state: str = Field(description="`waiting`, `delivered` or `failed`.")
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime
    delivered_at: datetime | None = None
    last_status: int | None = None
    last_error: str | None = None


class Instance(SQLModel, table=True):
    """This instance, told apart from all others in the UIDs of its feeds; one row, made by the migration."""

    id: str = Field(primary_key=True)


class PersonalFeed(SQLModel, table=True):
    """Several groups in one calendar, with rules; found by a secret address, changed with another secret."""

    __tablename__ = "personal_feed"

    id: int | None = Field(default=None, primary_key=True)
    address_hash: str = Field(unique=True, description="SHA-256 of the address's secret, in hexadecimal.")
    key_hash: str = Field(unique=True, description="SHA-256 of the key with which it is changed.")
    name: str
    choice: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False), description="`feeds.choice.Choice`.")
    created_at: datetime
    changed_at: datetime
