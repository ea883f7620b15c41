"""Requests of a sign-in: bounded in number, length and redirects, and with TLS.

Which hosts may be visited at all is the business of the client's transport (``Pronote(transport=…)``).
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

import httpx

from carillon_pronote import http_answers
from carillon_pronote.ent.portal_errors import EntAddressRefusedError
from carillon_pronote.ent.portal_page import PortalPage
from carillon_pronote.errors import EntChangedError

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPING_METHOD = frozenset({307, 308})


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """What a visit may do.

    Attributes:
        allow_http: whether addresses without TLS may be visited (simulator; portals that have none).
        redirects: how many redirects one answer may take.
        requests: how many requests a whole sign-in may take.
        body_bytes: how long an answer may be.
    """

    allow_http: bool = False
    redirects: int = 15
    requests: int = 60
    body_bytes: int = 4 * 2**20


class BoundedRequests:
    """The requests of one sign-in.

    Args:
        http: sends them and keeps the cookies.
        limits: what they may do.
        password_hosts: the only hosts that a form's fields may be carried on to by a redirect.
    """

    def __init__(self, http: httpx.AsyncClient, limits: VisitLimits, password_hosts: frozenset[str]) -> None:
        self._http = http
        self._limits = limits
        self._password_hosts = password_hosts
        self._requests = 0

    async def follow(self, step: str, method: str, url: str, fields: list[tuple[str, str]] | None = None) -> PortalPage:
        """Send a request and follow its redirects, each an allowed address.

        Raises:
            EntAddressRefusedError: an address that may not be visited, or too many redirects or requests.
            EntChangedError: a redirect that would carry a form's fields to a host that may not have the password.
            UnreachableError, ProtocolError: no answer, or one that is too long.
        """
        trail: list[str] = []
        body = None if fields is None else urlencode(fields)
        if body is not None and method == "GET":
            url, body = f"{url.partition('?')[0]}?{body}", None
        for _ in range(self._limits.redirects + 1):
            response = await self._send(step, method, url, body)
            trail.append(url)
            location = response.headers.get("Location")
            if response.status_code not in _REDIRECTS or not location:
                return PortalPage(url, response, tuple(trail))
            url = urljoin(url, location).partition("#")[0]
            if response.status_code not in _KEEPING_METHOD:
                method, body = "GET", None
            elif body is not None and host_and_port(url) not in self._password_hosts:
                raise EntChangedError(step, f"an answer to the form, not its handing on to {host_and_port(url)}")
        raise EntAddressRefusedError(f"at {step}: more than {self._limits.redirects} redirects")

    async def _send(self, step: str, method: str, url: str, body: str | None) -> httpx.Response:
        self._check_address(step, url)
        headers = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        return await http_answers.send(
            self._http, method, url, self._limits.body_bytes, content=body, headers=headers, follow_redirects=False
        )

    def _check_address(self, step: str, url: str) -> None:
        self._requests += 1
        if self._requests > self._limits.requests:
            raise EntAddressRefusedError(f"at {step}: more than {self._limits.requests} requests in one sign-in")
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise EntChangedError(step, "an address that can be read") from error
        if not address.host or address.scheme not in ({"https", "http"} if self._limits.allow_http else {"https"}):
            raise EntAddressRefusedError(f"at {step}: {address.scheme}://{address.host} is not https")


def host_and_port(url: str) -> str:
    """The host of an address, with the port where it is not the usual one, lower-case; "" when it has none."""
    try:
        return httpx.URL(url).netloc.decode("ascii").lower()
    except httpx.InvalidURL:
        return ""
