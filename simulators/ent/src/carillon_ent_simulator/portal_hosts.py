"""All hosts behind one endpoint: portals, sign-in services, and for each portal a Pronote that it guards."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from carillon_pronote_simulator import create_app as create_pronote
from carillon_pronote_simulator.documents import SCHOOL_ZONE
from carillon_pronote_simulator.school.school import make_school
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from carillon_ent_simulator import aten, educonnect, kosmos, openent, service_providers, single_forms, toutatice
from carillon_ent_simulator.portal_pages import maintenance_page
from carillon_ent_simulator.portal_state import EVERYWHERE, FAULT_NAMES, PortalState

PRONOTE_SUFFIX = ".pronote.example"
DIRECT_PRONOTE = f"direct{PRONOTE_SUFFIX}"
DEFAULT_ERA = "2025.2.8"


def _kosmos(host: str, state: PortalState) -> list[Route]:
    return kosmos.Kosmos(host, state).routes()


_PORTALS: dict[str, tuple[Callable[[PortalState], list[Route]], str]] = {
    **{host: (partial(_kosmos, host), "/login") for host in kosmos.SELECTIONS},
    **{host: (partial(openent.openent, host), "/cas/login") for host in openent.HOSTS},
    service_providers.ELYCO: (service_providers.elyco, "/access/login"),
    service_providers.ENT2D: (service_providers.ent2d, "/cas/login"),
    service_providers.HUB: (service_providers.hub, "/EduConnect/cas/login"),
    service_providers.ITSLEARNING: (service_providers.itslearning, "/SP/bn/login"),
    service_providers.LILLE: (service_providers.lille, "/cas/login"),
    service_providers.NERO: (service_providers.nero, "/cas/login"),
    service_providers.NETOCENTRE: (service_providers.netocentre, "/cas/login"),
    service_providers.POITIERS: (service_providers.poitiers, "/cas/login"),
    service_providers.REUNION: (service_providers.reunion, "/cas/login"),
    service_providers.SESHAT: (service_providers.seshat, "/cas/login"),
    single_forms.ATRIUM: (single_forms.atrium, "/connexion/login"),
    single_forms.LACLASSE: (single_forms.laclasse, "/sso/login"),
    single_forms.OZE: (single_forms.oze, "/cas/login"),
    single_forms.SOMME: (single_forms.somme, "/identification/identification.php"),
    toutatice.HOST: (lambda state: toutatice.Toutatice(state).routes(), "/cas/login"),
}
"""Portals that guard a Pronote: host to its routes and the path of its CAS."""


def portals() -> tuple[str, ...]:
    """The portals that guard a Pronote, as Pronote's redirect names them (with a port where it is not the usual)."""
    return tuple(_PORTALS)


def pronote_host(portal: str) -> str:
    """The host of the Pronote that this portal guards."""
    return portal.partition(":")[0] + PRONOTE_SUFFIX


def pronote_page(portal: str, page: str = "eleve.html") -> str:
    """A page of the Pronote that this portal guards."""
    return f"https://{pronote_host(portal)}/pronote/{page}"


class PortalHosts:
    """The ASGI application of every host.

    All Pronotes show the same school, and what is written in one is seen in all.

    Args:
        state: the shared memory, with the faults that are ordered.
        era: the protocol era of the Pronotes.
    """

    def __init__(self, state: PortalState, era: str = DEFAULT_ERA) -> None:
        self.state = state
        self.era = era
        self._school = make_school(datetime.now(SCHOOL_ZONE).date())
        self._sites = _sites(state)
        self._cas_urls = {pronote_host(host): _cas_url(host, path) for host, (_, path) in _PORTALS.items()}
        self._control = Starlette(routes=_control_routes(self))

    @property
    def names(self) -> list[str]:
        """Every host name that is served, without ports: what the certificate has to name."""
        return sorted({*(host.partition(":")[0] for host in self._sites), *self._cas_urls, DIRECT_PRONOTE})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request by its host; requests to the simulator's own address reach its control."""
        host = Headers(scope=scope).get("host", "").removesuffix(":443").lower()
        await self._site(host)(scope, receive, send)

    def _site(self, host: str) -> ASGIApp:
        if self.state.fault(host) == "maintenance" and host in self._sites:
            return maintenance_page()
        if host.endswith(PRONOTE_SUFFIX):
            return self._pronote(host)
        if host.startswith(("127.0.0.1", "localhost")):
            return self._control
        return self._sites.get(host) or PlainTextResponse(f"{host}: no such portal", 404)

    def _pronote(self, host: str) -> ASGIApp:
        if host != DIRECT_PRONOTE and host not in self._cas_urls:
            return PlainTextResponse(f"{host}: no such Pronote", 404)
        if host not in self._sites:
            self._sites[host] = create_pronote(self.era, cas_url=self._cas_urls.get(host), school=self._school)
        return self._sites[host]


def _sites(state: PortalState) -> dict[str, ASGIApp]:
    services = openent.entity_ids() | service_providers.entity_ids()
    routes = {host: aten.Aten(host, state, services).routes() for host in aten.HOSTS}
    routes[educonnect.HOST] = educonnect.EduConnect(state, openent.entity_ids()).routes()
    routes[service_providers.NETOCENTRE_START] = service_providers.netocentre_start(state)
    routes[single_forms.OZE_INTERFACE] = single_forms.oze_interface(state)
    for host, (build, _) in _PORTALS.items():
        routes[host] = build(state) + routes.get(host, [])
    sites: dict[str, ASGIApp] = {host: Starlette(routes=site) for host, site in routes.items()}
    return sites


def _cas_url(host: str, path: str) -> str:
    scheme = "http" if host == single_forms.SOMME else "https"
    return f"{scheme}://{host}{path}"


def _control_routes(hosts: PortalHosts) -> list[Route]:
    """``GET /`` says what there is; ``PUT`` and ``DELETE /faults/{host}`` order a fault (body: its name) and end it."""

    async def describe(request: Request) -> Response:
        del request
        pages = {portal: pronote_page(portal) for portal in portals()}
        return JSONResponse({"portals": pages, "faults": dict(hosts.state.faults), "fault_names": FAULT_NAMES})

    async def order(request: Request) -> Response:
        host = request.path_params["host"]
        if request.method == "DELETE":
            hosts.state.faults.pop(host, None)
            return Response(status_code=204)
        name = (await request.body()).decode(errors="replace").strip()
        known = next((fault for fault in FAULT_NAMES if fault == name), None)
        if known is None or (host != EVERYWHERE and host.partition(":")[0] not in hosts.names):
            return PlainTextResponse(f"a fault is one of {', '.join(FAULT_NAMES)}; a host one of GET /, or *", 422)
        hosts.state.faults[host] = known  # type: ignore[assignment]
        return Response(status_code=204)

    return [Route("/", describe), Route("/faults/{host}", order, methods=["PUT", "DELETE"])]
