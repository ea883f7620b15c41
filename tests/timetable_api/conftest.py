"""Databases with our tables, and the REST API over one."""

from collections.abc import AsyncIterator
from functools import partial

import asyncpg
import pytest
from carillon_servers import new_database
from carillon_timetable_api.database import engine_of
from carillon_timetable_api.migrate import migrate
from sqlalchemy.ext.asyncio import AsyncEngine
from timetable_rest import Rest, opened

_TEMPLATE = "carillon_template"


@pytest.fixture(scope="session")
async def migrated_template(postgresql_url: str) -> str:
    """The name of a database with our tables and no rows: the migrations run once, the rest is copied."""
    server = await asyncpg.connect(postgresql_url.replace("+asyncpg", ""))
    await server.execute(f"create database {_TEMPLATE}")
    await server.close()
    await migrate(postgresql_url.replace("/postgres?", f"/{_TEMPLATE}?"))
    return _TEMPLATE


@pytest.fixture
async def migrated_database(postgresql_url: str, migrated_template: str) -> AsyncIterator[str]:
    """The URL of a database of this test alone, with our tables and no rows."""
    async with new_database(postgresql_url, migrated_template) as url:
        yield url


@pytest.fixture(scope="module")
async def database_of_module(postgresql_url: str, migrated_template: str) -> AsyncIterator[str]:
    """The same for all tests of a module, which read what is there, or do not mind what others add."""
    async with new_database(postgresql_url, migrated_template) as url:
        yield url


@pytest.fixture
async def engine(migrated_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections to this test's database."""
    engine = engine_of(migrated_database)
    yield engine
    await engine.dispose()


@pytest.fixture
def open_rest(migrated_database: str):
    """Opens the application, over this test's database, with the settings it is given."""
    return partial(opened, migrated_database)


@pytest.fixture(scope="module")
async def rest_of_module(database_of_module: str) -> AsyncIterator[Rest]:
    """The application with bare lists, for all tests of a module."""
    async with opened(database_of_module) as application:
        yield application


@pytest.fixture
async def rest(open_rest) -> AsyncIterator[Rest]:
    """The application with bare lists."""
    async with open_rest() as application:
        yield application
