"""The simulator in this process, one era at a time."""

import os
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from carillon_pronote_simulator import create_app
from pronote_wire import Wire

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="session")
def pronote_samples() -> Path:
    """The made-up answers known clients accepted; they stay outside of the project."""
    folder = Path(os.environ.get("CARILLON_PRONOTE_SAMPLES", ROOT / "../shared/pronote/samples"))
    if not folder.is_dir():
        pytest.skip("the samples are not here: set CARILLON_PRONOTE_SAMPLES")
    return folder


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
