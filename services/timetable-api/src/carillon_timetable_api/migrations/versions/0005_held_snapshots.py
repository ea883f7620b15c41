"""Snapshots that wait for the end of their read, and calendars that show a course as it was before it moved."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "held_snapshot",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_index("ix_held_snapshot_source", "held_snapshot", ["source"], unique=False)
    op.add_column("sighting", sa.Column("event_id", sa.String(), nullable=True))
    former = sa.text("event_id is not null")
    op.create_index("ix_sighting_former", "sighting", ["course_id"], unique=False, postgresql_where=former)


def downgrade() -> None:
    """Take it back; snapshots that wait are lost until their weeks change again."""
    op.drop_index("ix_sighting_former", table_name="sighting")
    op.drop_column("sighting", "event_id")
    op.drop_table("held_snapshot")
