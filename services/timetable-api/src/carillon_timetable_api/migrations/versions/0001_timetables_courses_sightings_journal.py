"""Timetables, courses, sightings, journal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "journal",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("group_ids", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("room_ids", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("correlation_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_journal_course_id"), "journal", ["course_id"], unique=False)
    op.create_index("ix_journal_group_ids", "journal", ["group_ids"], unique=False, postgresql_using="gin")
    op.create_index("ix_journal_room_ids", "journal", ["room_ids"], unique=False, postgresql_using="gin")
    op.create_index(op.f("ix_journal_source_id"), "journal", ["source_id"], unique=False)
    op.create_table(
        "relay_position",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("sort_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index(op.f("ix_room_sort_name"), "room", ["sort_name"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("last_update_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("courses", sa.Integer(), nullable=True),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_code", sa.String(), nullable=True),
        sa.Column("failure_fr", sa.String(), nullable=True),
        sa.Column("failure_en", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index(op.f("ix_source_publisher"), "source", ["publisher"], unique=False)
    op.create_table(
        "year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "key"),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("begin", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("teachers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_update", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("publisher", "event_id"),
    )
    op.create_index("ix_course_begin", "course", ["begin", "id"], unique=False)
    op.create_index(op.f("ix_course_source_id"), "course", ["source_id"], unique=False)
    op.create_table(
        "student_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("celcat_name", sa.String(), nullable=False),
        sa.Column("mention", sa.String(), nullable=True),
        sa.Column("mention_key", sa.String(), nullable=False),
        sa.Column("semester", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subgroup", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("sort_name", sa.String(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("publisher", "key", "code"),
        sa.UniqueConstraint("publisher", "slug"),
    )
    op.create_index("ix_student_group_mention", "student_group", ["publisher", "mention_key"], unique=False)
    op.create_table(
        "timetable",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("sort_name", sa.String(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.ForeignKeyConstraint(["year_id"], ["year.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("year_id", "source_id"),
    )
    op.create_index(op.f("ix_timetable_source_id"), "timetable", ["source_id"], unique=False)
    op.create_index(op.f("ix_timetable_year_id"), "timetable", ["year_id"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"]),
        sa.PrimaryKeyConstraint("calendar_id", "day"),
    )
    op.create_index(op.f("ix_calendar_day_day"), "calendar_day", ["day"], unique=False)
    op.create_table(
        "calendar_group",
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"]),
        sa.ForeignKeyConstraint(["group_id"], ["student_group.id"]),
        sa.PrimaryKeyConstraint("calendar_id", "group_id"),
    )
    op.create_index(op.f("ix_calendar_group_group_id"), "calendar_group", ["group_id"], unique=False)
    op.create_table(
        "course_group",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["student_group.id"]),
        sa.PrimaryKeyConstraint("course_id", "group_id"),
    )
    op.create_index(op.f("ix_course_group_group_id"), "course_group", ["group_id"], unique=False)
    op.create_table(
        "course_room",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"]),
        sa.PrimaryKeyConstraint("course_id", "room_id"),
    )
    op.create_index(op.f("ix_course_room_room_id"), "course_room", ["room_id"], unique=False)
    op.create_table(
        "group_ancestor",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("ancestor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ancestor_id"], ["student_group.id"]),
        sa.ForeignKeyConstraint(["group_id"], ["student_group.id"]),
        sa.PrimaryKeyConstraint("group_id", "ancestor_id"),
    )
    op.create_index(op.f("ix_group_ancestor_ancestor_id"), "group_ancestor", ["ancestor_id"], unique=False)
    op.create_table(
        "sighting",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"]),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("course_id", "calendar_id"),
    )
    op.create_index("ix_sighting_calendar_day", "sighting", ["calendar_id", "day"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_sighting_calendar_day", table_name="sighting")
    op.drop_table("sighting")
    op.drop_index(op.f("ix_group_ancestor_ancestor_id"), table_name="group_ancestor")
    op.drop_table("group_ancestor")
    op.drop_index(op.f("ix_course_room_room_id"), table_name="course_room")
    op.drop_table("course_room")
    op.drop_index(op.f("ix_course_group_group_id"), table_name="course_group")
    op.drop_table("course_group")
    op.drop_index(op.f("ix_calendar_group_group_id"), table_name="calendar_group")
    op.drop_table("calendar_group")
    op.drop_index(op.f("ix_calendar_day_day"), table_name="calendar_day")
    op.drop_table("calendar_day")
    op.drop_index(op.f("ix_timetable_year_id"), table_name="timetable")
    op.drop_index(op.f("ix_timetable_source_id"), table_name="timetable")
    op.drop_table("timetable")
    op.drop_index("ix_student_group_mention", table_name="student_group")
    op.drop_table("student_group")
    op.drop_index(op.f("ix_course_source_id"), table_name="course")
    op.drop_index("ix_course_begin", table_name="course")
    op.drop_table("course")
    op.drop_table("calendar")
    op.drop_table("year")
    op.drop_index(op.f("ix_source_publisher"), table_name="source")
    op.drop_table("source")
    op.drop_index(op.f("ix_room_sort_name"), table_name="room")
    op.drop_table("room")
    op.drop_table("relay_position")
    op.drop_index(op.f("ix_journal_source_id"), table_name="journal")
    op.drop_index("ix_journal_room_ids", table_name="journal", postgresql_using="gin")
    op.drop_index("ix_journal_group_ids", table_name="journal", postgresql_using="gin")
    op.drop_index(op.f("ix_journal_course_id"), table_name="journal")
    op.drop_table("journal")
