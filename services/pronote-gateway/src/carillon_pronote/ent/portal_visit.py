"""The sign-in engine: one visit to a portal, from its first page to the Pronote page.

A flow (:mod:`carillon_pronote.ent.flows`) only says which steps come one after the other. Here is what all of them
share: forms sent with everything they hold, the password only where it belongs, and telling apart a refusal, an
obstacle (maintenance, captcha, charter) and a page that is not as described.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

import httpx

from carillon_pronote.ent.bounded_requests import BoundedRequests, VisitLimits, host_and_port
from carillon_pronote.ent.portal_errors import (
    EntCaptchaError,
    EntCharterError,
    EntFormExpiredError,
    EntUnavailableError,
)
from carillon_pronote.ent.portal_page import PortalForm, PortalPage
from carillon_pronote.errors import EntChangedError, PronoteError, ProtocolError, WrongCredentialsError
from carillon_pronote.start_page import read_start_page


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
    limits: VisitLimits
    refusal_note: str = ""
    notice: PronoteError | None = None
    _password_sent: bool = False

    def __post_init__(self) -> None:
        """Count this sign-in's requests."""
        self._requests = BoundedRequests(self.http, self.limits, self.password_hosts)

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
        page = await self._requests.follow(step, "GET", filled)
        self._raise_obstacle(page)
        self._note(page)
        return page

    async def submit(
        self, step: str, form: PortalForm, values: Mapping[str, str] | None = None, *, method: str | None = None
    ) -> PortalPage:
        """Send a form with everything it holds, ``values`` put in, and follow the redirects of the answer."""
        fields = form.filled(dict(values or {}))
        page = await self._requests.follow(step, (method or form.method).upper(), form.action, fields)
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
