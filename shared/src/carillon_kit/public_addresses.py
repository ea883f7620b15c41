"""Only public addresses are connected to, unless the operator allows others: checked for every request."""

import asyncio
import ipaddress
import socket

import httpx


class PrivateAddressError(httpx.ConnectError):
    """A host's name leads into a private network, and this is not allowed."""


class UnknownHostError(httpx.ConnectError):
    """No name server that we reach knows a host."""


class ChosenAddressTransport(httpx.AsyncBaseTransport):
    """Looks a name up, checks every address, and connects to the one that was checked, under the host's own name.

    The check and the connection use the same answer of the name server, so that a second answer cannot lead elsewhere.
    Behind a proxy (`proxied`) only the check is made: the proxy must be told the name, and looks it up itself.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, allow_private: bool, proxied: bool = False) -> None:
        self._inner = inner
        self._allow_private = allow_private
        self._proxied = proxied

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if self._proxied and self._allow_private:
            return await self._inner.handle_async_request(request)
        host = request.url.host
        address = await self._address(host, request.url.port or (443 if request.url.scheme == "https" else 80), request)
        if self._proxied:
            return await self._inner.handle_async_request(request)
        chosen = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await self._inner.handle_async_request(chosen)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()

    async def _address(self, host: str, port: int, request: httpx.Request) -> str:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise UnknownHostError(f"unknown host: {error}", request=request) from error
        addresses = [str(entry[4][0]) for entry in found]
        if not self._allow_private and not all(_is_public(address) for address in addresses):
            raise PrivateAddressError("a private address", request=request)
        return addresses[0]


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
