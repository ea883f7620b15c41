"""``atrium``: Région Sud's CAS, with Pronote's root as its service."""

import httpx

from carillon_pronote.ent.flow_parameters import Address, FlowParameters
from carillon_pronote.ent.portal_visit import PortalVisit

_STEP = "portal's sign-in form"


class Parameters(FlowParameters):
    """Where the CAS is."""

    url: Address


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """CAS form with ``execution`` and sometimes ``lt``, then Pronote's root, which chooses the space itself."""
    page = await visit.fetch("portal's sign-in page", parameters.url)
    form = page.form_or_fields(_STEP, page.url, "execution")
    values = {"username": visit.username, "password": visit.password, "_eventId": "submit", "submit": ""}
    await visit.submit_password(_STEP, form, values)
    root = await visit.fetch("Pronote's root", visit.root_url)
    return root.response if visit.is_signed_in(root) else await visit.open_pronote()
