"""``kdecole-wayf-aten``: Kosmos' CAS that sends the person to the academy's ATEN."""

import httpx

from carillon_pronote.ent.aten import pass_aten
from carillon_pronote.ent.flow_parameters import Host
from carillon_pronote.ent.flows import kdecole_wayf
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.ent.saml_handover import hand_over


class Parameters(kdecole_wayf.Parameters):
    """Where the CAS and the academy's ATEN are."""

    aten_host: Host


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """CAS, SAMLRequest, ATEN, SAMLResponse, Pronote."""
    page = await visit.fetch("portal's sign-in page", kdecole_wayf.login_url(parameters))
    await pass_aten(visit, await hand_over(visit, "portal", page), parameters.aten_host)
    return await visit.open_pronote()
