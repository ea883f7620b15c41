"""What the Pronote client's tests share: the sample answers and a running simulator."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from carillon_pronote import Pronote

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def samples() -> Path:
    folder = ROOT / os.environ.get("CARILLON_PRONOTE_SAMPLES", "../shared/pronote/samples")
    if not folder.is_dir():
        pytest.skip("the sample answers of Pronote are not on this machine")
    return folder


@pytest.fixture(scope="session")
def vectors(samples: Path) -> dict[str, Any]:
    return json.loads((samples / "crypto_vectors.json").read_text())


@pytest.fixture(scope="session")
def page(samples: Path) -> Any:
    """Read a sample page's `data` by its name."""
    return lambda name: json.loads((samples / "pages" / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def simulator() -> Iterator[str]:
    """Run the simulated school; its address without a slash."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "carillon_pronote_simulator", "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the Pronote simulator did not start")


@pytest.fixture
async def pronote() -> AsyncIterator[Pronote]:
    async with Pronote() as client:
        yield client
