"""The way in: one ``Pronote`` a process signs accounts in and opens stored sessions."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx

from carillon_pronote.accounts import AccountKind, root_of
from carillon_pronote.channel import Channel
from carillon_pronote.credentials import (
    Credentials,
    Device,
    OnToken,
    PasswordCredentials,
    TokenCredentials,
    read_qr_code,
)
from carillon_pronote.ent_interface import EntSignIn
from carillon_pronote.errors import TwoFactorNeededError
from carillon_pronote.hosts import HostPauses
from carillon_pronote.http_answers import DESKTOP_AGENT, HttpLimits, HttpSession, SharedTransport
from carillon_pronote.reading import domain
from carillon_pronote.school_year import read_account, read_school_year
from carillon_pronote.session import Opened, Session, next_request, pack, unpack
from carillon_pronote.session_state import StoredSession, read_state, write_state
from carillon_pronote.sign_in import MOBILE_AGENT, Handshake, SignIn, SignInRequest
from carillon_pronote.two_factor import SecurityAction, TwoFactorPending

PARIS = ZoneInfo("Europe/Paris")


class Pronote:
    """Signs accounts in; holds what their sessions share: the connection pool and the hosts to leave alone.

    Args:
        proxy: address of an http or socks5 proxy, None for none (``proxy_from_environment()`` reads the settings).
        limits: time-outs and largest sizes.
        hosts: the hosts to leave alone for a while; share it to share their pauses.
        transport: what every request goes through, portals' and redirected ones included, in place of connections of
            its own and ``proxy``; such as one that checks where each leads to.
    """

    def __init__(
        self,
        *,
        proxy: str | None = None,
        limits: HttpLimits | None = None,
        hosts: HostPauses | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.limits = limits or HttpLimits()
        self.hosts = hosts or HostPauses()
        self._transport = SharedTransport(
            transport or httpx.AsyncHTTPTransport(proxy=httpx.Proxy(proxy) if proxy else None, limits=self.limits.pool)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection; sessions at Pronote live on until they expire."""
        await self._transport.close_pool()

    def http_session(self, agent: str = DESKTOP_AGENT) -> HttpSession:
        """Return requests over the shared pool with cookies of their own, for what needs no account (``instances``)."""
        return HttpSession(self._transport, self.limits, agent)

    def portal_client(self) -> httpx.AsyncClient:
        """Return a client of the shared pool for a portal's sign-in; it follows no redirects by itself."""
        return httpx.AsyncClient(
            transport=self._transport,
            timeout=httpx.Timeout(**self.limits.timeouts()),
            headers={"User-Agent": DESKTOP_AGENT},
            follow_redirects=False,
            trust_env=False,
        )

    async def sign_in(
        self,
        url: str,
        username: str,
        password: str,
        account: AccountKind = AccountKind.PUPIL,
        *,
        ent: EntSignIn | None = None,
        device: Device | None = None,
        pin: str | None = None,
        on_token: OnToken | None = None,
        timezone: ZoneInfo = PARIS,
    ) -> Session:
        """Sign in with a user name and password.

        Args:
            url: the school's Pronote, with or without ``eleve.html``.
            username: as the person types it.
            password: at the portal when there is one, else at Pronote.
            account: whose space is opened.
            ent: the portal's sign-in, None when the school takes passwords itself.
            device: this client as Pronote knows it; a new one without it. ``session.device`` is to be kept.
            pin: for accounts with two-factor authentication.
            on_token: when given, a token for later sign-ins is asked for (mobile page) and handed over.
            timezone: the school's.

        Raises:
            WrongCredentialsError, SignInRefusedError: refused.
            TwoFactorNeededError: ``error.pending`` waits to be finished.
            PronoteError: any other kind.
        """
        credentials = PasswordCredentials(username, password, ent)
        want_token = on_token is not None and ent is None
        request = SignInRequest(root_of(url), account, credentials, device or Device(), want_token, on_token, pin)
        return await self._sign_in(request, timezone)

    async def sign_in_with_token(
        self,
        url: str,
        username: str,
        token: str,
        device: Device,
        account: AccountKind = AccountKind.PUPIL,
        *,
        on_token: OnToken,
        pin: str | None = None,
        timezone: ZoneInfo = PARIS,
    ) -> Session:
        """Sign in with the last token of a device; ``on_token`` gets the next one before the session is returned.

        Raises:
            WrongCredentialsError: the token is not (or no longer) the right one.
            TwoFactorNeededError, PronoteError: as ``sign_in``.
        """
        credentials = TokenCredentials(username, token)
        request = SignInRequest(root_of(url), account, credentials, device, want_token=True, on_token=on_token, pin=pin)
        return await self._sign_in(request, timezone)

    async def sign_in_with_qr_code(
        self,
        code: str | Mapping[str, object],
        qr_pin: str,
        device: Device | None = None,
        *,
        on_token: OnToken,
        pin: str | None = None,
        timezone: ZoneInfo = PARIS,
    ) -> Session:
        """Sign in with the content of a QR code and the PIN chosen when it was made.

        Raises:
            WrongPinError: another PIN.
            WrongCredentialsError: the code is older than ten minutes, or was used.
            ProtocolError: not a QR code of Pronote.
        """
        credentials = read_qr_code(code, qr_pin)
        account = _account_of_page(credentials.url)
        request = SignInRequest(
            root_of(credentials.url),
            account,
            credentials,
            device or Device(),
            want_token=True,
            on_token=on_token,
            pin=pin,
        )
        return await self._sign_in(request, timezone)

    def restore(
        self,
        state: dict[str, Any],
        *,
        credentials: Credentials | None = None,
        on_token: OnToken | None = None,
    ) -> Session:
        """Open a session that ``Session.export_state`` wrote, with no exchange at all.

        Args:
            state: what was exported.
            credentials: for signing in again when the session has expired; without them that is an error.
            on_token: gets the token of each later sign-in.

        Raises:
            ProtocolError: not a stored session.
        """
        stored = read_state(state)
        again = None
        if credentials is not None:
            again = _request_again(stored, credentials, on_token)
        opened = Opened(
            channel=self._stored_channel(stored),
            account=AccountKind.named(stored.account),
            username=stored.username,
            mobile=stored.mobile,
            device=stored.device,
            parameters=stored.parameters,
            user=stored.user,
            year=read_school_year(unpack(stored.parameters)),
            facts=read_account(unpack(stored.user)),
            again=again,
        )
        return Session(opened, ZoneInfo(stored.timezone), self._open)

    async def export_pending(self, pending: TwoFactorPending, timezone: ZoneInfo = PARIS) -> dict[str, Any]:
        """Return a sign-in that waits for its second step as JSON-able values (they hold its keys)."""
        handshake = pending.handshake
        return write_state(
            StoredSession(
                account=handshake.request.account.code,
                username=handshake.username,
                channel=await handshake.channel.idle(),
                cookies=handshake.channel.http.cookies,
                mobile=handshake.request.mobile,
                device=handshake.device,
                parameters=pack(handshake.parameters),
                user=b"",
                timezone=timezone.key,
                waiting=handshake.authentication,
            )
        )

    def restore_pending(
        self, state: dict[str, Any], credentials: Credentials, *, on_token: OnToken | None = None
    ) -> TwoFactorPending:
        """Open a sign-in that ``export_pending`` wrote.

        Raises:
            ProtocolError: not such a state.
        """
        stored = read_state(state)
        waiting = stored.waiting or {}
        handshake = Handshake(
            request=_request_again(stored, credentials, on_token),
            channel=self._stored_channel(stored),
            parameters=unpack(stored.parameters),
            authentication=waiting,
            device=stored.device,
            username=stored.username,
            token="",
            actions=domain(waiting, "actionsDoubleAuth"),
        )
        return self._pending(handshake, ZoneInfo(stored.timezone))

    def _stored_channel(self, stored: StoredSession) -> Channel:
        http = self.http_session(MOBILE_AGENT if stored.mobile else DESKTOP_AGENT)
        http.cookies.update(stored.cookies)
        return Channel(http, stored.channel, self.hosts)

    async def _sign_in(self, request: SignInRequest, timezone: ZoneInfo) -> Session:
        http = self.http_session(MOBILE_AGENT if request.mobile else DESKTOP_AGENT)
        handshake = await SignIn(request, http, self.hosts, self.portal_client).run()
        if not handshake.actions:
            return Session(await self._establish(handshake), timezone, self._open)
        pending = self._pending(handshake, timezone)
        if request.pin is None and _asks_for_more_than_a_name(handshake):
            raise TwoFactorNeededError(handshake.actions, pending=pending)
        return await pending.finish(request.device.name, pin=request.pin)

    def _pending(self, handshake: Handshake, timezone: ZoneInfo) -> TwoFactorPending:
        async def establish(finished: Handshake) -> Session:
            return Session(await self._establish(finished), timezone, self._open)

        return TwoFactorPending(handshake, establish)

    async def _open(self, request: SignInRequest) -> Opened:
        """Sign in again for an existing session, second step included when its PIN is known."""
        session = await self._sign_in(request, PARIS)
        return session.opened

    async def _establish(self, handshake: Handshake) -> Opened:
        user = await handshake.channel.call("ParametresUtilisateur", {})
        request = handshake.request
        return Opened(
            channel=handshake.channel,
            account=AccountKind.of_space(handshake.channel.state.space) or request.account,
            username=handshake.username,
            mobile=request.mobile,
            device=handshake.device,
            parameters=pack(handshake.parameters),
            user=pack(user),
            year=read_school_year(handshake.parameters),
            facts=read_account(user),
            again=next_request(request, handshake.username, handshake.token, handshake.device),
        )


def _account_of_page(url: str) -> AccountKind:
    """Tell the kind of account from a page's name: ``…/mobile.parent.html``."""
    name = urlsplit(url).path.rsplit("/", 1)[-1].removeprefix("mobile.").removesuffix(".html")
    return AccountKind.named(name) if name else AccountKind.PUPIL


def _request_again(stored: StoredSession, credentials: Credentials, on_token: OnToken | None) -> SignInRequest:
    return SignInRequest(
        root=stored.channel.root,
        account=AccountKind.named(stored.account),
        credentials=credentials,
        device=stored.device,
        want_token=stored.mobile,
        on_token=on_token,
    )


def _asks_for_more_than_a_name(handshake: Handshake) -> bool:
    return any(action != SecurityAction.NAME_DEVICE for action in handshake.actions)
