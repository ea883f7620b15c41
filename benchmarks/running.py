"""Start the servers that are measured, each as a process of its own, and end them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from carillon_local import loopback, unprivileged
from carillon_servers import running_nats, running_postgresql

_READY_WITHIN_S = 60


@contextmanager
def running(command: list[str], environment: dict[str, str], *, ready: str) -> Iterator[int]:
    """Run `python <command>` with CARILLON_PORT, and `{port}` in the command, set to a free port; gives the port.

    One caller asks for more than the rate limit allows, which is therefore off unless `environment` has one.

    Raises:
        RuntimeError: the process ended, or did not answer `ready` with 200 in time.
    """
    port = loopback.free_port()
    process = subprocess.Popen(
        [sys.executable, *(part.format(port=port) for part in command)],
        env={
            **os.environ,
            "CARILLON_LOG_LEVEL": "WARNING",
            "CARILLON_RATE_LIMIT": "0",
            **environment,
            "CARILLON_PORT": str(port),
        },
        cwd=Path(__file__).parents[1],
        preexec_fn=unprivileged.before_exec(drop_root=False),  # noqa: PLW1509 - no threads here; it ends with us
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}{ready}")
        yield port
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def servers(*, durable: bool = False) -> Iterator[tuple[Path, dict[str, str]]]:
    """PostgreSQL and NATS with their data in a new folder; gives it, and the settings that tell services of them."""
    with (
        tempfile.TemporaryDirectory(prefix="carillon-") as folder,
        running_postgresql(Path(folder), durable=durable) as database,
        running_nats(Path(folder)) as nats,
    ):
        yield Path(folder), {"CARILLON_DATABASE_URL": database, "CARILLON_NATS_URL": nats}


@contextmanager
def bare_asgi(body: Path) -> Iterator[int]:
    """The yardstick on one uvicorn worker, set up like ours."""
    arguments = ["--factory", "--port", "{port}", "--no-access-log", "--log-level", "warning", "--no-server-header"]
    command = ["-m", "uvicorn", "benchmarks.bare_asgi:create_app", *arguments]
    with running(command, {"CARILLON_BENCHMARK_BODY": str(body)}, ready="/") as port:
        yield port


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + _READY_WITHIN_S
    with httpx.Client(trust_env=False) as client:  # one for all, as each makes its own TLS context for 30 ms
        while True:
            try:
                if client.get(url).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{process.args!r} did not become ready")
            time.sleep(0.02)
