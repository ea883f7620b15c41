"""``laclasse``: laclasse.com's own form, whose answer leads straight to Pronote."""

import httpx

from carillon_pronote.ent.flow_parameters import Address, FlowParameters
from carillon_pronote.ent.portal_visit import PortalVisit

_STEP = "portal's sign-in form"


class Parameters(FlowParameters):
    """Where the form is, without a query."""

    url: Address


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """Form with ``state`` and the service (quoted once more than a form does), then Pronote by redirects."""
    page = await visit.fetch("portal's sign-in page", f"{parameters.url}?service={{service}}")
    form = page.form_or_fields(_STEP, parameters.url, "state")
    values = {"username": visit.username, "password": visit.password, "service": visit.service}
    answer = await visit.submit_password(_STEP, form, values)
    return answer.response if visit.is_signed_in(answer) else await visit.open_pronote()
