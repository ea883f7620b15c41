"""ATEN: the academies' older identity provider, whose page wants a script to be run before its form is sent."""

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from carillon_ent_simulator import saml
from carillon_ent_simulator.portal import Portal, form_of
from carillon_ent_simulator.portal_pages import FormShape, charter_page, expired_page, refused_page
from carillon_ent_simulator.portal_state import PortalState

HOSTS = (
    "ats-idp.ac-nantes.fr",
    "bv.ac-bordeaux.fr",
    "famille.ac-montpellier.fr",
    "idp-fim-ts.ac-bordeaux.fr",
    "portail-famille.ac-orleans-tours.fr",
    "services-familles.ac-reims.fr",
    "sso-ent.ac-rouen.fr",
    "teleservices.ac-besancon.fr",
    "teleservices.ac-caen.fr",
    "teleservices.ac-dijon.fr",
    "teleservices.ac-lille.fr",
    "teleservices.ac-limoges.fr",
    "teleservices.ac-nancy-metz.fr",
    "teleservices.ac-poitiers.fr",
    "teleservices.ac-strasbourg.fr",
)
# What the real script stores is not known, so this one stores nothing; it has the name and the arguments.
_SCRIPT = "<script>function creerCookie(userInput, passwordInput) { return userInput.value !== ''; }</script>"
_PAGE = "/login/ct_logon_vk.jsp"


class Aten(Portal):
    """One academy's provider.

    Args:
        host: the academy's.
        state: the shared memory.
        services: entity id of a service to the address that takes the answers for it.
    """

    def __init__(self, host: str, state: PortalState, services: dict[str, str]) -> None:
        super().__init__(host, state)
        self._services = services

    def routes(self) -> list[Route]:
        """Every address."""
        return [
            self.route("/sso/SSO", self._asked, "POST"),
            self.route("/sso/SSO", self._chosen),
            self.route(_PAGE, self._posted, "POST"),
            self.route(_PAGE, self._fetched),
        ]

    async def _asked(self, request: Request) -> Response:
        form = await form_of(request)
        return self._begin(saml.answer_address(form.get("SAMLRequest", "")), form.get("RelayState", ""))

    async def _chosen(self, request: Request) -> Response:
        query = request.query_params
        return self._begin(self._services.get(query.get("SPEntityID", "")), query.get("TARGET", ""))

    def _begin(self, answer_to: str | None, relay_state: str) -> Response:
        if not answer_to:
            return refused_page("Service inconnu", 400)
        name = self.state.keep(f"{answer_to} {relay_state}")
        return RedirectResponse(f"{_PAGE}?ct_orig={name}", status_code=302)

    async def _fetched(self, request: Request) -> Response:
        query = request.query_params
        original = query.get("CT_ORIG_URL")
        if original:  # a start page of its own: the service stands in the address to go to afterwards
            inner = parse_qs(urlsplit(original).query)
            return self._begin(self._services.get(inner.get("SPEntityID", [""])[0]), "")
        return self._show(query["ct_orig"]) if self.state.kept(query.get("ct_orig", "")) else expired_page()

    def _show(self, name: str, *, refused: bool = False) -> Response:
        shape = FormShape(
            f"ct_logon_vk.jsp?ct_orig={name}",
            ("user", "user"),
            ("password", "password"),
            {"ct_state": name},
            script=_SCRIPT,
            refusal='<div id="aten-auth">Identifiant ou mot de passe incorrect.</div>',
        )
        return self.sign_in_page(shape, refused=refused)

    async def _posted(self, request: Request) -> Response:
        form = await form_of(request)
        name = form.get("ct_state", "")
        answer_to, _, relay_state = self.state.kept(name).partition(" ")
        if not answer_to:
            return expired_page()
        username, obstacle = self.judge(request, form.get("user", ""), form.get("password", ""))
        if obstacle is not None:
            return obstacle
        if username is None:
            return self._show(name, refused=True)
        if self.state.fault(self.host) == "charter":
            return charter_page()
        self.state.take(name)
        message = saml.response_message(self.state.assert_identity(username))
        return saml.posting_page(answer_to, "SAMLResponse", message, relay_state)
