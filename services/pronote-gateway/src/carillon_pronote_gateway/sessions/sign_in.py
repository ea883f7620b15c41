"""From what a person types to a session of the gateway's own. The password is used once and not kept."""

import secrets as chance
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from carillon_pronote import AccountKind, Device, EntSignIn, Pronote, Session, TokenCredentials, pages
from carillon_pronote.ent import EntTable, PortalSignIn, VisitLimits
from pydantic import SecretStr

from carillon_pronote_gateway import addresses
from carillon_pronote_gateway.sessions.census import Census
from carillon_pronote_gateway.sessions.held import remember
from carillon_pronote_gateway.sessions.lease import Clock
from carillon_pronote_gateway.sessions.live_sessions import LiveSessions
from carillon_pronote_gateway.sessions.record import Record, Remembered, Secrets, label
from carillon_pronote_gateway.sessions.tokens import digest_of, new_token

NO_PORTAL = "none"


@dataclass(frozen=True)
class Wish:
    """What a caller wants to sign in with.

    Attributes:
        cas: name of the portal, "none" for none.
        remember: keep a Pronote token, so that the gateway can sign in again.
        publish: publish the courses of the class.
        pin: the account's PIN, where it asks for one.
    """

    url: str
    username: str
    password: SecretStr = field(repr=False)
    cas: str = NO_PORTAL
    account: AccountKind = AccountKind.PUPIL
    remember: bool = False
    publish: bool = False
    pin: SecretStr | None = field(default=None, repr=False)


class SignIns:
    """Signs callers in."""

    def __init__(
        self,
        pronote: Pronote,
        portals: EntTable,
        live: LiveSessions,
        census: Census,
        *,
        clock: Clock,
        label_key: bytes,
        allow_private: bool,
    ) -> None:
        self._pronote, self._portals, self._live, self._census = pronote, portals, live, census
        self._clock, self._label_key, self._allow_private = clock, label_key, allow_private

    def labels(self, wish: Wish) -> tuple[str, str]:
        """Keyed digests of the account and of its host."""
        root = addresses.root(wish.url)
        host = (urlsplit(root).hostname or "").lower()
        account = label(self._label_key, root.lower(), wish.account.code, wish.username.strip().lower())
        return account, label(self._label_key, host)

    def portal(self, name: str) -> EntSignIn | None:
        """The way through a portal, None for Pronote's own password.

        Raises:
            EntUnknownError: no such portal.
        """
        entry = self._portals.get(name)
        return None if entry.is_direct else PortalSignIn(entry, VisitLimits(allow_http=self._allow_private))

    async def sign_in(self, wish: Wish) -> str:
        """Sign in and give the token of the new session.

        Raises:
            TooManySessionsError: no more sessions are taken.
            PronoteError: the sign-in failed.
        """
        portal = self.portal(wish.cas)
        account, host = self.labels(wish)
        await addresses.check(wish.url, allow_private=self._allow_private)
        self._census.check_room(host)
        session, remembered = await self._open(wish, portal)
        state = await session.export_state()
        session.close()  # with it goes the password
        for surplus in self._census.surplus(account):
            await self._live.end(surplus)
            self._census.forget(surplus)
        token = new_token()
        record = Record(account=account, host=host, created=self._clock(), publish=wish.publish)
        await self._live.add(digest_of(token), record, Secrets(state=state, remembered=remembered))
        self._census.note(digest_of(token), record)
        return token

    async def _open(self, wish: Wish, portal: EntSignIn | None) -> tuple[Session, Remembered | None]:
        kept: list[Remembered] = []

        async def on_token(credentials: TokenCredentials, device: Device) -> None:
            kept[:] = [remember(credentials, device)]

        session = await self._pronote.sign_in(
            wish.url,
            wish.username,
            wish.password.get_secret_value(),
            wish.account,
            ent=portal,
            pin=wish.pin.get_secret_value() if wish.pin else None,
            on_token=on_token if wish.remember and portal is None else None,
        )
        if wish.remember and portal is not None:
            # Behind a portal only the mobile app's QR code gives a token without keeping the password.
            pin = f"{chance.randbelow(10_000):04d}"
            code = await pages.qr_codes.create_qr_code(session, pin)
            await session.logout()
            session = await self._pronote.sign_in_with_qr_code(code, pin, on_token=on_token)
        return session, kept[0] if kept else None
