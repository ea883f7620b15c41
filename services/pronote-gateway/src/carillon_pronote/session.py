"""A signed-in session: calls, renewal, keep-alive, logout, storing."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from carillon_pronote.accounts import AccountKind
from carillon_pronote.cancellation import to_its_end
from carillon_pronote.channel import Channel, Json
from carillon_pronote.credentials import Device, PasswordCredentials, TokenCredentials
from carillon_pronote.errors import AccessRefusedError, PronoteError, SessionExpiredError
from carillon_pronote.school_year import AccountFacts, Pupil, SchoolYear
from carillon_pronote.session_state import StoredSession, write_state
from carillon_pronote.sign_in import SignInRequest

KEEP_ALIVE_SECONDS = 110.0  # the official client's timer fires every 120 s
HOME_TAB = 7
_R = TypeVar("_R")
Data = Mapping[str, Any] | Callable[["Session"], Mapping[str, Any]]
Renew = Callable[[SignInRequest], Awaitable["Opened"]]


@dataclass(slots=True)
class Opened:
    """What a finished sign-in leaves: everything a session is made of, and renewed from.

    Attributes:
        again: how to sign in the next time, None when the credentials are not kept.
        parameters, user: raw answers, deflated (a session keeps them small and reads them rarely).
        year, facts: what of them every call needs.
    """

    channel: Channel
    account: AccountKind
    username: str
    mobile: bool
    device: Device
    parameters: bytes
    user: bytes
    year: SchoolYear
    facts: AccountFacts
    again: SignInRequest | None


class Session:
    """One account's session; made by ``Pronote``.

    Calls may come from many tasks: they are sent one after the other. When Pronote says that the session has expired
    and the credentials are known, the session signs in again, once, and repeats the call.
    """

    __slots__ = (
        "_closed", "_keeper", "_opened", "_renew", "_renewing",  "generation", "timezone",
    )  # fmt: skip

    def __init__(self, opened: Opened, timezone: ZoneInfo, renew: Renew) -> None:
        self.timezone = timezone
        self.generation = 0
        self._renew = renew
        self._renewing = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self._closed = False
        self._opened = opened

    @property
    def year(self) -> SchoolYear:
        """The school year, its weeks and periods."""
        return self._opened.year

    @property
    def facts(self) -> AccountFacts:
        """Who is signed in, and which pupils the account may read."""
        return self._opened.facts

    @property
    def opened(self) -> Opened:
        """What this generation of the session is made of."""
        return self._opened

    @property
    def account(self) -> AccountKind:
        """The kind of account signed in."""
        return self._opened.account

    @property
    def username(self) -> str:
        """The name to sign in with (for a token: the one that goes with it)."""
        return self._opened.username

    @property
    def device(self) -> Device:
        """The device with the navigator number Pronote gave it; keep it for the next sign-in."""
        return self._opened.device

    @property
    def channel(self) -> Channel:
        """The ordered channel of this generation of the session."""
        return self._opened.channel

    @property
    def version(self) -> tuple[int, ...]:
        """Pronote's version, such as (2025, 2, 8); () when the site does not tell."""
        return self._opened.channel.state.version

    def raw_parameters(self) -> Json:
        """Return FonctionParametres' answer."""
        return unpack(self._opened.parameters)

    def raw_user(self) -> Json:
        """Return ParametresUtilisateur's answer."""
        return unpack(self._opened.user)

    def pupil(self, wanted: Pupil | str | None = None) -> Pupil:
        """Choose a pupil by number or name; numbers of before a renewal are found by their name."""
        return self.facts.pupil(wanted)

    async def request(
        self, function: str, data: Data | None = None, tab: int | None = None, pupil: Pupil | str | None = None
    ) -> Json:
        """Call any function (the low level): ``request("PageMenus", {...}, tab=10)``.

        Args:
            function: Pronote's name of it.
            data: its ``data``; a function of the session when it holds object numbers, which change at a renewal.
            tab: the page (``onglet``) it belongs to; None sends no signature.
            pupil: whose page, for parents; the first child without it.

        Returns:
            The decoded ``data`` of the answer, as Pronote sends it.

        Raises:
            AccessRefusedError: the school hides this page from the account.
            PronoteError: any other kind.
        """
        if tab in self.facts.hidden_tabs:
            raise AccessRefusedError(f"page {tab} is hidden from this account")
        if self._closed:
            raise SessionExpiredError("the session was closed here")

        async def once() -> Json:
            content = data(self) if callable(data) else data
            return await self.channel.call(function, content, self._signature(tab, pupil))

        return await self.renewing(once)

    def _signature(self, tab: int | None, pupil: Pupil | str | None) -> Json | None:
        if tab is None:
            return None
        signature: Json = {"onglet": tab}
        if self.facts.pupils and not self.facts.is_pupil:
            signature["membre"] = self.facts.pupil(pupil).wire()
        return signature

    async def renewing(self, once: Callable[[], Awaitable[_R]]) -> _R:
        """Do something; if the session has expired, sign in again once and do it once more.

        Raises:
            SessionExpiredError: expired, and there is no way to sign in again, or it expired again at once.
        """
        generation = self.generation
        try:
            return await once()
        except SessionExpiredError:
            if self._opened.again is None or self._closed:
                raise
        await to_its_end(self._sign_in_again(generation))
        return await once()

    async def _sign_in_again(self, generation: int) -> None:
        async with self._renewing:
            if self.generation != generation or self._opened.again is None:
                return
            self._opened = await self._renew(self._opened.again)
            self.generation += 1

    async def keep_alive(self) -> None:
        """Tell Pronote that somebody is still there."""
        function = self.channel.state.era.keep_alive
        data = {"onglet": HOME_TAB, "ongletPrec": HOME_TAB} if function == "Navigation" else {}
        await self.request(function, data, HOME_TAB)

    def start_keep_alive(
        self, seconds: float = KEEP_ALIVE_SECONDS, on_error: Callable[[PronoteError], None] | None = None
    ) -> None:
        """Keep the session alive whenever it has been idle for ``seconds``; stops itself at the first failure."""
        self.stop_keep_alive()
        self._keeper = asyncio.get_running_loop().create_task(self._keep(seconds, on_error))

    def stop_keep_alive(self) -> None:
        """End the timer."""
        if self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None

    @property
    def kept_alive(self) -> bool:
        """Whether the timer runs."""
        return self._keeper is not None and not self._keeper.done()

    @asynccontextmanager
    async def staying_alive(self, seconds: float = KEEP_ALIVE_SECONDS) -> AsyncIterator["Session"]:
        """Keep the session alive inside a ``with`` block."""
        self.start_keep_alive(seconds)
        try:
            yield self
        finally:
            self.stop_keep_alive()

    async def _keep(self, seconds: float, on_error: Callable[[PronoteError], None] | None) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due = self.channel.last_exchange + seconds
            await asyncio.sleep(max(due - clock(), 0.0))
            if self.channel.last_exchange + seconds > clock():
                continue
            try:
                await self.keep_alive()
            except PronoteError as error:
                if on_error is not None:
                    on_error(error)
                return

    async def logout(self) -> None:
        """End the session at Pronote and here; an already expired one is simply closed."""
        self._closed = True
        self.stop_keep_alive()
        with suppress(SessionExpiredError):
            await self.channel.call("SaisieDeconnexion", {})

    def close(self) -> None:
        """Forget the session here without ending it at Pronote (it was exported, or is to expire)."""
        self._closed = True
        self.stop_keep_alive()

    async def export_state(self) -> Json:
        """Return the whole session as JSON-able values, once no call is under way; no password or token is in it.

        The values hold the session's keys: store them encrypted. Use the session no more where it was exported from.
        """
        opened = self._opened
        return write_state(
            StoredSession(
                account=opened.account.code,
                username=opened.username,
                channel=await opened.channel.idle(),
                cookies=opened.channel.http.cookies,
                mobile=opened.mobile,
                device=opened.device,
                parameters=opened.parameters,
                user=opened.user,
                timezone=self.timezone.key,
            )
        )


def pack(raw: Json) -> bytes:
    """Deflate a raw answer for keeping."""
    return zlib.compress(json.dumps(raw, separators=(",", ":"), ensure_ascii=False).encode(), 1)


def unpack(packed: bytes) -> Json:
    """Read back what ``pack`` kept."""
    raw: Json = json.loads(zlib.decompress(packed))
    return raw


def next_request(request: SignInRequest, username: str, token: str, device: Device) -> SignInRequest | None:
    """Say how to sign in the next time: with the same password, or with the new token; None when there is neither."""
    if isinstance(request.credentials, PasswordCredentials):
        return replace(request, device=device)
    return replace(request, credentials=TokenCredentials(username, token), device=device) if token else None
