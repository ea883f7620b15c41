"""``openent-simple``: Edifice's "Open ENT NG", its form alone."""

import httpx

from carillon_pronote.ent.flow_parameters import Address, FlowParameters
from carillon_pronote.ent.open_ent_form import send_open_ent_form
from carillon_pronote.ent.portal_visit import PortalVisit


class Parameters(FlowParameters):
    """Where the form is sent."""

    url: Address


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """The form, then Pronote."""
    await send_open_ent_form(visit, parameters.url, {})
    return await visit.open_pronote()
