"""Toutatice (Brittany): a discovery page, EduConnect, then two calls of ``RemoteUser`` that finish the sign-in."""

import html
import secrets

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from carillon_ent_simulator import educonnect, saml
from carillon_ent_simulator.portal import Portal, form_of, service_of
from carillon_ent_simulator.portal_pages import charter_page, page, refused_page
from carillon_ent_simulator.portal_state import PortalState

HOST = "www.toutatice.fr"
_COOKIE = "IDP_JSESSIONID"
_ACS = "/idp/profile/SAML2/POST/ACS"
_LOADER = "/idp/Authn/Loader"
_ENTITY = f"https://{HOST}/shibboleth"


class Toutatice(Portal):
    """The portal with its identity provider: sessions, who came in them, and that person's number there."""

    def __init__(self, state: PortalState) -> None:
        super().__init__(HOST, state)
        self._people: dict[str, str] = {}
        self._numbers: dict[str, str] = {}

    def routes(self) -> list[Route]:
        """Every address. The form's relative target has to be ``/wayf/Ctrl``, so its page lies in that folder."""
        return [
            self.route("/portail/auth/MonEspace", self._moved),
            self.route("/portail/auth/pagemarker/2/MonEspace", self._moved),
            self.route("/wayf/", self._start),
            self.route("/wayf/Ctrl", self._chosen, "POST"),
            self.route(_ACS, self._answered, "POST"),
            self.route("/idp/profile/SAML2/Redirect/Continue", self._go_on),
            self.route(_LOADER, self._loader),
            self.route("/idp/Authn/RemoteUser", self._remote_user),
            self.route("/cas/login", self._cas),
            self.route("/portail", self.home),
        ]

    async def _moved(self, request: Request) -> Response:
        del request
        return RedirectResponse("/wayf/", status_code=302)

    async def _start(self, request: Request) -> Response:
        del request
        inputs = {"entityID": _ENTITY, "return": self.url("/Shibboleth.sso/Login"), "_saml_idp": "educonnect"}
        if self.state.fault(HOST) == "changed":
            inputs = {"fournisseur": "educonnect"}
        hidden = "".join(f'<input type="hidden" name="{key}" value="{html.escape(v)}"/>' for key, v in inputs.items())
        return page("Toutatice", f'<form action="Ctrl" method="post">{hidden}</form>')

    async def _chosen(self, request: Request) -> Response:
        form = await form_of(request)
        if form.get("_saml_idp") != "educonnect" or form.get("entityID") != _ENTITY:
            return refused_page("Fournisseur inconnu", 400)
        number = secrets.token_hex(8)
        answer = self.ask_by_redirect(educonnect.REDIRECT_URL, _ACS, number)
        answer.set_cookie(_COOKIE, number, secure=True)
        return answer

    async def _answered(self, request: Request) -> Response:
        form = await form_of(request)
        username = self.state.redeem(saml.identity_of(form.get("SAMLResponse", "")) or "")
        number = request.cookies.get(_COOKIE, "")
        if username is None or not number:
            return refused_page("Assertion refusée")
        if self.state.fault(HOST) == "charter":
            return charter_page()
        self._people[number] = username
        where = self.url("/idp/profile/SAML2/Redirect/Continue")
        # The body names the address too: one of the clients reads it there.
        return HTMLResponse(f'<a href="{where}">suite</a>', status_code=302, headers={"Location": where})

    async def _go_on(self, request: Request) -> Response:
        number = request.cookies.get(_COOKIE, "")
        conversation = self.state.keep(number)
        return RedirectResponse(f"{_LOADER}?conversation={conversation}&sessionid={number}", status_code=302)

    async def _loader(self, request: Request) -> Response:
        del request
        return page("Toutatice", "<script>/* calls RemoteUser */</script>")

    async def _remote_user(self, request: Request) -> Response:
        query = request.query_params
        username = self._people.get(query.get("sessionid", ""))
        if username is None or not query.get("conversation"):
            return _xml("<erreurFonctionnelle>Utilisateur inconnu</erreurFonctionnelle>")
        if "uidInSession" in query:
            known = self._numbers.pop(query["uidInSession"], None) == username
            return self.welcome(username, "/portail") if known else refused_page("Session inconnue")
        number = secrets.token_hex(4)
        self._numbers[number] = username
        conversation = html.escape(query["conversation"])
        return _xml(f"<conversation>{conversation}</conversation><uidInSession>{number}</uidInSession>")

    async def _cas(self, request: Request) -> Response:
        return self.serve(request, service_of(request)) or refused_page("Accès refusé", 401)


def _xml(content: str) -> Response:
    return Response(f"<?xml version='1.0' encoding='UTF-8'?><remoteUser>{content}</remoteUser>", media_type="text/xml")
