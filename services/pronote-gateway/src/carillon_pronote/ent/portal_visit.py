"""The sign-in engine: one visit to a portal, from its first page to the Pronote page.

A flow (:mod:`carillon_pronote.ent.flows`) only says which steps come one after the other. Here is what all of them
share: requests with their own cookies, bounded redirects to allowed addresses, forms sent with everything they hold,
and telling apart a refusal, an obstacle (maintenance, captcha, charter) and a page that is not as described.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urljoin

import httpx

from carillon_pronote import http_answers
from carillon_pronote.ent.portal_errors import (
    EntAddressRefusedError,
    EntCaptchaError,
    EntCharterError,
    EntFormExpiredError,
    EntUnavailableError,
)
from carillon_pronote.ent.portal_page import PortalForm, PortalPage
from carillon_pronote.errors import EntChangedError, PronoteError, ProtocolError, WrongCredentialsError
from carillon_pronote.start_page import read_start_page

AllowUrl = Callable[[str], Awaitable[bool]]
"""Asked before every request: may this address be visited? (The gateway's guard against internal addresses.)"""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPING_METHOD = frozenset({307, 308})


async def allow_any(url: str) -> bool:  # noqa: ARG001 (the guard that says yes)
    """Allow every address; for programs that sign in only where their own user says."""
    return True


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """What a visit may do.

    Attributes:
        allow_url: the guard asked before every request.
        allow_http: whether addresses without TLS may be visited (simulator; portals that have none).
        redirects: how many redirects one answer may take.
        requests: how many requests a whole sign-in may take.
        body_bytes: how long an answer may be.
    """

    allow_url: AllowUrl = allow_any
    allow_http: bool = False
    redirects: int = 15
    requests: int = 60
    body_bytes: int = 4 * 2**20


@dataclass
class PortalVisit:
    """One sign-in in progress.

    Attributes:
        http: sends the requests and keeps this sign-in's cookies.
        page_url: the Pronote page asked for.
        username: the person's name at the portal.
        password: never shown by ``repr``.
        password_hosts: the only hosts (with port where it is not the usual one) that may be sent the password.
        limits: what the visit may do.
        refusal_note: what a refusal may mean beside a wrong password, for the error's detail.
        notice: what a page after the password seemed to say: a refusal, an expired form, a charter.
    """

    http: httpx.AsyncClient
    page_url: str
    username: str
    password: str = field(repr=False)
    password_hosts: frozenset[str]
    limits: VisitLimits = VisitLimits()
    refusal_note: str = ""
    notice: PronoteError | None = None
    _password_sent: bool = False
    _requests: int = 0

    @property
    def root_url(self) -> str:
        """The Pronote address without its file name, with the trailing slash: what portals call the service."""
        return urljoin(self.page_url, ".")

    @property
    def service(self) -> str:
        """The service, ready to be put into a query."""
        return quote(self.root_url, safe="")

    async def fetch(self, step: str, url: str) -> PortalPage:
        """Get a page, following its redirects.

        Args:
            step: what this is, in words, for errors.
            url: the address; ``{service}`` and ``{page}`` in it become the Pronote root and page, quoted.
        """
        filled = url.replace("{service}", self.service).replace("{page}", quote(self.page_url, safe=""))
        page = await self._follow(step, "GET", filled)
        self._raise_obstacle(page)
        self._note(page)
        return page

    async def submit(
        self, step: str, form: PortalForm, values: Mapping[str, str] | None = None, *, method: str | None = None
    ) -> PortalPage:
        """Send a form with everything it holds, ``values`` put in, and follow the redirects of the answer."""
        fields = form.filled(dict(values or {}))
        page = await self._follow(step, (method or form.method).upper(), form.action, fields)
        self._raise_obstacle(page)
        self._note(page)
        return page

    async def submit_password(self, step: str, form: PortalForm, values: Mapping[str, str]) -> PortalPage:
        """Send the form that holds the password, and read a refusal in the answer.

        Raises:
            WrongCredentialsError: the portal shows a password field again.
            EntFormExpiredError: it does, and says that the form was too old.
            EntChangedError: the form does not belong to the portal's hosts, or is not there any more.
        """
        host = host_and_port(form.action)
        if host not in self.password_hosts:
            raise EntChangedError(step, f"a form of {', '.join(sorted(self.password_hosts))}, not of {host}")
        self._password_sent = True
        page = await self.submit(step, form, values, method="POST")
        self.raise_if_refused(page)
        if page.response.status_code in {404, 405, 410}:
            raise EntChangedError(step, f"an answer to the form, not status {page.response.status_code}")
        return page

    async def pass_on(self, step: str, page: PortalPage, *names: str) -> PortalPage:
        """Send the form that a browser would send by script: SAMLRequest, SAMLResponse (by HTTP POST binding)."""
        form = page.form_with(step, *names)
        return await self.submit(step, form, method="POST")

    async def open_pronote(self, url: str | None = None) -> httpx.Response:
        """Fetch the Pronote page with the cookies gathered so far; the errors are those of :meth:`pronote_answer`."""
        return self.pronote_answer(await self.fetch("Pronote page", url or self.page_url))

    def is_at_pronote(self, page: PortalPage) -> bool:
        """Whether the page comes from the Pronote host."""
        return host_and_port(page.url) == host_and_port(self.page_url)

    def is_signed_in(self, page: PortalPage) -> bool:
        """Whether the page is Pronote's for a person who came through a portal."""
        try:
            return self.is_at_pronote(page) and bool(read_start_page(page.response.text).portal_secret)
        except ProtocolError:
            return False

    def pronote_answer(self, page: PortalPage) -> httpx.Response:
        """Return the answer if it is the Pronote page of a person signed in.

        Raises:
            WrongCredentialsError: the portal asks for the password (again).
            EntChangedError: the way does not end at Pronote, or Pronote does not take the portal's word.
            SuspendedAddressError, SiteClosedError, SiteBusyError: Pronote's own notices.
        """
        if self.is_signed_in(page):
            return page.response
        host = host_and_port(page.url)
        if self.is_at_pronote(page):
            raise EntChangedError("Pronote page", f"e and f in Start(); {host} does not know who came from the portal")
        if page.asks_for_password and host not in self.password_hosts:
            raise EntChangedError("Pronote page", f"Pronote itself; another portal guards it: {host}")
        self.raise_if_refused(page)
        raise EntChangedError("Pronote page", f"Pronote itself, not a page of {host} ({page.response.status_code})")

    def raise_if_refused(self, page: PortalPage) -> None:
        """Raise when a page shows a password field where there should be none any more; nothing is sent again, ever."""
        if page.asks_for_password and not self.is_at_pronote(page):
            if page.says_expired and not page.says_refused:
                raise EntFormExpiredError(host_and_port(page.url))
            raise WrongCredentialsError(self.refusal_note)

    def _note(self, page: PortalPage) -> None:
        """Keep what a page after the password seems to say; it counts only if the way then ends before Pronote.

        Portals' inner pages are full of words, so their text alone proves nothing.
        """
        if not self._password_sent or self.is_at_pronote(page) or page.asks_for_password:
            return
        host = host_and_port(page.url)
        if page.says_refused:
            self.notice = WrongCredentialsError(self.refusal_note)
        elif page.says_expired:
            self.notice = EntFormExpiredError(host)
        elif page.shows_captcha:
            self.notice = EntCaptchaError(host)
        elif page.shows_charter:
            self.notice = EntCharterError(host)

    def _raise_obstacle(self, page: PortalPage) -> None:
        if self.is_at_pronote(page):
            return  # the client of the protocol knows Pronote's own notices
        if page.is_out_of_service:
            raise EntUnavailableError(host_and_port(page.url))
        if page.shows_captcha and (page.asks_for_password or not self._password_sent):
            raise EntCaptchaError(host_and_port(page.url))

    async def _follow(
        self, step: str, method: str, url: str, fields: list[tuple[str, str]] | None = None
    ) -> PortalPage:
        trail: list[str] = []
        body = None if fields is None else urlencode(fields)
        if body is not None and method == "GET":
            url, body = f"{url.partition('?')[0]}?{body}", None
        for _ in range(self.limits.redirects + 1):
            response = await self._send(step, method, url, body)
            trail.append(url)
            location = response.headers.get("Location")
            if response.status_code not in _REDIRECTS or not location:
                return PortalPage(url, response, tuple(trail))
            url = urljoin(url, location).partition("#")[0]
            if response.status_code not in _KEEPING_METHOD:
                method, body = "GET", None
            elif body is not None and host_and_port(url) not in self.password_hosts:
                raise EntChangedError(step, f"an answer to the form, not its handing on to {host_and_port(url)}")
        raise EntAddressRefusedError(f"at {step}: more than {self.limits.redirects} redirects")

    async def _send(self, step: str, method: str, url: str, body: str | None) -> httpx.Response:
        await self._check_address(step, url)
        headers = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        return await http_answers.send(
            self.http, method, url, self.limits.body_bytes, content=body, headers=headers, follow_redirects=False
        )

    async def _check_address(self, step: str, url: str) -> None:
        self._requests += 1
        if self._requests > self.limits.requests:
            raise EntAddressRefusedError(f"at {step}: more than {self.limits.requests} requests in one sign-in")
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise EntChangedError(step, "an address that can be read") from error
        if not address.host or address.scheme not in ({"https", "http"} if self.limits.allow_http else {"https"}):
            raise EntAddressRefusedError(f"at {step}: {address.scheme}://{address.host} is not https")
        if not await self.limits.allow_url(url):
            raise EntAddressRefusedError(f"at {step}: {address.host} is not allowed")


def host_and_port(url: str) -> str:
    """The host of an address, with the port where it is not the usual one, lower-case; "" when it has none."""
    try:
        return httpx.URL(url).netloc.decode("ascii").lower()
    except httpx.InvalidURL:
        return ""
