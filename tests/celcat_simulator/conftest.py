"""One simulator for all tests that only read, one of its own for each test that changes something."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest
from celcat_simulators import running_celcat_simulator

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def simulator() -> Iterator[httpx.Client]:
    """A client of a simulator that no test changes."""
    with running_celcat_simulator(today=TODAY) as url, httpx.Client(base_url=url) as client:
        yield client


@pytest.fixture(scope="session")
def truth(simulator: httpx.Client) -> dict[str, Any]:
    return simulator.get("/truth.json").json()


@pytest.fixture
def own_simulator() -> Iterator[httpx.Client]:
    """A client of a simulator of this test alone."""
    with running_celcat_simulator(today=TODAY) as url, httpx.Client(base_url=url) as client:
        yield client
