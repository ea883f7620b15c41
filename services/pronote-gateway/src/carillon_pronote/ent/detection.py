"""Which portal guards a Pronote: told by its redirect, or by the description it gives to the mobile app."""

from urllib.parse import urljoin

import httpx

from carillon_pronote import http_answers
from carillon_pronote.accounts import root_of
from carillon_pronote.ent.account_table import EntAccount, EntTable
from carillon_pronote.ent.bounded_requests import VisitLimits, host_and_port
from carillon_pronote.ent.flows import DIRECT
from carillon_pronote.ent.portal_errors import EntAddressRefusedError
from carillon_pronote.errors import EntUnknownError
from carillon_pronote.instances import DESCRIPTION

_PAGE = "eleve.html"


async def detect(
    page_url: str, http: httpx.AsyncClient, table: EntTable, limits: VisitLimits | None = None
) -> list[EntAccount]:
    """Find the portals that may guard a Pronote.

    Args:
        page_url: any address of it: ``https://host/pronote/``, or with ``eleve.html``, or a mobile page.
        http: sends at most three requests; redirects are not followed.
        table: the known portals.
        limits: whether addresses without TLS may be visited, and how long an answer may be.

    Returns:
        The accounts that fit, those to be tried first in front; ``none`` alone when Pronote asks for the password
        itself. Several fit where a portal serves several academies or kinds of account: the person has to choose.

    Raises:
        EntUnknownError: Pronote leads to a portal that is not in the table; the detail names its host.
        EntAddressRefusedError: an address without TLS.
        ProtocolError: no http(s) address.
        UnreachableError: no answer.
        PronoteError: an HTTP failure in place of the page: no Pronote at this address, or one that is busy.
    """
    allowed = limits or VisitLimits()
    root = root_of(page_url)
    own_host = host_and_port(root)
    page, redirect = await _page(root, http, allowed)
    portal = host_and_port(redirect or await _described(root, http, allowed))
    if portal and portal != own_host:
        return _known(table, portal)
    http_answers.check_status(http_answers.AnswerHead(page.status_code, page.headers))  # no page is no Pronote
    return [table.get(DIRECT)]


def _known(table: EntTable, host: str) -> list[EntAccount]:
    found = table.at_host(host)
    if not found:
        raise EntUnknownError(f"this Pronote is guarded by {host}, which is not in the table")
    return found


async def _page(root: str, http: httpx.AsyncClient, limits: VisitLimits) -> tuple[httpx.Response, str]:
    """The pupils' page, and where it leads: "" when it does not lead away.

    One step inside Pronote itself is followed.
    """
    url = f"{root}/{_PAGE}"
    for is_last in (False, True):
        answer = await _get(url, http, limits)
        location: str = answer.headers.get("Location", "") if answer.is_redirect else ""
        url = urljoin(url, location)
        if location and host_and_port(url) != host_and_port(root):
            return answer, url
        if not location or is_last:
            break
    return answer, ""


async def _described(root: str, http: httpx.AsyncClient, limits: VisitLimits) -> str:
    """The address of the CAS in the instance's description, "" when there is none or it is not in use."""
    answer = await _get(f"{root}/{DESCRIPTION}", http, limits)
    try:
        cas: dict[str, object] = answer.json()["CAS"]
        url = str(cas.get("casURL") or "") if cas.get("actif") else ""
        return url if host_and_port(url) else ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


async def _get(url: str, http: httpx.AsyncClient, limits: VisitLimits) -> httpx.Response:
    scheme = httpx.URL(url).scheme
    if scheme != "https" and not (limits.allow_http and scheme == "http"):
        raise EntAddressRefusedError(host_and_port(url))
    return await http_answers.send(http, "GET", url, limits.body_bytes, follow_redirects=False)
