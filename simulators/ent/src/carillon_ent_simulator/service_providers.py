"""Portals that only hand people over: Shibboleth services, discovery pages, dispatchers, Index Éducation's hub."""

import html

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from carillon_ent_simulator import educonnect
from carillon_ent_simulator.portal import Portal, cas_query, service_of
from carillon_ent_simulator.portal_pages import page, refused_page
from carillon_ent_simulator.portal_state import PortalState

ITSLEARNING = "fip.itslearning.com"
ELYCO = "cas3.e-lyco.fr"
NERO = "nero.l-educdenormandie.fr"
ENT2D = "ent2d.ac-bordeaux.fr"
SESHAT = "seshat.ac-orleans-tours.fr:8443"
LILLE = "teleservices.ac-lille.fr"
POITIERS = "sp-ts.ac-poitiers.fr"
REUNION = "sso.ac-reunion.fr"
HUB = "hubeduconnect.index-education.net"
NETOCENTRE = "ent.netocentre.fr"
NETOCENTRE_START = "lycees.netocentre.fr"
_ACS = "/Shibboleth.sso/SAML2/POST"
_HOME = "/accueil"


def entity_ids() -> dict[str, str]:
    """How the academies call these services, and where they take answers."""
    return {
        f"https://{ENT2D}/shibboleth": f"https://{ENT2D}{_ACS}",
        f"https://{ITSLEARNING}/SP/bn": f"https://{ITSLEARNING}{_ACS}",
        f"https://{ELYCO}/shibboleth": f"https://{ELYCO}{_ACS}",
        f"https://{NERO}/shibboleth": f"https://{NERO}{_ACS}",
        "urn:fi:ac-orleans_EXT:ts:1.0": f"https://{SESHAT}{_ACS}",
        "urn:fi:ent:lille-hdf-ts:1.0": f"https://{LILLE}{_ACS}",
    }


def _cas_routes(portal: Portal) -> list[Route]:
    """CAS, assertion consumer and home of a portal that has no form; without a session the CAS only says so."""

    async def cas(request: Request) -> Response:
        return portal.serve(request, service_of(request)) or refused_page("Choisissez votre profil", 401)

    return [
        portal.route("/cas/login", cas),
        portal.route(_ACS, portal.answered(portal.url(_HOME)), "POST"),
        portal.route(_HOME, portal.home),
    ]


def _to_aten(aten_host: str, entity_id: str, target: str = "") -> Response:
    return RedirectResponse(f"https://{aten_host}/sso/SSO?SPEntityID={entity_id}&TARGET={target}", status_code=302)


def ent2d(state: PortalState) -> list[Route]:
    """Bordeaux' ENT for lower schools."""
    return _cas_routes(Portal(ENT2D, state))


def lille(state: PortalState) -> list[Route]:
    """Lille's ATEN as a portal of its own."""
    return _cas_routes(Portal(LILLE, state))


def seshat(state: PortalState) -> list[Route]:
    """Orléans-Tours' portal for families, on a port of its own."""
    portal = Portal(SESHAT, state)

    async def discovery(request: Request) -> Response:
        return _to_aten("portail-famille.ac-orleans-tours.fr", request.query_params.get("idp_ident", ""))

    return [*_cas_routes(portal), portal.route("/identite/discovery", discovery)]


def nero(state: PortalState) -> list[Route]:
    """Rouen's "Nero": the session counts for Pronote only after the portal's entry was opened."""
    portal = Portal(NERO, state)
    entered: set[str] = set()

    async def login(request: Request) -> Response:
        if request.query_params.get("entityID") != "urn:fi:ac-rouen:ts-EDUC-Normandie:1:0":
            return refused_page("Fournisseur inconnu", 400)
        return _to_aten("sso-ent.ac-rouen.fr", f"https://{NERO}/shibboleth")

    async def enter(request: Request) -> Response:
        username = portal.person(request)
        if username is not None:
            entered.add(username)
        return await portal.home(request)

    async def cas(request: Request) -> Response:
        if portal.person(request) not in entered:
            return refused_page("Accès refusé", 401)
        return portal.serve(request, service_of(request)) or refused_page("Accès refusé", 401)

    return [
        portal.route("/cas/login", cas),
        *_cas_routes(portal),
        portal.route("/Shibboleth.sso/Login", login),
        portal.route("/c/portal/nero/access", enter),
    ]


