"""``openent``: Edifice's "Open ENT NG", told where to go afterwards."""

from urllib.parse import quote

import httpx

from carillon_pronote.ent.flow_parameters import FlowParameters, Host
from carillon_pronote.ent.open_ent_form import send_open_ent_form
from carillon_pronote.ent.portal_visit import PortalVisit


class Parameters(FlowParameters):
    """Where the portal is."""

    host: Host


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """The form with ``callback``: the portal's CAS for Pronote; then Pronote."""
    callback = f"/cas/login?service={quote(visit.root_url, safe='')}"
    await send_open_ent_form(visit, f"https://{parameters.host}/auth/login", {"callback": callback})
    return await visit.open_pronote()
