"""``cas-educonnect``: a CAS that sends the person to EduConnect, by a SAMLRequest form or by redirects."""

import httpx
from pydantic import Field

from carillon_pronote.ent.educonnect import pass_educonnect
from carillon_pronote.ent.flow_parameters import Address, FlowParameters
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.ent.saml_handover import hand_over


class Parameters(FlowParameters):
    """Where the way begins and how it leads to EduConnect."""

    url: Address
    redirect_form: bool = Field(default=True, description="A SAMLRequest form leads there; false: redirects do.")


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """CAS, SAMLRequest, EduConnect, SAMLResponse, Pronote."""
    page = await visit.fetch("portal's sign-in page", parameters.url)
    if parameters.redirect_form:
        page = await hand_over(visit, "portal", page)
    await pass_educonnect(visit, page)
    return await visit.open_pronote()
