"""``hubeduconnect``: Index Éducation's own hub to EduConnect, for any establishment that has subscribed to it."""

import httpx

from carillon_pronote.ent.educonnect import pass_educonnect
from carillon_pronote.ent.flow_parameters import Address, FlowParameters
from carillon_pronote.ent.portal_page import PortalPage
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.ent.saml_handover import hand_over
from carillon_pronote.errors import EntChangedError

_REFUSED_SERVICES = ("url de service est vide", "pas une url de confiance")


class Parameters(FlowParameters):
    """Where the hub is."""

    url: Address


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """Hub, SAMLRequest, EduConnect, SAMLResponse, Pronote.

    Raises:
        EntChangedError: the hub does not serve this establishment (it says so on a page instead of EduConnect's).
    """
    page = await visit.fetch("hub", parameters.url)
    _check_service(page)
    page = await hand_over(visit, "hub", page)
    _check_service(page)
    await pass_educonnect(visit, page)
    return await visit.open_pronote()


def _check_service(page: PortalPage) -> None:
    if any(sentence in page.words for sentence in _REFUSED_SERVICES):
        raise EntChangedError("hub", "a Pronote that uses the hub; it says that it does not know this one")
