"""Real PostgreSQL and NATS for tests: started once a test worker, a database and a NATS of its own where wanted."""

import asyncio
import json
import os
import signal
import socket as socket_module
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from carillon_local import nats_server, postgresql, unprivileged


class ServerDidNotStartError(RuntimeError):
    pass


@contextmanager
def running_postgresql(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """A server with its data in `folder`; gives the URL of its database `postgres`.

    Unless it is to be `durable`, a commit does not wait for the disk.
    """
    data, socket = folder / "postgresql", folder / "s"
    postgresql.prepare(data, socket)
    with open_log(folder / "postgresql.log") as log:
        process = subprocess.Popen(
            [
                *postgresql.command(data, socket),
                *([] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]),
            ],
            stdout=log,
            stderr=log,
            cwd=data,
            preexec_fn=unprivileged.before_exec(drop_root=True),
        )
    try:
        ask = [postgresql.binaries() / "pg_isready", "--quiet", "--host", socket]  # its socket is there before it is
        wait_for(lambda: subprocess.run(ask, check=False).returncode == 0, process, folder / "postgresql.log")
        yield postgresql.url(socket)
    finally:
        stop(process, signal.SIGINT)


@contextmanager
def running_nats(folder: Path, port: int = -1) -> Iterator[str]:
    """A JetStream server with its data in `folder`; gives its URL."""
    ports = folder / "ports"
    ports.mkdir(parents=True, exist_ok=True)
    for old in ports.glob("*.ports"):
        old.unlink()
    with open_log(folder / "nats.log") as log:
        process = subprocess.Popen(
            nats_server.command(folder / "nats", ports, port),
            stdout=log,
            stderr=log,
            preexec_fn=unprivileged.before_exec(drop_root=False),
        )
    try:
        found: list[str] = []

        def written() -> bool:
            for file in ports.glob("*.ports"):
                text = file.read_text()
                if text.strip():
                    found[:] = json.loads(text)["nats"]
            return bool(found)

        wait_for(written, process, folder / "nats.log")
        yield found[0]
    finally:
        stop(process, signal.SIGTERM)


def free_port() -> int:
    with socket_module.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def open_log(path: Path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("ab")


def wait_for(condition, process, log: Path, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if process.poll() is not None or time.monotonic() > end:
            raise ServerDidNotStartError(f"{process.args[0]}: {log.read_text()[-2000:]}")
        time.sleep(0.02)


def stop(process: subprocess.Popen, how: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def short_folder() -> tempfile.TemporaryDirectory:
    """A folder whose path is short enough for a Unix socket."""
    return tempfile.TemporaryDirectory(prefix="carillon-", dir=os.environ.get("CARILLON_TEST_FOLDER"))


async def eventually(condition, seconds: float = 20, pause: float = 0.02):
    """Await a condition (sync or async) to become true; gives its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not come true within {seconds} s")
        await asyncio.sleep(pause)
