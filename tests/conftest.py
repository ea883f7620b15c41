"""What all tests share: the real servers, and where the recorded publications are."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from carillon_kit import logs
from carillon_servers import new_database, running_nats, running_postgresql, short_folder
from order_of_tests import SchedulingByPlace, rank_of
from xdist.remote import Producer

ROOT = Path(__file__).parents[1]


def pytest_configure() -> None:
    logs.configure("test", "WARNING")


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # all that is imported stays; the collector need not go through it time and again


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
    async with new_database(postgresql_url) as url:
        yield url


@pytest.fixture(scope="session")
def celcat_samples() -> Path:
    """The recorded CELCAT publications; they stay outside of the project."""
    return _material("CARILLON_CELCAT_SAMPLES", "../shared/celcat/samples")


@pytest.fixture(scope="session")
def pronote_samples() -> Path:
    """The made-up answers that known clients accepted; they stay outside of the project."""
    return _material("CARILLON_PRONOTE_SAMPLES", "../shared/pronote/samples")


def _material(setting: str, default: str) -> Path:
    folder = ROOT / os.environ.get(setting, default)
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here: set {setting}")
    return folder
