"""``aten`` and ``aten-post``: the academy's ATEN first; it opens the portal by itself."""

import httpx
from pydantic import Field

from carillon_pronote.ent.aten import pass_aten
from carillon_pronote.ent.flow_parameters import Address, FlowParameters, Host
from carillon_pronote.ent.portal_visit import PortalVisit


class Parameters(FlowParameters):
    """Where the way begins, and what has to be opened between ATEN and Pronote."""

    start: Address
    aten_host: Host
    afterwards: Address | None = Field(default=None, description="A page of the portal to open before Pronote.")


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """ATEN (reached by redirects), SAMLResponse, the portal's page if it needs one, Pronote."""
    await pass_aten(visit, await visit.fetch("way to ATEN", parameters.start), parameters.aten_host)
    if parameters.afterwards:
        await visit.fetch("portal's entry", parameters.afterwards)
    return await visit.open_pronote()
