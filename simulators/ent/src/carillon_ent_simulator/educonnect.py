"""EduConnect: a Shibboleth identity provider with one form."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from carillon_ent_simulator import saml
from carillon_ent_simulator.portal import Portal, form_of
from carillon_ent_simulator.portal_pages import FormShape, charter_page, expired_page, refused_page, storage_page
from carillon_ent_simulator.portal_state import PortalState

HOST = "educonnect.education.gouv.fr"
POST_URL = f"https://{HOST}/idp/profile/SAML2/POST/SSO"
REDIRECT_URL = f"https://{HOST}/idp/profile/SAML2/Redirect/SSO"
_PATH = "/idp/profile/SAML2"
_AFTER_STORAGE = "s2"
_BUTTON = '<button type="submit" name="_eventId_proceed">Se connecter</button>'


class EduConnect(Portal):
    """The provider.

    Args:
        state: the shared memory.
        unsolicited: which service (by its entity id) takes answers nobody asked for, and where.
    """

    def __init__(self, state: PortalState, unsolicited: dict[str, str]) -> None:
        super().__init__(HOST, state)
        self._unsolicited = unsolicited

    def routes(self) -> list[Route]:
        """Every address: each binding shows the form, and takes it back, under its own path."""
        return [
            *(self.route(f"{_PATH}/{kind}/SSO", self._posted, "POST") for kind in ("POST", "Redirect", "Unsolicited")),
            *(self.route(f"{_PATH}/{kind}/SSO", self._fetched) for kind in ("POST", "Redirect", "Unsolicited")),
        ]

    async def _fetched(self, request: Request) -> Response:
        query = request.query_params
        if "SAMLRequest" in query:
            answer_to = saml.answer_address(query["SAMLRequest"], deflated=True)
            return self._begin(answer_to, query.get("RelayState", ""), "Redirect")
        if "providerId" in query:
            return self._begin(self._unsolicited.get(query["providerId"]), "", "Unsolicited")
        return self._show(request)

    async def _posted(self, request: Request) -> Response:
        form = await form_of(request)
        name = request.query_params.get("execution", "")
        if self.state.fault(HOST) == "storage-page" and name and not name.endswith(_AFTER_STORAGE):
            return self._after_storage_page(request, name)
        if "j_username" in form:
            return self._look_at_password(request, form)
        if "SAMLRequest" in form:
            return self._begin(saml.answer_address(form["SAMLRequest"]), form.get("RelayState", ""), "POST")
        return self._show(request)

    def _begin(self, answer_to: str | None, relay_state: str, kind: str) -> Response:
        if not answer_to:
            return refused_page("Requête SAML illisible", 400)
        name = self.state.keep(f"{answer_to} {relay_state}")
        return RedirectResponse(f"{_PATH}/{kind}/SSO?execution={name}", status_code=302)

    def _show(self, request: Request, *, refused: bool = False) -> Response:
        name = request.query_params.get("execution", "")
        if not self.state.kept(name):
            return expired_page()
        if self.state.fault(HOST) == "storage-page" and not name.endswith(_AFTER_STORAGE):
            return storage_page(f"{request.url.path}?execution={name}")
        action = f"{request.url.path}?execution={name}"
        shape = FormShape(action, ("username", "j_username"), ("password", "j_password"), button=_BUTTON)
        return self.sign_in_page(shape, refused=refused)

    def _after_storage_page(self, request: Request, name: str) -> Response:
        """Whatever came back from the storage page, the form is next, under the execution's next number."""
        following = self.state.keep_as(name.removesuffix("s1") + _AFTER_STORAGE, self.state.take(name) or "")
        return RedirectResponse(f"{request.url.path}?execution={following}", status_code=302)

    def _look_at_password(self, request: Request, form: dict[str, str]) -> Response:
        name = request.query_params.get("execution", "")
        answer_to, _, relay_state = self.state.kept(name).partition(" ")
        if not answer_to or "_eventId_proceed" not in form:
            return expired_page()
        username, obstacle = self.judge(request, form["j_username"], form.get("j_password", ""))
        if obstacle is not None:
            return obstacle
        if username is None:
            return self._show(request, refused=True)
        if self.state.fault(HOST) == "charter":
            return charter_page()
        self.state.take(name)
        message = saml.response_message(self.state.assert_identity(username))
        return saml.posting_page(answer_to, "SAMLResponse", message, relay_state)
