"""A gateway in this process, before the simulated school."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from carillon_pronote_gateway.app import create_app
from carillon_pronote_gateway.settings import Settings
from pronote_gateways import KEYS, NOW
from pronote_servers import Site, running_simulator
from pydantic import SecretStr


@pytest.fixture(scope="module")
def pronote(tmp_path_factory) -> Iterator[Site]:
    """The simulator with every era at its own path."""
    with running_simulator(tmp_path_factory.mktemp("pronote")) as site:
        yield site


class Caller:
    """A program that uses one gateway."""

    def __init__(self, app, http: httpx.AsyncClient) -> None:
        self.app, self.http = app, http

    async def sign_in(self, root: str, account: str = "student", **wishes) -> str:
        body = {"url": root, "username": "demonstration", "password": "pronotevs", "account": account, **wishes}
        answer = await self.http.post("/auth/login", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["token"]

    async def ask(self, token: str, query: str, **variables) -> httpx.Response:
        body = {"query": query, "variables": variables}
        return await self.http.post("/graphql", json=body, headers={"Token": token})

    async def read(self, token: str, path: str, **parameters) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return await self.http.get(f"/pronote/v1{path}", headers=headers, params=parameters)

    async def send(self, method: str, token: str, path: str, **content) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return await self.http.request(method, f"/pronote/v1{path}", headers=headers, **content)


@pytest.fixture
def gateway(nats_url):
    """Makes gateways, each with settings of its own."""

    @asynccontextmanager
    async def make(nats: str = nats_url, clock=lambda: NOW, **settings) -> AsyncIterator[Caller]:
        chosen = {
            "nats_url": nats,
            "secret_keys": SecretStr(KEYS),
            "allow_private_addresses": True,
            "sign_ins_per_address": "1000/minute",
            "sign_ins_per_account": "1000/minute",
            "sessions_per_user": 1000,
            "watch_pause_s": 0,
            **settings,
        }
        app = create_app(Settings(**chosen), clock)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=30) as http,
        ):
            yield Caller(app, http)

    return make
