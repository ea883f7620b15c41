"""Start the servers that are measured, each as a process of its own, and end them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from carillon_local import loopback, unprivileged


@contextmanager
def running(command: list[str], environment: dict[str, str], *, ready: str, seconds: float = 60) -> Iterator[int]:
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
        _wait(process, f"http://127.0.0.1:{port}{ready}", seconds)
        yield port
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def bare_asgi(body: Path) -> Iterator[int]:
    """The yardstick on one uvicorn worker, set up like ours."""
    arguments = ["--factory", "--port", "{port}", "--no-access-log", "--log-level", "warning", "--no-server-header"]
    command = ["-m", "uvicorn", "benchmarks.bare_asgi:create_app", *arguments]
    with running(command, {"CARILLON_BENCHMARK_BODY": str(body)}, ready="/") as port:
        yield port


def _wait(process: subprocess.Popen[bytes], url: str, seconds: float) -> None:
    end = time.monotonic() + seconds
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
