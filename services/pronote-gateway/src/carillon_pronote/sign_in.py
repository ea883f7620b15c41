"""From an address and credentials to an open channel (PROTOCOL.md §4 to §6)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from carillon_pronote import crypto
from carillon_pronote.accounts import AccountKind, root_of
from carillon_pronote.channel import Channel, ChannelState
from carillon_pronote.credentials import (
    Credentials,
    Device,
    OnToken,
    PasswordCredentials,
    QrCredentials,
    TokenCredentials,
    new_iv_material,
)
from carillon_pronote.ent_interface import EntSignIn
from carillon_pronote.eras import Version, era_of
from carillon_pronote.errors import (
    EntUnknownError,
    ProtocolError,
    RateLimitedError,
    SignInRefusedError,
    SuspendedAddressError,
    UnreachableError,
    WrongCredentialsError,
)
from carillon_pronote.hosts import HostPauses
from carillon_pronote.http_answers import HttpAnswer, HttpSession, check_status
from carillon_pronote.reading import Json, domain, entry, integer, text
from carillon_pronote.start_page import StartPage, read_start_page

MOBILE_AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "PRONOTE Mobile APP Version/2.0.11"
)
SKIP_DELEGATION = "A6ABB224-12DD-4E31-AD3E-8A39A1C2C335"  # the mobile app's own identifier, the same for everybody
LARGEST_PAGE = 4 * 1024 * 1024
MOST_REDIRECTS = 5
BAD_CREDENTIALS = 1
_ERROR = 400


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """Everything one sign-in needs, so that it can be done again."""

    root: str
    account: AccountKind
    credentials: Credentials
    device: Device
    want_token: bool = False
    on_token: OnToken | None = None
    pin: str | None = field(default=None, repr=False)

    @property
    def mobile(self) -> bool:
        """Tokens belong to the mobile app's pages."""
        return self.want_token or not isinstance(self.credentials, PasswordCredentials)


@dataclass(slots=True)
class Handshake:
    """What a sign-in came to; with ``actions`` the session still waits for its second step.

    Attributes:
        parameters: FonctionParametres' answer.
        authentication: Authentification's answer.
        token: the next one-time token, "" when none was given.
        username: the name to sign in with next time (a QR code's is temporary).
    """

    request: SignInRequest
    channel: Channel
    parameters: Json
    authentication: Json
    device: Device
    username: str
    token: str
    actions: tuple[int, ...]


