"""Alembic's entry: the connection is handed in by `migrate.upgrade`."""

from alembic import context
from sqlmodel import SQLModel

from carillon_timetable_api import tables

_ = tables  # they register themselves
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
