"""``openent-educonnect``: Open ENT NG through EduConnect, started from EduConnect's side ("unsolicited")."""

from urllib.parse import urlencode, urlsplit

import httpx
from pydantic import Field

from carillon_pronote.ent.educonnect import EDUCONNECT_HOST, pass_educonnect
from carillon_pronote.ent.flow_parameters import FlowParameters, Host
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.errors import WrongCredentialsError

_UNSOLICITED = f"https://{EDUCONNECT_HOST}/idp/profile/SAML2/Unsolicited/SSO"


class Parameters(FlowParameters):
    """Where the portal is and how EduConnect calls it."""

    host: Host
    provider_id: str = Field(min_length=1)


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """EduConnect, SAMLResponse, Pronote.

    A refusal ends it. (pronotepy then tries the same password on the portal's own form; that would send a refused
    password a second time, and to another service. For an account of the portal choose its ``openent`` entry.)
    """
    address = f"{_UNSOLICITED}?{urlencode({'providerId': parameters.provider_id})}"
    answer = await pass_educonnect(visit, await visit.fetch("way to EduConnect", address))
    if not visit.is_at_pronote(answer) and "login" in urlsplit(answer.url).path:
        raise WrongCredentialsError("EduConnect accepted them, the portal does not know this EduConnect account")
    return await visit.open_pronote()
