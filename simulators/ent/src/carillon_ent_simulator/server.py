"""Run the simulator: a certificate authority of its own, both endpoints, and the proxy in front."""

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme
import uvicorn

from carillon_ent_simulator.portal_hosts import DEFAULT_ERA, PortalHosts
from carillon_ent_simulator.portal_state import PortalState
from carillon_ent_simulator.proxy import Proxy


@dataclass(frozen=True)
class RunningSimulator:
    """A simulator that is running.

    Attributes:
        proxy_url: the proxy to use; a plain ``GET`` of it tells what there is.
        certificate: PEM file of the authority that signed every portal's certificate.
        state: people, faults, and the passwords that were posted.
    """

    proxy_url: str
    certificate: Path
    state: PortalState


class _Endpoint(uvicorn.Server):
    """A server on a free port, which it tells when it is ready.

    It binds the port itself: asyncio sets ``TCP_NODELAY`` only on a socket whose protocol is named, and without it
    answers wait 40 ms for the client's acknowledgement.
    """

    def __init__(self, hosts: PortalHosts, **settings: Any) -> None:
        super().__init__(
            uvicorn.Config(hosts, "127.0.0.1", 0, log_level="warning", lifespan="off", access_log=False, **settings)
        )
        self.port: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program that runs the simulator."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.port.set_result(self.servers[0].sockets[0].getsockname()[1])


@contextlib.asynccontextmanager
async def simulate(port: int = 0, host: str = "127.0.0.1", era: str = DEFAULT_ERA) -> AsyncIterator[RunningSimulator]:
    """Run the simulator while the context is open; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
        KeyError: unknown era (at the first request of a Pronote).
    """
    state = PortalState()
    hosts = PortalHosts(state, era)
    with tempfile.TemporaryDirectory(prefix="carillon-ent-") as folder:
        certificate = Path(folder) / "authority.pem"
        key_and_chain = Path(folder) / "portals.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(certificate))
        authority.issue_cert(*hosts.names).private_key_and_cert_chain_pem.write_to_path(str(key_and_chain))
        async with _endpoint(hosts, ssl_certfile=str(key_and_chain)) as tls, _endpoint(hosts) as plain:
            server = await asyncio.start_server(Proxy(tls, plain).serve, host, port)
            taken = server.sockets[0].getsockname()[1]
            try:
                yield RunningSimulator(f"http://{host}:{taken}", certificate, state)
            finally:
                server.close()


@contextlib.asynccontextmanager
async def _endpoint(hosts: PortalHosts, **settings: Any) -> AsyncIterator[int]:
    endpoint = _Endpoint(hosts, timeout_graceful_shutdown=1, **settings)
    running = asyncio.create_task(endpoint.serve())
    try:
        yield await endpoint.port
    finally:
        endpoint.should_exit = True
        await running
