"""Where a sign-in may lead: https and public addresses, unless the operator allows others."""

from urllib.parse import urlsplit

import httpx
from carillon_kit.public_addresses import CheckedTransport, PrivateAddressError, UnknownHostError, addresses_of
from carillon_pronote import HttpLimits
from carillon_pronote.accounts import root_of
from carillon_pronote.errors import PronoteError, ProtocolError


class ForbiddenAddressError(PronoteError):
    """The school's address may not be visited from here."""

    code = 120
    french = "Cette adresse n'est pas permise : il faut une adresse publique en https."
    english = "This address is not allowed: a public https address is needed."


class GuardedTransport(CheckedTransport):
    """Checks every request, those after redirects and at portals included."""

    def __init__(self, proxy: str | None, *, allow_private: bool) -> None:
        super().__init__(proxy, allow_private=allow_private, limits=HttpLimits().pool)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if request.url.scheme != "https" and not self._allow_private:
            raise httpx.UnsupportedProtocol("only https is allowed", request=request)
        return await super().handle_async_request(request)


def root(url: str) -> str:
    """The address of a Pronote without its page.

    Raises:
        ForbiddenAddressError: it is none.
    """
    try:
        return root_of(url)
    except ProtocolError:
        raise ForbiddenAddressError("not an http(s) address") from None


async def check(url: str, *, allow_private: bool) -> None:
    """Refuse an address at once and with a clear answer; the transport checks again what is really connected to.

    Raises:
        ForbiddenAddressError: it may not be visited.
    """
    root(url)
    if allow_private:
        return
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        raise ForbiddenAddressError from None
    if parts.scheme != "https" or not host or parts.username is not None:
        raise ForbiddenAddressError
    try:
        await addresses_of(host, port, allow_private=False)
    except UnknownHostError:
        return  # the client's to tell
    except PrivateAddressError:
        raise ForbiddenAddressError from None
