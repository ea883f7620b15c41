"""What the Pronote client's tests share: sample answers and a running simulator."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from carillon_pronote import Pronote, Session
from pronote_servers import Site, running_simulator

ERAS = ["2022", "2023", "2024.3.9", "2025.2.8", "2026.2.4", "2026.2.5"]


@pytest.fixture(scope="session")
def vectors(pronote_samples: Path) -> dict[str, Any]:
    return json.loads((pronote_samples / "crypto_vectors.json").read_text())


@pytest.fixture(scope="session")
def page(pronote_samples: Path) -> Any:
    """Read a sample page's `data` by its name."""
    return lambda name: json.loads((pronote_samples / "pages" / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """The simulated school with every era at its own path."""
    with running_simulator(tmp_path_factory.mktemp("pronote")) as running:
        yield running


@pytest.fixture(params=ERAS)
def era(request) -> str:
    return request.param


@pytest.fixture
async def pronote() -> AsyncIterator[Pronote]:
    async with Pronote() as client:
        yield client


@pytest.fixture
async def pupil(pronote: Pronote, site: Site, era: str) -> Session:
    """A signed-in pupil of each era."""
    return await pronote.sign_in(site.root(era), "demonstration", "pronotevs")


@pytest.fixture
def fault(site: Site) -> Iterator[Any]:
    """Break something at the simulated school of 2025.2.8; mended after the test."""
    era = "2025.2.8"
    yield lambda name, **details: site.control(era, "/faults", method="POST", body={"fault": name, **details})
    site.control(era, "/faults", method="DELETE")
