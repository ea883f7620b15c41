"""``toutatice`` and ``toutatice-pp``: Brittany's portal, EduConnect, and a call that tells the portal who came.

The portal's identity provider waits with a *conversation* while the person is at EduConnect. Afterwards two calls of
``RemoteUser`` finish it: the first says the person's number in an XML fragment, the second gives it back.
"""

from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from pydantic import Field

from carillon_pronote.ent.educonnect import pass_educonnect
from carillon_pronote.ent.flow_parameters import Address, FlowParameters
from carillon_pronote.ent.portal_page import PortalPage
from carillon_pronote.ent.portal_visit import PortalVisit
from carillon_pronote.errors import EntChangedError, WrongCredentialsError

_STEP = "Toutatice RemoteUser"


class Parameters(FlowParameters):
    """Where the way begins, what choosing EduConnect sends, and where the conversation's number is found."""

    start: Address
    wayf: Address = Field(description="Where the targets of the choice's form begin.")
    remote_user: Address
    choice: dict[str, str] = Field(default={}, description="What choosing EduConnect adds to the page's form.")
    session_cookie: str | None = Field(
        default=None,
        description="The cookie with the session's number; the conversation then is EduConnect's `execution`. "
        "None: both numbers stand in the address that EduConnect's answer leads to.",
    )


async def sign_in(visit: PortalVisit, parameters: Parameters) -> httpx.Response:
    """Choice, EduConnect, SAMLResponse, RemoteUser twice, Pronote."""
    page = await visit.fetch("choice of the sign-in", parameters.start)
    form = page.first_form("choice of the sign-in", base=parameters.wayf)
    educonnect = await visit.submit("choice of the sign-in", form, parameters.choice, method="POST")
    answer = await pass_educonnect(visit, educonnect)
    if parameters.session_cookie is None:
        conversation, session = _numbers_on_the_way(answer)
    else:
        conversation = _query(educonnect.url).get("execution", "")
        session = _cookie(visit, parameters.session_cookie)
    await _tell_who_came(visit, parameters.remote_user, conversation, session)
    return await visit.open_pronote()


async def _tell_who_came(visit: PortalVisit, remote_user: str, conversation: str, session: str) -> None:
    first = {"conversation": conversation, "redirectToLoaderRemoteUser": "0", "sessionid": session}
    answer = _read_fragment(await visit.fetch(_STEP, f"{remote_user}?{urlencode(first)}"))
    second = {
        "conversation": answer["conversation"],
        "uidInSession": answer["uidInSession"],
        "sessionid": session,
    }
    await visit.fetch(_STEP, f"{remote_user}?{urlencode(second)}")


def _read_fragment(page: PortalPage) -> dict[str, str]:
    """Read the elements of the XML fragment, with or without an element around them."""
    from lxml import etree  # as in portal_page

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        around = etree.fromstring(b"<answer>" + _without_declaration(page.response.content) + b"</answer>", parser)
    except etree.XMLSyntaxError as error:
        raise EntChangedError(_STEP, "an XML fragment") from error
    found = {str(element.tag): (element.text or "").strip() for element in around.iter(etree.Element)}
    if "erreurFonctionnelle" in found or "erreurTechnique" in found:
        raise WrongCredentialsError("EduConnect accepted them, Toutatice does not know this account")
    if not found.get("conversation") or not found.get("uidInSession"):
        raise EntChangedError(_STEP, "the elements conversation and uidInSession")
    return found


def _without_declaration(body: bytes) -> bytes:
    return body.partition(b"?>")[2] if body.lstrip().startswith(b"<?xml") else body


def _numbers_on_the_way(page: PortalPage) -> tuple[str, str]:
    for address in reversed(page.trail):
        query = _query(address)
        if query.get("conversation") and query.get("sessionid"):
            return query["conversation"], query["sessionid"]
    raise EntChangedError("Toutatice after EduConnect", "an address with conversation and sessionid")


def _cookie(visit: PortalVisit, name: str) -> str:
    values = [cookie.value for cookie in visit.http.cookies.jar if cookie.name == name and cookie.value]
    if not values:
        raise EntChangedError("Toutatice after EduConnect", f"a cookie called {name}")
    return values[0]


def _query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
