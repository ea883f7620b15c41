"""What a person signs in with. None of it is ever shown by ``repr``."""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from carillon_pronote import crypto
from carillon_pronote.ent_interface import EntSignIn
from carillon_pronote.errors import ProtocolError, WrongPinError


@dataclass(frozen=True, slots=True)
class Device:
    """This client as Pronote knows it: the same device keeps its tokens and is asked for two-factor only once.

    Attributes:
        identifier: a uuid of the device's own choosing, bound to its tokens.
        navigator: ``identifiantNav`` as last given by Pronote, None before the first sign-in.
        name: label shown in the account's list of known devices, at most 30 characters.
    """

    identifier: str = field(default_factory=lambda: str(uuid4()))
    navigator: str | None = None
    name: str = "Carillon"


@dataclass(frozen=True, slots=True)
class PasswordCredentials:
    """A user name and password, of Pronote itself or, with ``ent``, of a regional portal."""

    username: str
    password: str = field(repr=False)
    ent: EntSignIn | None = None


@dataclass(frozen=True, slots=True)
class TokenCredentials:
    """A one-time token of the mobile app; every sign-in gives the next one and kills this."""

    username: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class QrCredentials:
    """A QR code's deciphered content: valid ten minutes, once."""

    url: str
    username: str = field(repr=False)
    token: str = field(repr=False)


Credentials = PasswordCredentials | TokenCredentials | QrCredentials
OnToken = Callable[[TokenCredentials, Device], Awaitable[None]]


def read_qr_code(content: str | Mapping[str, object], pin: str) -> QrCredentials:
    """Decipher a QR code's JSON ``{"login", "jeton", "url"}`` with the PIN chosen when it was made.

    Raises:
        WrongPinError: another PIN.
        ProtocolError: not the JSON of a Pronote QR code.
    """
    try:
        code = json.loads(content) if isinstance(content, str) else dict(content)
        login, token, url = str(code["login"]), str(code["jeton"]), str(code["url"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ProtocolError("this is not the content of a Pronote QR code (login, jeton, url)") from None
    key = crypto.derive(pin.encode())
    try:
        return QrCredentials(url, crypto.decrypt_text(login, key), crypto.decrypt_text(token, key))
    except ValueError:
        raise WrongPinError from None


def new_iv_material() -> bytes:
    """Return the 16 random bytes a session's iv is made from."""
    return secrets.token_bytes(16)