class SignIn:
    """Runs one sign-in.

    Args:
        http: the requests of the session to be.
        portal_client: gives a client for a portal's way; its cookies become the session's.
    """

    def __init__(
        self,
        request: SignInRequest,
        http: HttpSession,
        hosts: HostPauses,
        portal_client: Callable[[], httpx.AsyncClient],
    ) -> None:
        self._request = request
        self._http = http
        self._hosts = hosts
        self._portal_client = portal_client

    async def run(self) -> Handshake:
        """Sign in up to and including Authentification, and hand a new token on at once.

        Raises:
            WrongCredentialsError, SignInRefusedError: refused.
            PronoteError: any other kind.
        """
        root, start = await self._open_page()
        channel = Channel(self._http, _state(root, start), self._hosts)
        parameters = await self._negotiate(channel, start)
        identified = await self._identify(channel, start)
        authentication = await self._authenticate(channel, start, identified)
        request = self._request
        device = replace(request.device, navigator=text(parameters, "identifiantNav") or request.device.navigator)
        username = text(authentication, "login") or text(identified, "login") or request.credentials.username
        token = text(authentication, "jetonConnexionAppliMobile")
        if token and request.on_token is not None:
            await request.on_token(TokenCredentials(username, token), device)
        actions = domain(authentication, "actionsDoubleAuth")
        return Handshake(request, channel, parameters, authentication, device, username, token, actions)

    async def _open_page(self) -> tuple[str, StartPage]:
        """Return the page and the root it lies at, which may have moved (http to https)."""
        request = self._request
        host = urlsplit(request.root).hostname or ""
        self._hosts.check(host)
        page_url = f"{request.root}/{request.account.page_name(mobile=request.mobile)}"
        try:
            credentials = request.credentials
            if isinstance(credentials, PasswordCredentials) and credentials.ent is not None:
                return request.root, await self._through_portal(credentials.ent, credentials, page_url)
            url, page = await self._get_page(page_url)
            return root_of(url), read_start_page(page.text)
        except (RateLimitedError, SuspendedAddressError) as error:
            self._hosts.note(host, error)
            raise

    async def _through_portal(self, ent: EntSignIn, credentials: PasswordCredentials, page_url: str) -> StartPage:
        async with self._portal_client() as client:
            try:
                page = await ent(client, page_url, credentials.username, credentials.password)
            except httpx.HTTPError as error:
                raise UnreachableError(f"{type(error).__name__} at the portal") from None
            for cookie in client.cookies.jar:
                if _belongs(cookie.domain, urlsplit(page_url).hostname or ""):
                    self._http.cookies.jar.set_cookie(cookie)
        start = read_start_page(page.text)
        if not start.portal_name:
            raise WrongCredentialsError("the portal's way ended on a page without its credentials")
        return start

    async def _get_page(self, page_url: str) -> tuple[str, HttpAnswer]:
        query = {"login": "true"}
        if self._request.mobile:
            query = {"fd": "1", "bydlg": SKIP_DELEGATION, "login": "true"}
            self._http.cookies.set("appliMobile", "1", urlsplit(page_url).hostname or "")
        url = f"{page_url}?{urlencode(query)}"
        for _ in range(MOST_REDIRECTS):
            answer = await self._http.send("GET", url, LARGEST_PAGE)
            if not answer.redirect:
                if answer.status >= _ERROR and b"Start" not in answer.content:
                    _check_notice(answer)
                return url, answer
            target = urljoin(url, answer.redirect)
            if urlsplit(target).hostname != urlsplit(page_url).hostname:
                raise EntUnknownError(f"this school signs in through {urlsplit(target).hostname}")
            if url.startswith("https:") and not target.startswith("https:"):
                raise ProtocolError("the page leads away from TLS")
            url = target
        raise ProtocolError("the page only redirects")

    async def _negotiate(self, channel: Channel, start: StartPage) -> Json:
        state = channel.state
        data = {
            "Uuid": crypto.announce_iv(state.iv_material, start.rsa),
            "identifiantNav": self._request.device.navigator,
        }
        parameters = await channel.call("FonctionParametres", data)
        if not start.version_printed:
            told = _version(text(entry(parameters, "General"), "versionPN"))
            if told:
                state.version, state.era = told, era_of(told)
        return parameters

    async def _identify(self, channel: Channel, start: StartPage) -> Json:
        request = self._request
        by_token = isinstance(request.credentials, TokenCredentials)
        by_qr = isinstance(request.credentials, QrCredentials)
        portal = _through_portal(request)
        data: Json = {
            "genreConnexion": 0,
            "genreEspace": start.space,
            "identifiant": start.portal_name if portal else request.credentials.username,
            "pourENT": portal,
            "enConnexionAuto": False,
            "demandeConnexionAuto": False,
            "demandeConnexionAppliMobile": by_qr or (request.want_token and not by_token),
            "demandeConnexionAppliMobileJeton": by_qr,
            "enConnexionAppliMobile": by_token,
            "uuidAppliMobile": request.device.identifier if request.mobile else "",
            "loginTokenSAV": "",
        }
        if channel.state.era.names_device:
            data["informationsAppareil"] = {"modele": "Carillon", "platforme": "Linux"}
        return await channel.call("Identification", data)

    def _login_key(self, start: StartPage, identified: Json) -> bytes:
        request = self._request
        alea = text(identified, "alea")
        if _through_portal(request):
            return crypto.login_key("", start.portal_secret, alea, portal=True)
        username, secret = request.credentials.username, _secret(request.credentials).strip()
        if integer(identified, "modeCompLog"):
            username = username.strip().lower()
        if integer(identified, "modeCompMdp"):
            secret = secret.lower()
        return crypto.login_key(username, secret, alea)

    async def _authenticate(self, channel: Channel, start: StartPage, identified: Json) -> Json:
        state = channel.state
        key = self._login_key(start, identified)
        challenge = text(identified, "challenge")
        try:
            bytes.fromhex(challenge)
        except ValueError:
            raise ProtocolError("a challenge that is not hexadecimal", _text(state.version)) from None
        try:
            answer = crypto.answer_challenge(challenge, key, state.iv, state.version)
        except ValueError:
            raise WrongCredentialsError from None
        data = {"connexion": 0, "challenge": answer, "espace": start.space}
        authentication = await channel.call("Authentification", data)
        cle = text(authentication, "cle")
        if not cle:
            _refuse(authentication)
        try:
            state.key = crypto.session_key(cle, key, state.iv)
        except ValueError:
            raise ProtocolError("a session key (cle) that does not decipher", _text(state.version)) from None
        return authentication


def _belongs(domain: str, host: str) -> bool:
    """Tell whether a cookie is the school's; a portal's own have no business in the session."""
    bare = domain.lstrip(".").removesuffix(".local")
    return host == bare or host.endswith("." + bare)


def _through_portal(request: SignInRequest) -> bool:
    return isinstance(request.credentials, PasswordCredentials) and request.credentials.ent is not None


def _secret(credentials: Credentials) -> str:
    return credentials.password if isinstance(credentials, PasswordCredentials) else credentials.token


def _refuse(authentication: Json) -> None:
    reason = integer(authentication, "Acces")
    if reason in (None, 0, BAD_CREDENTIALS):
        raise WrongCredentialsError
    message = entry(authentication, "AccesMessage")
    raise SignInRefusedError(reason or 0, " - ".join(filter(None, (text(message, "titre"), text(message, "message")))))


def _state(root: str, start: StartPage) -> ChannelState:
    return ChannelState(
        root=root,
        space=start.space,
        session=start.session,
        era=start.era,
        version=start.version if start.version_printed else (),
        aes=start.aes,
        compression=start.compression,
        iv_material=new_iv_material(),
    )


def _check_notice(answer: HttpAnswer) -> None:
    try:
        read_start_page(answer.text)
    except ProtocolError:
        check_status(answer)
        raise


def _version(told: str) -> Version:
    parts = told.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()


def _text(version: Version) -> str:
    return ".".join(str(part) for part in version)
