"""``wayf-aten``: a Shibboleth service that lets the person choose the academy, whose ATEN does the rest."""

from urllib.parse import urlencode

import httpx
from pydantic import Field

from carillon_pronote.ent.aten import pass_aten
from carillon_pronote.ent.flow_parameters import Address, FlowParameters, Host
from carillon_pronote.ent.portal_visit import PortalVisit


class Parameters(FlowParameters):
    """Where the way begins, where the choice is sent, and which choice."""

    start: Address
    wayf: Address
    aten_host: Host
    choice: dict[str, str] = Field(description="What choosing the academy adds to the page's own inputs.")


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """Choice page, choice, ATEN, SAMLResponse; the last answer usually is Pronote's page already."""
    page = await visit.fetch("choice of the academy", parameters.start)
    chosen = {**page.all_inputs(), **parameters.choice}
    aten_page = await visit.fetch("way to ATEN", f"{parameters.wayf}?{urlencode(chosen)}")
    answer = await pass_aten(visit, aten_page, parameters.aten_host)
    return answer.response if visit.is_signed_in(answer) else await visit.open_pronote()
