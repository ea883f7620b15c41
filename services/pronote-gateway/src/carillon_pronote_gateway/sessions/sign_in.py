"""From what a person types to a session of the gateway's own. The password is used once and not kept."""

import contextlib
import secrets as chance
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from carillon_pronote import AccountKind, Device, EntSignIn, Pronote, Session, TokenCredentials, pages
from carillon_pronote.credentials import OnToken, read_qr_code
from carillon_pronote.ent import EntTable, PortalSignIn, VisitLimits
from carillon_pronote.errors import PronoteError
from pydantic import SecretStr

from carillon_pronote_gateway import addresses
from carillon_pronote_gateway.sessions.census import Census
from carillon_pronote_gateway.sessions.errors import SessionError
from carillon_pronote_gateway.sessions.held import remember
from carillon_pronote_gateway.sessions.lease import Clock
from carillon_pronote_gateway.sessions.live_sessions import LiveSessions
from carillon_pronote_gateway.sessions.record import Record, Remembered, Secrets, label
from carillon_pronote_gateway.sessions.tokens import digest_of, new_token

NO_PORTAL = "none"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a caller wants to sign in with.

    Attributes:
        remember: keep a Pronote token, so that the gateway can sign in again.
        publish: publish the courses of the class.
        pin: the account's PIN, where it asks for one.
    """

    url: str
    username: str
    account: AccountKind = AccountKind.PUPIL
    remember: bool = False
    publish: bool = False
    pin: SecretStr | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class PasswordWish(Wish):
    """With a password; `cas` is the name of the portal that takes it, "none" for none."""

    password: SecretStr = field(repr=False)
    cas: str = NO_PORTAL


@dataclass(frozen=True, kw_only=True)
class TokenWish(Wish):
    """With the last token that Pronote gave a device."""

    token: SecretStr = field(repr=False)
    device: Device


@dataclass(frozen=True, kw_only=True)
class QrCodeWish(Wish):
    """With the content of a QR code, and the PIN that was chosen when it was made."""

    code: Mapping[str, str] = field(repr=False)
    code_pin: SecretStr = field(repr=False)
    device: Device

    @classmethod
    def reading(cls, code: Mapping[str, str], code_pin: SecretStr, device: Device, **others: Any) -> Self:
        """A wish for whatever school the code is of.

        Raises:
            WrongPinError: another PIN.
        """
        read = read_qr_code(code, code_pin.get_secret_value())
        return cls(url=read.url, username=read.username, code=code, code_pin=code_pin, device=device, **others)


@dataclass(frozen=True)
class SignedIn:
    """A new session's token, and what Pronote gave to sign in with the next time, unless the gateway keeps it."""

    token: str
    handed_over: Remembered | None


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
        timezone: ZoneInfo,
    ) -> None:
        self._pronote, self._portals, self._live, self._census = pronote, portals, live, census
        self._timezone = timezone
        self._clock, self._label_key, self._allow_private = clock, label_key, allow_private

    def labels(self, wish: Wish) -> tuple[str, str]:
        """Keyed digests of the account and of its host."""
        host = (urlsplit(addresses.root(wish.url)).hostname or "").lower()
        return self._account(wish.url, wish.account, wish.username), label(self._label_key, host)

    def _account(self, url: str, kind: AccountKind, username: str) -> str:
        return label(self._label_key, addresses.root(url).lower(), kind.code, username.strip().lower())

    def portal(self, name: str) -> EntSignIn | None:
        """The way through a portal, None for Pronote's own password.

        Raises:
            EntUnknownError: no such portal.
        """
        entry = self._portals.get(name)
        return None if entry.is_direct else PortalSignIn(entry, VisitLimits(allow_http=self._allow_private))

    async def sign_in(self, wish: Wish) -> SignedIn:
        """Sign in: the token of the new session, and what the caller is to keep.

        Raises:
            TooManySessionsError: no more sessions are taken.
            SessionError: the session cannot be kept; it is ended at Pronote.
            PronoteError: the sign-in failed.
        """
        portal = self.portal(wish.cas) if isinstance(wish, PasswordWish) else None
        _, host = self.labels(wish)
        await addresses.check(wish.url, allow_private=self._allow_private)
        self._census.check_room(host)
        session, given = await self._open(wish, portal)
        state = await session.export_state()
        session.close()  # with it goes the password
        # By the name that Pronote knows: a QR code has one of its own, and a portal too.
        account = self._account(wish.url, session.account, session.username)
        for surplus in self._census.surplus(account):
            await self._live.end(surplus)
            self._census.forget(surplus)
        token = new_token()
        record = Record(account=account, host=host, created=self._clock(), publish=wish.publish)
        remembered = given if wish.remember else None
        try:
            await self._live.add(digest_of(token), record, Secrets(state=state, remembered=remembered))
        except SessionError:  # nobody will ever have its token
            with contextlib.suppress(PronoteError):
                await session.logout()
            raise
        self._census.note(digest_of(token), record)
        return SignedIn(token, None if wish.remember else given)

    async def _open(self, wish: Wish, portal: EntSignIn | None) -> tuple[Session, Remembered | None]:
        kept: list[Remembered] = []

        async def on_token(credentials: TokenCredentials, device: Device) -> None:
            kept[:] = [remember(credentials, device)]

        pin = wish.pin.get_secret_value() if wish.pin else None
        match wish:
            case TokenWish():
                session = await self._pronote.sign_in_with_token(
                    wish.url,
                    wish.username,
                    wish.token.get_secret_value(),
                    wish.device,
                    wish.account,
                    on_token=on_token,
                    pin=pin,
                    timezone=self._timezone,
                )
            case QrCodeWish():
                session = await self._pronote.sign_in_with_qr_code(
                    wish.code,
                    wish.code_pin.get_secret_value(),
                    wish.device,
                    on_token=on_token,
                    pin=pin,
                    timezone=self._timezone,
                )
            case PasswordWish():
                session = await self._with_password(wish, portal, pin, on_token)
            case _:
                raise TypeError(type(wish))
        return session, kept[0] if kept else None

    async def _with_password(
        self, wish: PasswordWish, portal: EntSignIn | None, pin: str | None, on_token: OnToken
    ) -> Session:
        session = await self._pronote.sign_in(
            wish.url,
            wish.username,
            wish.password.get_secret_value(),
            wish.account,
            ent=portal,
            pin=pin,
            on_token=on_token if wish.remember and portal is None else None,
            timezone=self._timezone,
        )
        if wish.remember and portal is not None:
            # Behind a portal only the mobile app's QR code gives a token without keeping the password.
            code_pin = f"{chance.randbelow(10_000):04d}"
            code = await pages.qr_codes.create_qr_code(session, code_pin)
            await session.logout()
            session = await self._pronote.sign_in_with_qr_code(
                code, code_pin, on_token=on_token, timezone=self._timezone
            )
        return session
