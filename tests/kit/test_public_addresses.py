"""Which addresses are public: everything else is a way into a private network. Connections go to checked ones only."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpcore
import httpx
import pytest
import trustme
from carillon_kit.public_addresses import CheckedTransport, PrivateAddressError, UnknownHostError, is_private_address
from upstream_server import Upstream, upstream

PRIVATE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0",
    "0.0",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::10.0.0.1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "2001:0:7f00:1::",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
]
PUBLIC = [
    "192.0.43.7",
    "::ffff:192.0.43.7",
    "64:ff9b::192.0.43.7",
    "2001:67c:2218:e::51:41",
    "example.org",
    "localhost",
    "300.1.1.1",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_an_address_that_is_not_public_is_told_in_every_form(host: str) -> None:
    assert is_private_address(host)
    assert is_private_address(f"[{host}]")


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses_and_names_are_not(host: str) -> None:
    assert not is_private_address(host)


class Network:
    """What name servers say of `names`, and the addresses connected to, which all lead to one server of this machine."""

    def __init__(self, names: dict[str, list[str]], server: Upstream) -> None:
        self.names, self.server = names, server
        self.asked: list[str] = []
        self.connected: list[str] = []
        self.unreachable: set[str] = set()

    async def look_up(self, host: str, port: int, **_kind):
        self.asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in self.names.get(host, [host])
        ]

    async def connect_tcp(self, address: str, _port: int, **options):
        self.connected.append(address)
        if address in self.unreachable:
            raise httpcore.ConnectError("no route")
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", urlsplit(self.server.url).port, **options)


Opened = Callable[..., AbstractAsyncContextManager[tuple[httpx.AsyncClient, Network]]]


@pytest.fixture
def opened(monkeypatch) -> Opened:
    """A client of a network with these names; `tls` for its server, `private` if private addresses are allowed."""

    @asynccontextmanager
    async def open_(*, tls: ssl.SSLContext | None = None, private: bool = False, **names: list[str]):
        async with upstream(tls) as server:
            server.serve("/", b"here")
            network = Network({f"{name}.test": addresses for name, addresses in names.items()}, server)
            monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", network.look_up)
            transport = CheckedTransport(None, allow_private=private)
            transport._direct._pool._network_backend._inner = network
            async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
                yield client, network

    return open_


@pytest.mark.parametrize("addresses", [["10.1.2.3"], ["192.0.43.7", "10.1.2.3"]])
async def test_a_name_with_a_private_address_is_not_connected_to(opened: Opened, addresses: list[str]) -> None:
    async with opened(inside=addresses) as (client, network):
        with pytest.raises(PrivateAddressError):
            await client.get("http://inside.test/")
    assert network.connected == []


async def test_the_checked_address_is_connected_to_without_asking_again(opened: Opened) -> None:
    async with opened(outside=["192.0.43.7"]) as (client, network):
        assert (await client.get("http://outside.test/")).text == "here"
    assert (network.asked, network.connected) == (["outside.test"], ["192.0.43.7"])
    assert network.server.requests[0].headers["host"] == "outside.test"


async def test_a_redirect_is_checked_like_any_request(opened: Opened) -> None:
    async with opened(outside=["192.0.43.7"], inside=["10.1.2.3"]) as (client, network):
        network.server.serve("/moved", b"", status=302, Location="http://inside.test/")
        with pytest.raises(PrivateAddressError):
            await client.get("http://outside.test/moved", follow_redirects=True)
    assert network.connected == ["192.0.43.7"]


async def test_where_one_address_does_not_answer_the_next_one_is_tried(opened: Opened) -> None:
    async with opened(outside=["192.0.43.7", "192.0.43.8"]) as (client, network):
        network.unreachable = {"192.0.43.7"}
        assert (await client.get("http://outside.test/")).text == "here"
    assert network.connected == ["192.0.43.7", "192.0.43.8"]


async def test_hosts_of_one_address_share_no_connection_since_a_certificate_is_of_one_of_them(
    opened: Opened, tmp_path: Path, monkeypatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("one.test").configure_cert(tls)
    async with opened(tls=tls, one=["192.0.43.7"], other=["192.0.43.7"]) as (client, network):
        assert (await client.get("https://one.test/")).text == "here"
        with pytest.raises(httpx.ConnectError, match=r"other\.test"):
            await client.get("https://other.test/")
    assert [request.headers["host"] for request in network.server.requests] == ["one.test"]


async def test_a_name_that_nobody_knows_is_told_as_such(opened: Opened) -> None:
    async with opened(private=True, nowhere=[]) as (client, _):
        with pytest.raises(UnknownHostError):
            await client.get("http://nowhere.test/")
