"""What the portals know while they run: people, who is signed in where, what waits for an answer, ordered faults."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

FaultName = Literal["expired", "changed", "captcha", "maintenance", "charter", "storage-page"]
FAULT_NAMES: tuple[str, ...] = get_args(FaultName)

EVERYWHERE = "*"
PASSWORDS: Mapping[str, str] = {
    "demonstration": "pronotevs",
    "demonstration2": "pronotevs",
    "professeur": "pronotevs",
}
"""The accounts of the Pronote simulator's school, by user name."""


@dataclass
class PortalState:
    """One memory for all portals of a simulator.

    Attributes:
        passwords: user name to password.
        faults: host (or ``*``) to the fault that its pages show until it is taken away.
        posted_passwords: (host, path) of every form with a password that arrived, in order.
    """

    passwords: Mapping[str, str] = field(default_factory=lambda: dict(PASSWORDS))
    faults: dict[str, FaultName] = field(default_factory=dict)
    posted_passwords: list[tuple[str, str]] = field(default_factory=list)
    _sessions: dict[tuple[str, str], str] = field(default_factory=dict)
    _waiting: dict[str, str] = field(default_factory=dict)
    _assertions: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    def fault(self, host: str) -> FaultName | None:
        """The fault ordered for this host, or for all."""
        return self.faults.get(host) or self.faults.get(EVERYWHERE)

    def knows(self, username: str, password: str) -> bool:
        """Whether this is the person's password."""
        return self.passwords.get(username) == password

    def open_session(self, host: str, username: str) -> str:
        """Sign a person in at a portal; the result is the cookie's value."""
        value = secrets.token_urlsafe(18)
        self._sessions[host, value] = username
        return value

    def who(self, host: str, cookie: str | None) -> str | None:
        """Who has this cookie at this portal."""
        return self._sessions.get((host, cookie or ""))

    def keep(self, content: str) -> str:
        """Keep something for later; the result is a short name for it, of the shape of Shibboleth's ``execution``."""
        self._count += 1
        name = f"e{self._count}s1"
        self._waiting[name] = content
        return name

    def keep_as(self, name: str, content: str) -> str:
        """Keep something under a name of the caller's."""
        self._waiting[name] = content
        return name

    def kept(self, name: str, default: str = "") -> str:
        """What was kept under this name."""
        return self._waiting.get(name, default)

    def take(self, name: str) -> str | None:
        """What was kept under this name; it is gone afterwards."""
        return self._waiting.pop(name, None)

    def assert_identity(self, username: str) -> str:
        """A SAMLResponse's identity: a number that one service may redeem once."""
        number = f"_{secrets.token_hex(16)}"
        self._assertions[number] = username
        return number

    def redeem(self, number: str) -> str | None:
        """Whom this number was made for; None for a second time."""
        return self._assertions.pop(number, None)


def make_ticket(username: str) -> str:
    """A CAS service ticket that the Pronote simulator understands."""
    name = base64.urlsafe_b64encode(username.encode()).decode().rstrip("=")
    return f"ST-{name}-{secrets.token_hex(8)}"
