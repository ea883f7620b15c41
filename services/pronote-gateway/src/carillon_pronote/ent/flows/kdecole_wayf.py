"""``kdecole-wayf``: Kosmos' CAS ("Skolengo", once "Kdecole") with an account of the portal itself."""

import httpx
from pydantic import Field

from carillon_pronote.ent.flow_parameters import FlowParameters, Host
from carillon_pronote.ent.portal_visit import PortalVisit

_STEP = "portal's sign-in form"


class Parameters(FlowParameters):
    """Where the CAS is and which of its sign-ins to choose."""

    cas_host: Host
    selection: str | None = Field(default=None, description="The sign-in chosen on the portal's first page.")


def login_url(parameters: Parameters) -> str:
    """The CAS address for this sign-in, with the service to be filled in."""
    selection = f"selection={parameters.selection}&" if parameters.selection else ""
    return f"https://{parameters.cas_host}/login?{selection}service={{service}}"


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """One form with the inputs ``username`` and ``password``; nothing but Pronote's page tells that it went well."""
    page = await visit.fetch("portal's sign-in page", login_url(parameters))
    base = f"https://{parameters.cas_host}/"
    form, (name, password) = page.form_around(_STEP, "username", "password", base=base)
    await visit.submit_password(_STEP, form, {name: visit.username, password: visit.password})
    return await visit.open_pronote()
