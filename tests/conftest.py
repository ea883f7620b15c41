"""What all tests share: the real servers, and where the recorded publications are."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from carillon_servers import running_nats, running_postgresql, short_folder
from order_of_tests import SchedulingByPlace, rank_of
from xdist.remote import Producer

ROOT = Path(__file__).parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SchedulingByPlace:
    return SchedulingByPlace(config, log)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL of this worker (its database `postgres`)."""
    with short_folder() as folder, running_postgresql(Path(folder)) as url:
        yield url


@pytest.fixture(scope="session")
def nats_url() -> Iterator[str]:
    """The URL of a JetStream server of this worker."""
    with short_folder() as folder, running_nats(Path(folder)) as url:
        yield url


@pytest.fixture
def own_nats_url(tmp_path: Path) -> Iterator[str]:
    """A JetStream server of this test alone, with nothing in it."""
    with running_nats(tmp_path) as url:
        yield url


@pytest.fixture
async def own_database(postgresql_url: str) -> AsyncIterator[str]:
    """The URL of an empty database of this test alone."""
    name = f"test_{uuid.uuid4().hex}"
    server = await asyncpg.connect(postgresql_url.replace("+asyncpg", ""))
    await server.execute(f"create database {name}")
    yield postgresql_url.replace("/postgres?", f"/{name}?")
    await server.execute(f"drop database {name} with (force)")
    await server.close()


@pytest.fixture(scope="session")
def celcat_samples() -> Path:
    """The recorded CELCAT publications; they stay outside of the project."""
    folder = Path(os.environ.get("CARILLON_CELCAT_SAMPLES", ROOT / "../shared/celcat/samples"))
    if not folder.is_dir():
        pytest.skip("the recorded publications are not here: set CARILLON_CELCAT_SAMPLES")
    return folder
