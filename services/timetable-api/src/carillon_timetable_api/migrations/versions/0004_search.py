"""Names of courses, and indexes by which names are found."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("timetable", "student_group", "room", "course_name")


def upgrade() -> None:
    """Make the change."""
    op.execute("create extension if not exists pg_trgm")
    op.execute("create extension if not exists unaccent")
    op.create_table(
        "course_name",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.execute("insert into course_name (name, sort_name) select distinct name, lower(unaccent(name)) from course")
    op.create_index("ix_course_name", "course", ["name"], unique=False)
    for table in _TABLES:
        op.create_index(
            f"ix_{table}_search",
            table,
            ["sort_name"],
            unique=False,
            postgresql_using="gin",
            postgresql_ops={"sort_name": "gin_trgm_ops"},
        )


def downgrade() -> None:
    """Take it back; the extensions stay, since others may use them by now."""
    for table in _TABLES:
        op.drop_index(f"ix_{table}_search", table_name=table, postgresql_using="gin")
    op.drop_index("ix_course_name", table_name="course")
    op.drop_table("course_name")
