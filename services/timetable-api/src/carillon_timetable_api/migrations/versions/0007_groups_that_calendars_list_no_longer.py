"""Groups that a calendar names itself, and those that it names no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("calendar_group", sa.Column("is_member", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("calendar_group", sa.Column("is_listed", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("calendar_group", "is_listed")
    op.drop_column("calendar_group", "is_member")
