"""A session as plain JSON values, to be stored (encrypted: it holds keys) and opened again by another process."""

import base64
from dataclasses import dataclass
from http.cookiejar import Cookie
from typing import Any

import httpx

from carillon_pronote.channel import ChannelState
from carillon_pronote.credentials import Device
from carillon_pronote.eras import ERAS
from carillon_pronote.errors import ProtocolError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session's parts, as read back.

    Attributes:
        parameters, user: the raw answers of FonctionParametres and ParametresUtilisateur, deflated.
        waiting: Authentification's answer while the second step is open, else None.
    """

    account: str
    username: str
    channel: ChannelState
    cookies: httpx.Cookies
    mobile: bool
    device: Device
    parameters: bytes
    user: bytes
    timezone: str
    waiting: dict[str, Any] | None = None


def write_state(stored: StoredSession) -> dict[str, Any]:
    """Turn a session into JSON-able values."""
    channel = stored.channel
    return {
        "format": FORMAT,
        "account": stored.account,
        "username": stored.username,
        "root": channel.root,
        "space": channel.space,
        "session": channel.session,
        "era": channel.era.name,
        "version": list(channel.version),
        "aes": channel.aes,
        "compression": channel.compression,
        "iv": channel.iv_material.hex(),
        "key": channel.key.hex(),
        "order": channel.order,
        "cookies": [_cookie(cookie) for cookie in stored.cookies.jar],
        "mobile": stored.mobile,
        "device": {
            "identifier": stored.device.identifier,
            "navigator": stored.device.navigator,
            "name": stored.device.name,
        },
        "parameters": base64.b64encode(stored.parameters).decode(),
        "user": base64.b64encode(stored.user).decode(),
        "timezone": stored.timezone,
        "waiting": stored.waiting,
    }


def read_state(state: dict[str, Any]) -> StoredSession:
    """Read what ``write_state`` wrote.

    Raises:
        ProtocolError: it is not such a state, or one of another format.
    """
    try:
        if state["format"] != FORMAT:
            raise ProtocolError(f"a stored session of format {state['format']}, not {FORMAT}")
        return StoredSession(
            account=str(state["account"]),
            username=str(state["username"]),
            channel=ChannelState(
                root=str(state["root"]),
                space=int(state["space"]),
                session=int(state["session"]),
                era=ERAS[state["era"]],
                version=tuple(state["version"]),
                aes=bool(state["aes"]),
                compression=bool(state["compression"]),
                iv_material=bytes.fromhex(state["iv"]),
                key=bytes.fromhex(state["key"]),
                order=int(state["order"]),
            ),
            cookies=_cookies(state["cookies"]),
            mobile=bool(state["mobile"]),
            device=Device(**state["device"]),
            parameters=base64.b64decode(state["parameters"]),
            user=base64.b64decode(state["user"]),
            timezone=str(state["timezone"]),
            waiting=state["waiting"],
        )
    except (KeyError, TypeError, ValueError):
        raise ProtocolError("a stored session that cannot be read") from None


def _cookie(cookie: Cookie) -> list[str]:
    return [cookie.name, cookie.value or "", cookie.domain, cookie.path]


def _cookies(stored: list[list[str]]) -> httpx.Cookies:
    cookies = httpx.Cookies()
    for name, value, host, path in stored:
        cookies.set(name, value, domain=host, path=path)
    return cookies
