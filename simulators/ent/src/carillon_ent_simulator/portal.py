"""What every portal has: its session cookie, its CAS for Pronote, its desk where passwords are looked at."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from carillon_ent_simulator import saml
from carillon_ent_simulator.portal_pages import (
    FormShape,
    charter_page,
    expired_page,
    page,
    refused_page,
    sign_in_page,
)
from carillon_ent_simulator.portal_state import PortalState, make_ticket

SESSION_COOKIE = "portal_session"
Handler = Callable[[Request], Awaitable[Response]]


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, as text."""
    return {name: str(value) for name, value in (await request.form()).items()}


class Portal:
    """One host of a portal.

    Args:
        host: its name, with the port where it is not the usual one.
        state: the memory it shares with all others.
        scheme: ``https``, or ``http`` for the one that has no TLS.
        cookie_domain: set where several hosts share the cookie.
    """

    def __init__(
        self, host: str, state: PortalState, *, scheme: str = "https", cookie_domain: str | None = None
    ) -> None:
        self.host = host
        self.state = state
        self.scheme = scheme
        self.cookie_domain = cookie_domain

    def url(self, path: str, **query: str) -> str:
        """An address of this portal."""
        return f"{self.scheme}://{self.host}{path}" + (f"?{urlencode(query)}" if query else "")

    def route(self, path: str, handler: Handler, *methods: str) -> Route:
        """A route of this portal."""
        return Route(path, handler, methods=list(methods) or ["GET"])

    def person(self, request: Request) -> str | None:
        """Who is signed in here."""
        return self.state.who(self.host, request.cookies.get(SESSION_COOKIE))

    def welcome(self, username: str, url: str) -> Response:
        """Sign a person in here and send them on; with the fault ``charter`` they have to read it first."""
        if self.state.fault(self.host) == "charter":
            return charter_page()
        answer = RedirectResponse(url, status_code=302)
        value = self.state.open_session(self.host, username)
        secure = self.scheme == "https"
        answer.set_cookie(SESSION_COOKIE, value, httponly=True, secure=secure, domain=self.cookie_domain)
        return answer

    def serve(self, request: Request, service: str) -> Response | None:
        """CAS: send a person who is signed in back to the service with a ticket; None when nobody is."""
        username = self.person(request)
        if username is None or not service:
            return None
        return RedirectResponse(with_ticket(service, username), status_code=302)

    async def home(self, request: Request) -> Response:
        """The portal's inside."""
        if self.person(request) is None:
            return refused_page("Accès refusé", 401)
        return page("Accueil", "<h1>Bienvenue</h1>")

    def sign_in_page(self, shape: FormShape, *, refused: bool = False) -> Response:
        """This portal's sign-in page."""
        return sign_in_page(f"Connexion - {self.host}", shape, refused=refused, fault=self.state.fault(self.host))

    def judge(self, request: Request, username: str, password: str) -> tuple[str | None, Response | None]:
        """Look at a user name and password: the person, or a page that stands in the way, or neither (refused)."""
        self.state.posted_passwords.append((self.host, request.url.path))
        fault = self.state.fault(self.host)
        if fault == "expired":
            return None, expired_page()
        if fault in {"changed", "captcha"}:
            return None, refused_page("Requête inattendue", 404 if fault == "changed" else 403)
        return (username, None) if self.state.knows(username, password) else (None, None)

    def ask(self, idp_url: str, acs_path: str, continue_at: str) -> Response:
        """Send the person to a sign-in service by a SAMLRequest form; afterwards they go on at ``continue_at``."""
        message = saml.request_message(self.url(acs_path))
        return saml.posting_page(idp_url, "SAMLRequest", message, self.state.keep(continue_at))

    def ask_by_redirect(self, idp_url: str, acs_path: str, continue_at: str) -> Response:
        """The same by a redirect."""
        query = saml.request_query(self.url(acs_path), self.state.keep(continue_at))
        return RedirectResponse(f"{idp_url}?{query}", status_code=302)

    def answered(self, home: str) -> Handler:
        """The assertion consumer: takes SAMLResponses, and sends the person to where they wanted, or ``home``."""

        async def consume(request: Request) -> Response:
            form = await form_of(request)
            username = self.state.redeem(saml.identity_of(form.get("SAMLResponse", "")) or "")
            if username is None:
                return refused_page("Assertion refusée")
            return self.welcome(username, self.state.kept(form.get("RelayState", ""), home))

        return consume


def with_ticket(service: str, username: str) -> str:
    """The service's address with a new ticket for this person."""
    return f"{service}{'&' if '?' in service else '?'}ticket={make_ticket(username)}"


def cas_query(service: str) -> str:
    """The query that gives a CAS its service."""
    return f"service={quote(service, safe='')}"


def service_of(request: Request) -> str:
    """The service in a CAS request's query; one that was quoted twice is read too."""
    service = request.query_params.get("service", "")
    return unquote(service) if service.startswith(("http%3A", "https%3A")) else service
