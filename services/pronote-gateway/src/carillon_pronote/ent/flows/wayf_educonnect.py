"""``wayf-educonnect``: a Shibboleth service told at once that the choice is EduConnect."""

from urllib.parse import urlencode

import httpx
from pydantic import Field

from carillon_pronote.ent.educonnect import EDUCONNECT_HOST, pass_educonnect
from carillon_pronote.ent.flow_parameters import FlowParameters, Host
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.ent.saml_handover import hand_over


class Parameters(FlowParameters):
    """Where the service is and how it leads to EduConnect."""

    host: Host
    redirect_form: bool = Field(default=True, description="A SAMLRequest form leads there; false: redirects do.")


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """Choice, EduConnect, SAMLResponse, Pronote."""
    domain = f"https://{parameters.host}"
    choice = {
        "entityID": f"{domain}/shibboleth",
        "returnX": f"{domain}/Shibboleth.sso/Login",
        "returnIDParam": "entityID",
        "action": "selection",
        "origin": f"https://{EDUCONNECT_HOST}/idp",
    }
    page = await visit.fetch("choice of EduConnect", f"{domain}/discovery/WAYF?{urlencode(choice)}")
    if parameters.redirect_form:
        page = await hand_over(visit, "portal", page)
    await pass_educonnect(visit, page)
    return await visit.open_pronote()