def _choosing(portal: Portal, login: str, wayf: str, origins: dict[str, str], entity_id: str) -> list[Route]:
    """A Shibboleth service with a discovery page; ``origins`` are ATEN hosts, or "" for EduConnect by redirects."""
    state = portal.state

    async def choose(request: Request) -> Response:
        service = service_of(request)
        served = portal.serve(request, service)
        if served is not None:
            return served
        name = state.keep(portal.url(login) + f"?{cas_query(service)}")
        inputs = {"entityID": entity_id, "return": portal.url("/Shibboleth.sso/Login"), "target": name}
        hidden = "".join(f'<input type="hidden" name="{key}" value="{html.escape(v)}"/>' for key, v in inputs.items())
        return page(
            "Choix", f'<form action="{wayf}" method="get">{hidden}<button type="submit">Choisir</button></form>'
        )

    async def chosen(request: Request) -> Response:
        query = request.query_params
        aten_host = origins.get(query.get("origin", ""))
        if aten_host is None or query.get("entityID") != entity_id:
            return refused_page("Fournisseur inconnu", 400)
        if aten_host:
            return _to_aten(aten_host, entity_id, query.get("target", ""))
        return portal.ask_by_redirect(educonnect.REDIRECT_URL, _ACS, portal.url(_HOME))

    return [portal.route(login, choose), portal.route(wayf, chosen), *_cas_routes(portal)]


def itslearning(state: PortalState) -> list[Route]:
    """Lower Normandy's itslearning."""
    origins = {"urn:fi:ac-caen:ts:1.0": "teleservices.ac-caen.fr"}
    return _choosing(Portal(ITSLEARNING, state), "/SP/bn/login", "/ds-bn/WAYF", origins, f"https://{ITSLEARNING}/SP/bn")


def elyco(state: PortalState) -> list[Route]:
    """Pays de la Loire's e-lyco: ATEN or EduConnect."""
    origins = {
        "https://ats-idp.ac-nantes.fr/SAML/FIM": "ats-idp.ac-nantes.fr",
        "https://educonnect.education.gouv.fr/idp": "",
    }
    entity_id = f"https://{ELYCO}/shibboleth"
    return _choosing(Portal(ELYCO, state), "/access/login", "/discovery/WAYF", origins, entity_id)


def poitiers(state: PortalState) -> list[Route]:
    """Poitiers' dispatcher, which leads to EduConnect by redirects."""
    portal = Portal(POITIERS, state)

    async def dispatch(request: Request) -> Response:
        del request
        return portal.ask_by_redirect(educonnect.REDIRECT_URL, _ACS, portal.url(_HOME))

    return [*_cas_routes(portal), portal.route("/dispatcher/index2.php", dispatch)]


def reunion(state: PortalState) -> list[Route]:
    """La Réunion's discovery, which leads to EduConnect by a form."""
    portal = Portal(REUNION, state)

    async def discovery(request: Request) -> Response:
        if request.query_params.get("idp_ident") != "https://educonnect.education.gouv.fr/idp":
            return refused_page("Fournisseur inconnu", 400)
        return portal.ask(educonnect.POST_URL, _ACS, portal.url(_HOME))

    return [*_cas_routes(portal), portal.route("/saml/discovery/", discovery)]


def hub(state: PortalState) -> list[Route]:
    """Index Éducation's hub: serves only the Pronotes it knows."""
    portal = Portal(HUB, state)
    path = "/EduConnect/cas/login"

    async def fetched(request: Request) -> Response:
        service = service_of(request)
        if not service:
            return page("Hub", '<label id="zone_msgDetail">L&#x27;url de service est vide</label>')
        if ".pronote.example/" not in service:
            return page("Hub", f"<label>{html.escape(service)} n&#x27;est pas une url de confiance.</label>")
        continue_at = portal.url(path) + f"?{cas_query(service)}"
        return portal.serve(request, service) or portal.ask(educonnect.POST_URL, _ACS, continue_at)

    return [portal.route(path, fetched), *_cas_routes(portal)]


def netocentre(state: PortalState) -> list[Route]:
    """Net O'Centre's CAS, which leads families to EduConnect by redirects."""
    portal = Portal(NETOCENTRE, state)

    async def cas(request: Request) -> Response:
        served = portal.serve(request, service_of(request))
        if served is not None:
            return served
        if request.query_params.get("idpId") != "parentEleveEN-IdP":
            return refused_page("Choisissez votre profil", 401)
        return portal.ask_by_redirect(educonnect.REDIRECT_URL, _ACS, portal.url(_HOME))

    return [portal.route("/cas/login", cas), *_cas_routes(portal)]


def netocentre_start(state: PortalState) -> list[Route]:
    """Net O'Centre's start page."""
    portal = Portal(NETOCENTRE_START, state)
    path = "/portail/f/welcome/normal/render.uP"
    link = f"https://{NETOCENTRE}/cas/login?service={portal.url('/portail/Login')}"

    async def start(request: Request) -> Response:
        del request
        if state.fault(portal.host) == "changed":
            return page("Net O'Centre", "<h1>Bienvenue</h1>")
        return page("Net O'Centre", f'<a id="portalCASLoginLink" href="{html.escape(link)}">Se connecter</a>')

    return [portal.route(path, start), portal.route("/portail/Login", start)]
