"""Real PostgreSQL, NATS and whatever else tests start as a process of its own, and databases of a test alone."""

import asyncio
import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.request
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
from carillon_local import edge, loopback, nats_server, postgresql, unprivileged

START_WITHIN_S = 60
"""With every processor busy with other tests; alone it takes a second."""

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ServerDidNotStartError(RuntimeError):
    pass


@contextmanager
def running_postgresql(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """A server with its data in `folder`; gives the URL of its database `postgres`.

    Unless it is to be `durable`, a commit does not wait for the disk.
    """
    data, socket = folder / "postgresql", folder / "s"
    postgresql.prepare(data, socket)
    command = [
        *postgresql.command(data, socket),
        *([] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]),
    ]
    ask = [postgresql.binaries() / "pg_isready", "--quiet", "--host", socket]  # its socket is there before it is
    with running_process(
        command,
        folder / "postgresql.log",
        lambda: subprocess.run(ask, check=False).returncode == 0,
        ended_by=signal.SIGINT,
        cwd=data,
        preexec_fn=unprivileged.before_exec(drop_root=True),
    ):
        yield postgresql.url(socket)


@contextmanager
def running_nats(folder: Path, port: int = -1) -> Iterator[str]:
    """A JetStream server with its data in `folder`; gives its URL."""
    ports = folder / "ports"
    ports.mkdir(parents=True, exist_ok=True)
    for old in ports.glob("*.ports"):
        old.unlink()
    found: list[str] = []

    def written() -> bool:
        for file in ports.glob("*.ports"):
            text = file.read_text()
            if text.strip():
                found[:] = json.loads(text)["nats"]
        return bool(found)

    ends_with_us = unprivileged.before_exec(drop_root=False)
    command = nats_server.command(folder / "nats", ports, port)
    with running_process(command, folder / "nats.log", written, preexec_fn=ends_with_us):
        yield found[0]


@contextmanager
def running_caddy(folder: Path, services: dict[str, int], **settings: str) -> Iterator[str]:
    """Caddy with the project's Caddyfile before services on these ports; gives its URL."""
    port = loopback.free_port()
    url = f"http://127.0.0.1:{port}"
    told = edge.environment("127.0.0.1", port, services, folder) | settings
    with running_process(edge.command(), folder / "caddy.log", lambda: answers(f"{url}/livez"), environment=told):
        yield url


@asynccontextmanager
async def new_database(postgresql_url: str, template: str = "template1") -> AsyncIterator[str]:
    """The URL of a database that is made as a copy of another and dropped at the end."""
    name = f"test_{uuid.uuid4().hex}"
    server = await asyncpg.connect(postgresql_url.replace("+asyncpg", ""))
    await server.execute(f"create database {name} template {template}")
    yield postgresql_url.replace("/postgres?", f"/{name}?")
    await server.execute(f"drop database {name} with (force)")
    await server.close()


@contextmanager
def running_process(
    command: list,
    log: Path,
    ready: Callable[[], bool],
    *,
    ended_by: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    **more,
) -> Iterator[subprocess.Popen]:
    """A process that is ready, with its output in `log`; `environment` is added to ours."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdout=output, stderr=output, **more
        )
    try:
        _wait_for(ready, process, log)
        yield process
    finally:
        stop(process, ended_by)


def _wait_for(ready: Callable[[], bool], process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_WITHIN_S
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise ServerDidNotStartError(f"{process.args[0]}: {log.read_text()[-2000:]}")
        time.sleep(0.02)


def answers(url: str) -> bool:
    """Whether this address of this machine answers with 200."""
    try:
        with _direct.open(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


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
