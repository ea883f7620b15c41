"""Sessions of the simulated server: keys, order numbers, and object numbers that hold for one session only."""

import base64
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from carillon_pronote_simulator.ciphers import encrypt
from carillon_pronote_simulator.errors import foreign_object
from carillon_pronote_simulator.school.accounts import Account, Space

DEFAULT_IDLE_SECONDS = 300.0
MOST_SESSIONS = 5000


@dataclass
class Attempt:
    """A sign-in between `Identification` and `Authentification`."""

    account: Account | None
    login_key: bytes
    accepted_answers: frozenset[str]
    device: str
    gives_token: bool
    alias: str | None = None
    spent: str | None = None


@dataclass
class Session:
    """One page view and what follows from it."""

    number: int
    space: Space
    mobile: bool
    opened: float
    last_seen: float
    one_time: tuple[str, str] | None = None
    ticket_account: Account | None = None
    iv: bytes = b""
    key: bytes = b""
    next_order: int = 1
    navigator: str = ""
    attempt: Attempt | None = None
    account: Account | None = None
    pending_actions: tuple[int, ...] = ()
    pin_checked: bool = False
    uploads: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    seen_objects: dict[str, str] = field(default_factory=dict)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def space_number(self) -> int:
        """The number of the space, as in addresses."""
        mobile = self.space.mobile_number
        return mobile if self.mobile and mobile is not None else self.space.number

    def object_number(self, kind: int, key: str) -> str:
        """The number `N` of an object; valid in this session only."""
        digest = hmac.digest(self.secret, f"{kind}:{key}".encode(), hashlib.sha256)
        number = f"{kind}#{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
        self.seen_objects[number] = key
        return number

    def key_of(self, element: Any) -> str | None:
        """The key behind an element `{"N": …}` or a bare number; None when it names nothing.

        Raises:
            PronoteError: kind 22, the number was not given in this session.
        """
        number = element.get("N") if isinstance(element, dict) else element
        if number in (None, "", "0", 0):
            return None
        if not isinstance(number, str) or number not in self.seen_objects:
            raise foreign_object()
        return self.seen_objects[number]

    def order_text(self, order: int) -> str:
        """An order number as it travels, under the keys of the moment."""
        return encrypt(str(order).encode(), self.key, self.iv)


class SessionStore:
    """The open sessions of one instance; idle ones expire."""

    def __init__(self, idle_seconds: float = DEFAULT_IDLE_SECONDS) -> None:
        self.idle_seconds = idle_seconds
        self._sessions: OrderedDict[int, Session] = OrderedDict()

    def __len__(self) -> int:
        """How many sessions are open."""
        return len(self._sessions)

    def open(self, space: Space, *, mobile: bool) -> Session:
        """A new session for a page view; the oldest makes room when there are too many."""
        number = secrets.randbelow(9_000_000) + 1_000_000
        while number in self._sessions:
            number = secrets.randbelow(9_000_000) + 1_000_000
        now = time.monotonic()
        session = Session(number, space, mobile, now, now)
        self._sessions[number] = session
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def get(self, number: int) -> Session | None:
        """The session of that number, unless it ended."""
        session = self._sessions.get(number)
        if session is None:
            return None
        now = time.monotonic()
        if now - session.last_seen > self.idle_seconds:
            self.close(number)
            return None
        session.last_seen = now
        return session

    def close(self, number: int) -> None:
        """End a session; ending it twice is fine."""
        self._sessions.pop(number, None)

    def close_all(self) -> int:
        """End every session; returns how many there were."""
        count = len(self._sessions)
        self._sessions.clear()
        return count
