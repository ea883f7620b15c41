"""The parts of Carillon in the embedded mode, and what each of them is told."""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from carillon_local import edge, loopback, nats_server, postgresql, readiness
from carillon_local.data_folder import DataFolder
from carillon_local.part import Part

SERVICES = ("scraper", "timetable-api", "rooms", "pronote-gateway")


@dataclass(frozen=True)
class Stack:
    """All parts, by what they need to be there before them."""

    servers: tuple[Part, ...]
    migrate: tuple[str, ...]
    """The command that brings the database to the newest schema; it needs the servers and `environment`."""
    environment: Mapping[str, str]
    services: Mapping[str, Part]
    """By name; `timetable-api` needs the migrated database."""
    edge: Part


def build(
    data: DataFolder, socket: Path, edge_at: tuple[str, int], client: httpx.AsyncClient, settings: Mapping[str, str]
) -> Stack:
    """The stack with its data in `data`, PostgreSQL's socket in `socket` and the edge at a host and port.

    `settings` are environment variables for all services.
    """
    host, port = edge_at
    nats_port = loopback.free_port()
    database, ports = data.path / "postgresql", {name: loopback.free_port() for name in SERVICES}
    common = {
        **settings,
        "PYTHONUNBUFFERED": "1",
        "CARILLON_HOST": "127.0.0.1",
        "CARILLON_NATS_URL": f"nats://127.0.0.1:{nats_port}",
        "CARILLON_DATABASE_URL": postgresql.url(socket),
    }
    return Stack(
        servers=(_nats(data, nats_port), _postgresql(database, socket)),
        migrate=(sys.executable, "-m", module("timetable-api"), "migrate"),
        environment=common,
        services={name: _service(name, port, common, client) for name, port in ports.items()},
        edge=Part(
            name="edge",
            command=edge.command(),
            environment=edge.environment(host, port, ports, data.path / "caddy"),
            ready=readiness.http(client, f"http://{host}:{port}/livez"),
        ),
    )


def module(part: str) -> str:
    """The package that `python -m` runs."""
    return "carillon_" + part.replace("-", "_")


def simulator(name: str, port: int, *options: str) -> Part:
    """A simulator (`celcat`, `pronote`, `ent`) on a loopback port."""
    return Part(
        name=f"{name}-simulator",
        command=(sys.executable, "-m", module(f"{name}-simulator"), "--port", str(port), *options),
        ready=readiness.tcp(port),
    )


def _nats(data: DataFolder, port: int) -> Part:
    ports = data.path / "nats-ports"
    ports.mkdir(exist_ok=True)
    command = nats_server.command(data.path / "nats", ports, port)
    return Part(name="nats", command=command, ready=readiness.tcp(port), stop_rank=2)


def _postgresql(database: Path, socket: Path) -> Part:
    return Part(
        name="postgresql",
        command=postgresql.command(database, socket),
        ready=readiness.postgresql(database),
        stop_rank=2,
        stop_signal=signal.SIGINT,
        last_signal=signal.SIGQUIT,  # without a checkpoint: the next start recovers
        stop_within_s=1.5,
        not_root=True,
        folder=database,
    )


def _service(name: str, port: int, common: Mapping[str, str], client: httpx.AsyncClient) -> Part:
    return Part(
        name=name,
        command=(sys.executable, "-m", module(name)),
        environment={**common, "CARILLON_PORT": str(port)},
        ready=readiness.http(client, f"http://127.0.0.1:{port}/readyz"),
        stop_within_s=1.3,  # open streams are ended after one second
    )
