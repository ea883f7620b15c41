"""Connections to PostgreSQL that are cut: readers and writers do not notice."""

import asyncio

import asyncpg
import pytest
from carillon_servers import eventually

_CUT_ALL_OTHERS = """
    select pg_terminate_backend(pid, 10000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()"""
_WHO_WAITS = "select pid from pg_locks where not granted"


@pytest.fixture
async def server(migrated_database):
    """A connection of the test's own to the database of the application."""
    connection = await asyncpg.connect(migrated_database.replace("+asyncpg", ""))
    yield connection
    await connection.close()


async def test_connections_cut_while_nobody_used_them_are_made_anew(rest, server):
    idle = [await rest.engine.connect() for _ in range(4)]
    drivers = [(await connection.get_raw_connection()).driver_connection for connection in idle]
    for connection in idle:
        await connection.close()
    await server.execute(_CUT_ALL_OTHERS)
    await eventually(lambda: all(driver.is_closed() for driver in drivers))
    async with rest.building() as builder:
        await builder.room("A1")
    assert len(await rest.json("/api/rooms/")) == 1


async def test_a_read_whose_connection_is_cut_under_way_is_asked_once_more(rest, server):
    async with server.transaction():
        await server.execute("lock table room in access exclusive mode")
        reading = asyncio.create_task(rest.get("/api/rooms/"))
        first = await eventually(lambda: server.fetchval(_WHO_WAITS))
        await server.execute("select pg_terminate_backend($1)", first)

        async def asks_again() -> bool:
            return await server.fetchval(_WHO_WAITS) not in (None, first)

        await eventually(asks_again)
    assert (await reading).json() == []


async def test_what_the_database_refuses_is_not_asked_again(rest, server):
    await server.execute("drop table room cascade")
    rest.statements.clear()
    assert (await rest.get("/api/rooms/")).status_code == 500
    assert len(rest.statements) == 1
