"""The Pronote gateway as a process of its own, for tests that need one, or several."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from carillon_kit.sealing import new_key
from carillon_servers import free_port, open_log, stop, wait_for

KEYS = new_key()
# The simulated school is made for this day.
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@contextmanager
def started_gateway(folder: Path, nats_url: str, **settings: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """A gateway's address and process; `settings` are variables without their prefix."""
    port = free_port()
    log = folder / f"gateway-{port}.log"
    environment = {
        **os.environ,
        "CARILLON_NATS_URL": nats_url,
        "CARILLON_PORT": str(port),
        "CARILLON_SECRET_KEYS": KEYS,
        "CARILLON_ALLOW_PRIVATE_ADDRESSES": "true",
        "CARILLON_SIGN_INS_PER_ADDRESS": "1000/minute",
        "CARILLON_SIGN_INS_PER_ACCOUNT": "1000/minute",
        **{f"CARILLON_{name.upper()}": value for name, value in settings.items()},
    }
    with open_log(log) as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "carillon_pronote_gateway"], env=environment, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: _is_ready(url), process, log)
        yield url, process
    finally:
        stop(process, signal.SIGTERM)


@contextmanager
def running_gateway(folder: Path, nats_url: str, **settings: str) -> Iterator[str]:
    """A gateway's address."""
    with started_gateway(folder, nats_url, **settings) as (url, _):
        yield url


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 - loopback
            return answer.status == 200
    except OSError:
        return False
