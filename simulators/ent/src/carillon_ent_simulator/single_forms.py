"""Portals with a form of their own: Atrium, laclasse.com, the Somme's extranet, Oze."""

from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from carillon_ent_simulator import educonnect
from carillon_ent_simulator.portal import Portal, form_of, service_of, with_ticket
from carillon_ent_simulator.portal_pages import FormShape, expired_page, refused_page
from carillon_ent_simulator.portal_state import PortalState

ATRIUM = "www.atrium-sud.fr"
LACLASSE = "www.laclasse.com"
SOMME = "www.colleges.cg80.fr"
OZE = "enc.hauts-de-seine.fr"
OZE_INTERFACE = "api-enc.hauts-de-seine.fr"


def _form_routes(
    portal: Portal, path: str, state_field: str, attributes: str = "", *, with_service: bool
) -> list[Route]:
    """A CAS with one form, whose hidden field ``state_field`` names what was asked for.

    With ``with_service`` the form also holds the service, as quoted in its address.
    """
    state = portal.state

    def show(service: str, *, refused: bool = False) -> Response:
        hidden = {state_field: state.keep(service or "-")} | ({"service": service} if with_service else {})
        hidden |= {} if with_service else {"_eventId": "submit"}
        return portal.sign_in_page(FormShape(path, hidden=hidden, attributes=attributes), refused=refused)

    async def fetched(request: Request) -> Response:
        service = service_of(request)
        return portal.serve(request, service) or show(service)

    async def posted(request: Request) -> Response:
        form = await form_of(request)
        kept = state.take(form.get(state_field, ""))
        if kept is None:
            return expired_page()
        service = unquote(form.get("service", "")) if with_service else kept.removeprefix("-")
        username, obstacle = portal.judge(request, form.get("username", ""), form.get("password", ""))
        if obstacle is not None:
            return obstacle
        if username is None:
            return show(service, refused=True)
        return portal.welcome(username, with_ticket(service, username) if service else "/accueil")

    return [
        portal.route(path, fetched),
        portal.route(path, posted, "POST"),
        portal.route("/accueil", portal.home),
    ]


def atrium(state: PortalState) -> list[Route]:
    """Atrium: a CAS form with ``execution``."""
    return _form_routes(Portal(ATRIUM, state), "/connexion/login", "execution", 'id="fm1"', with_service=False)


def laclasse(state: PortalState) -> list[Route]:
    """laclasse.com: a form with ``state`` and the service, or EduConnect by redirects."""
    portal = Portal(LACLASSE, state)

    async def through_educonnect(request: Request) -> Response:
        del request
        return portal.ask_by_redirect(educonnect.REDIRECT_URL, "/sso/saml", portal.url("/accueil"))

    return [
        *_form_routes(portal, "/sso/login", "state", with_service=True),
        portal.route("/sso/educonnect", through_educonnect),
        portal.route("/sso/saml", portal.answered(portal.url("/accueil")), "POST"),
    ]


def somme(state: PortalState) -> list[Route]:
    """The Somme's extranet, which has no TLS."""
    portal = Portal(SOMME, state, scheme="http")
    return _form_routes(portal, "/identification/identification.php", "jeton", with_service=False)


def oze(state: PortalState) -> list[Route]:
    """Oze: a Keycloak form that sets a cookie for the interface's host too, and the way to Pronote."""
    portal = Portal(OZE, state, cookie_domain="hauts-de-seine.fr")

    def show(*, refused: bool = False) -> Response:
        shape = FormShape("/auth", hidden={"auth_form": state.keep("oze")}, attributes='id="kc-form-login"')
        return portal.sign_in_page(shape, refused=refused)

    async def fetched(request: Request) -> Response:
        del request
        return show()

    async def posted(request: Request) -> Response:
        form = await form_of(request)
        if state.take(form.get("auth_form", "")) is None:
            return expired_page()
        name = form.get("username", "")
        if not name.endswith(f"@{OZE}"):
            return show(refused=True)
        username, obstacle = portal.judge(request, name.removesuffix(f"@{OZE}"), form.get("password", ""))
        if obstacle is not None:
            return obstacle
        return show(refused=True) if username is None else portal.welcome(username, "/accueil")

    async def to_pronote(request: Request) -> Response:
        return portal.serve(request, f"https://{OZE}.pronote.example/pronote/") or refused_page("Accès refusé", 401)

    async def cas(request: Request) -> Response:
        return portal.serve(request, service_of(request)) or RedirectResponse("/", status_code=302)

    return [
        portal.route("/", fetched),
        portal.route("/", posted, "POST"),
        portal.route("/auth", posted, "POST"),
        portal.route("/accueil", portal.home),
        portal.route("/cas/proxySSO/{number}", to_pronote),
        portal.route("/cas/login", cas),
    ]


def oze_interface(state: PortalState) -> list[Route]:
    """Oze's programming interface; the session is the portal's."""
    portal = Portal(OZE, state)

    async def me(request: Request) -> Response:
        if portal.person(request) is None:
            return JSONResponse({"message": "Unauthorized"}, 401)
        return JSONResponse({"currentProfil": {"codeProfil": "ELV", "uai": "0920000A"}})

    async def applications(request: Request) -> Response:
        if portal.person(request) is None or request.query_params.get("ctx_etab") != "0920000A":
            return JSONResponse({"message": "Unauthorized"}, 401)
        return JSONResponse([{"code": "pronote", "externalRoute": "/cas/proxySSO/1?uai=0920000A"}])

    return [portal.route("/v1/users/me", me), portal.route("/v1/ozapps", applications)]
