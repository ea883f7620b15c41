"""Only public addresses are connected to, unless the operator allows others: checked for every connection."""

import asyncio
import ipaddress
import socket
from typing import Any

import httpcore
import httpx

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""To a proxy these would be itself."""


class PrivateAddressError(httpx.ConnectError):
    """A host's name leads into a private network, and this is not allowed."""


class UnknownHostError(httpx.ConnectError):
    """No name server that we reach knows a host."""


class CheckedTransport(httpx.AsyncBaseTransport):
    """Looks every name up itself, checks all its addresses, and connects to one of those.

    The check and the connection use the same answer of the name server, so that a second answer cannot lead elsewhere.
    To all but this machine it goes through the `proxy` (`http://user:password@host:port`, `socks5://host:port`), if
    there is one; then only the check is made, since the proxy must be told the name, and looks it up itself.

    Raises:
        PrivateAddressError: an address is not public, and this is not allowed.
        UnknownHostError: no name server that we reach knows the host.
    """

    def __init__(self, proxy: str | None, *, allow_private: bool, limits: httpx.Limits | None = None) -> None:
        limits = limits or httpx.Limits()
        self._allow_private = allow_private
        self._direct = httpx.AsyncHTTPTransport(limits=limits)
        pool = self._direct._pool  # noqa: SLF001 - httpx offers no other way to choose what is connected to
        pool._network_backend = _CheckedConnections(pool._network_backend, allow_private=allow_private)  # noqa: SLF001
        self._proxied = httpx.AsyncHTTPTransport(proxy=httpx.Proxy(proxy), limits=limits) if proxy else None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if self._proxied is None or request.url.host in _THIS_MACHINE:
            return await self._direct.handle_async_request(request)
        if not self._allow_private:
            await addresses_of(request.url.host, request.url.port or 443, allow_private=False)
        return await self._proxied.handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._direct.aclose()
        if self._proxied is not None:
            await self._proxied.aclose()


class _CheckedConnections(httpcore.AsyncNetworkBackend):
    def __init__(self, inner: httpcore.AsyncNetworkBackend, *, allow_private: bool) -> None:
        self._inner, self._allow_private = inner, allow_private

    async def connect_tcp(self, host: str, port: int, *options: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        failed = None
        for address in await addresses_of(host, port, allow_private=self._allow_private):
            try:
                return await self._inner.connect_tcp(address, port, *options, **named)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = failed or error
        raise failed or UnknownHostError("unknown host: no address")


async def addresses_of(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The IP addresses of a host, as its name server says now.

    Raises:
        PrivateAddressError: one is not public, and this is not allowed.
        UnknownHostError: no name server that we reach knows the host.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(f"unknown host: {error}") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private and not all(_is_public(address) for address in addresses):
        raise PrivateAddressError("a private address")
    return addresses


def is_private_address(host: str) -> bool:
    """Whether a host is no name but an address, in any form that the system reads as one, and is not public."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return not all(_is_public(str(entry[4][0])) for entry in found)


_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_LAST_32_BITS = 2**32 - 1


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        within = _ipv4_within(found)
        if within is None:
            return found in _GLOBAL_UNICAST and found.is_global
        found = within
    return found.is_global and not found.is_multicast


def _ipv4_within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Where packets to this address are sent on to."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & _LAST_32_BITS)
    return address.ipv4_mapped or address.sixtofour
