"""``netocentre``: Net O'Centre's start page links to its CAS, which sends families to EduConnect."""

from urllib.parse import urljoin

import httpx
from pydantic import Field

from carillon_pronote.ent.educonnect import pass_educonnect
from carillon_pronote.ent.flow_parameters import Address, FlowParameters
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.errors import EntChangedError


class Parameters(FlowParameters):
    """The start page, its link, and what choosing EduConnect adds to the link."""

    start: Address
    link_id: str = Field(min_length=1)
    append: str


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """Start page, its sign-in link, EduConnect, Pronote."""
    page = await visit.fetch("portal's start page", parameters.start)
    links = page.elements("//a[@id=$link][@href]", link=parameters.link_id)
    if not links:
        raise EntChangedError("portal's start page", f"a link with the id {parameters.link_id!r}")
    cas_url = urljoin(page.url, links[0].get("href")) + parameters.append
    await pass_educonnect(visit, await visit.fetch("way to EduConnect", cas_url))
    return await visit.open_pronote()
