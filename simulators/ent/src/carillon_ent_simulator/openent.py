"""Edifice's "Open ENT NG": a form at ``/auth/login``, a CAS, and a SAML service for EduConnect and ATEN."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from carillon_ent_simulator.portal import Portal, form_of, service_of
from carillon_ent_simulator.portal_pages import FormShape
from carillon_ent_simulator.portal_state import PortalState

HOSTS = (
    "college.entsomme.fr",
    "ent.ecollege78.fr",
    "ent.iledefrance.fr",
    "ent.l-educdenormandie.fr",
    "ent.parisclassenumerique.fr",
    "ent77.seine-et-marne.fr",
    "ent94.opendigitaleducation.com",
    "enthdf.fr",
    "mayotte.opendigitaleducation.com",
    "mon.lyceeconnecte.fr",
    "moncollege-ent.var.fr",
    "neoconnect.opendigitaleducation.com",
    "www.moncollege-ent.essonne.fr",
)
ACS = "/auth/saml/acs"


def entity_ids() -> dict[str, str]:
    """How EduConnect and the academies call these portals, and where they take answers."""
    named = {f"https://{host}/auth/saml/metadata/idp.xml": f"https://{host}{ACS}" for host in HOSTS}
    return named | {
        "urn:fi:ent:prod-cd94-edu:1.0": f"https://ent94.opendigitaleducation.com{ACS}",
        "urn:fi:ent:prod-cd83-edu:1.0": f"https://moncollege-ent.var.fr{ACS}",
    }


def openent(host: str, state: PortalState) -> list[Route]:
    """The routes of one portal."""
    portal = Portal(host, state)

    def show(callback: str, *, refused: bool = False) -> Response:
        shape = FormShape("/auth/login", ("email", "email"), hidden={"callback": callback, "details": ""})
        return portal.sign_in_page(shape, refused=refused)

    async def fetched(request: Request) -> Response:
        return show(request.query_params.get("callback", ""))

    async def posted(request: Request) -> Response:
        form = await form_of(request)
        callback = form.get("callback", "")
        username, obstacle = portal.judge(request, form.get("email", ""), form.get("password", ""))
        if obstacle is not None:
            return obstacle
        if username is None:
            return show(callback, refused=True)
        return portal.welcome(username, callback or "/timeline")

    async def cas(request: Request) -> Response:
        callback = quote(f"/cas/login?{request.url.query}", safe="")
        back = RedirectResponse(f"/auth/login?callback={callback}", status_code=302)
        return portal.serve(request, service_of(request)) or back

    return [
        portal.route("/auth/login", fetched),
        portal.route("/auth/login", posted, "POST"),
        portal.route("/cas/login", cas),
        portal.route(ACS, portal.answered(portal.url("/timeline")), "POST"),
        portal.route("/timeline", portal.home),
    ]
