"""The Pronote gateway as a process of its own, for tests that need one, or several."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from carillon_kit.sealing import new_key
from carillon_local import loopback
from carillon_servers import answers, running_process

KEYS = new_key()
# The simulated school is made for this day.
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@contextmanager
def started_gateway(folder: Path, nats_url: str, **settings: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """A gateway's address and process; `settings` are variables without their prefix."""
    port = loopback.free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "CARILLON_NATS_URL": nats_url,
        "CARILLON_PORT": str(port),
        "CARILLON_SECRET_KEYS": KEYS,
        "CARILLON_ALLOW_PRIVATE_ADDRESSES": "true",
        "CARILLON_SIGN_INS_PER_ADDRESS": "1000/minute",
        "CARILLON_SIGN_INS_PER_ACCOUNT": "1000/minute",
        **{f"CARILLON_{name.upper()}": value for name, value in settings.items()},
    }
    command, log = [sys.executable, "-m", "carillon_pronote_gateway"], folder / f"gateway-{port}.log"
    with running_process(command, log, lambda: answers(f"{url}/readyz"), environment=environment) as process:
        yield url, process


@contextmanager
def running_gateway(folder: Path, nats_url: str, **settings: str) -> Iterator[str]:
    """A gateway's address."""
    with started_gateway(folder, nats_url, **settings) as (url, _):
        yield url
