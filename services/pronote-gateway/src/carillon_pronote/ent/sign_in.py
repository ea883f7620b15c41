"""A portal's sign-in as the Pronote client wants it (:class:`carillon_pronote.ent_interface.EntSignIn`)."""

from dataclasses import dataclass

import httpx

from carillon_pronote.ent.account_table import EntAccount
from carillon_pronote.ent.bounded_requests import VisitLimits
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.errors import EntChangedError, EntUnknownError, WrongCredentialsError


@dataclass(frozen=True, slots=True)
class PortalSignIn:
    """Signs in through one portal; has no state, so one object serves any number of people.

    Attributes:
        account: the portal.
        limits: what a visit may do.
    """

    account: EntAccount
    limits: VisitLimits = VisitLimits()  # noqa: RUF009 (frozen)

    async def __call__(self, http: httpx.AsyncClient, page_url: str, username: str, password: str) -> httpx.Response:
        """Run the portal's flow once and return the Pronote page; see the interface for arguments and errors.

        Cookies that ``http`` holds from before are dropped first, so that no earlier sign-in of the portal answers in
        place of this one; afterwards only those of the Pronote host are kept. Portals' obstacles are raised as
        :mod:`carillon_pronote.ent.portal_errors` names them. Nothing is ever tried twice.
        """
        if self.account.steps.sign_in is None:
            raise EntUnknownError(f"{self.account.id}: no portal to go through; sign in at Pronote itself")
        http.cookies.clear()
        visit = PortalVisit(http, page_url, username, password, self.account.trusted_hosts, self.limits)
        try:
            return await self.account.steps.sign_in(visit, self.account.parameters)
        except (EntChangedError, WrongCredentialsError) as error:
            if visit.notice is None:
                raise
            raise visit.notice from error
        finally:
            _keep_only(http.cookies, httpx.URL(page_url).host)


def _keep_only(cookies: httpx.Cookies, host: str) -> None:
    for cookie in list(cookies.jar):
        domain = cookie.domain.lstrip(".")
        if host != domain and not host.endswith(f".{domain}"):
            cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
