"""The simulator in this process, one era at a time."""

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
from carillon_pronote_simulator import create_app
from pronote_wire import Wire

TODAY = date(2026, 11, 20)


@pytest.fixture
def era() -> str:
    return "2025.2.8"


@pytest.fixture
def options() -> dict:
    """What `create_app` is given beyond era and day."""
    return {}


@pytest.fixture
async def http(era: str, options: dict) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of a fresh simulator."""
    transport = httpx.ASGITransport(create_app(era, today=TODAY, **options))
    async with httpx.AsyncClient(transport=transport, base_url="http://pronote.test") as client:
        yield client


@pytest.fixture
def wire(http: httpx.AsyncClient, era: str) -> Wire:
    """A session with the simulator, not opened yet."""
    return Wire(http, era=era)


@pytest.fixture
async def pupil(wire: Wire) -> Wire:
    """The demonstration pupil, signed in."""
    await wire.sign_in()
    return wire
