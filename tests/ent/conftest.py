"""One simulator of all portals for the session, and clients that reach it through its proxy."""

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import httpx
import pytest
from carillon_ent_simulator import RunningSimulator, simulate
from carillon_pronote.ent import EntTable, VisitLimits


@pytest.fixture(scope="session")
async def simulator() -> AsyncIterator[RunningSimulator]:
    async with simulate() as running:
        yield running


@pytest.fixture(autouse=True)
def no_fault_is_left(simulator: RunningSimulator) -> Iterator[None]:
    yield
    simulator.state.faults.clear()


@pytest.fixture(scope="session")
def trust(simulator: RunningSimulator) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(simulator.certificate))


@pytest.fixture
async def http(simulator: RunningSimulator, trust: ssl.SSLContext) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncExitStack() as stack:
        client = httpx.AsyncClient(proxy=simulator.proxy_url, verify=trust, trust_env=False)
        yield await stack.enter_async_context(client)


@pytest.fixture(scope="session")
def table() -> EntTable:
    return EntTable.load()


@pytest.fixture(scope="session")
def limits() -> VisitLimits:
    return VisitLimits(allow_http=True)  # one portal has no TLS
