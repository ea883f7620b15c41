"""Sign-in through a portal (CAS): tickets, the cookie that remembers one, and the redirects (facts: CAS.md)."""

import base64
import binascii
import secrets
from urllib.parse import quote

from carillon_pronote_simulator.school.accounts import SPACES, Account, Kind, Space
from carillon_pronote_simulator.school.school import School

COOKIE = "portalSession"


def ticket_for(username: str) -> str:
    """A ticket as a portal issues it: `ST-`, the user name in base64url without padding, `-`, chance."""
    name = base64.urlsafe_b64encode(username.encode()).decode().rstrip("=")
    return f"ST-{name}-{secrets.token_hex(12)}"


def username_of(ticket: str) -> str | None:
    """The user name in a ticket, None when it is not one."""
    head, _, chance = ticket.removeprefix("ST-").rpartition("-")
    if not ticket.startswith("ST-") or not head or not chance:
        return None
    try:
        return base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None


class Portal:
    """What one instance knows about its portal at `cas_url`."""

    def __init__(self, cas_url: str, school: School) -> None:
        self.cas_url = cas_url
        self._school = school
        self._used: set[str] = set()
        self._cookies: dict[str, str] = {}

    def redirect(self, page_url: str) -> str:
        """Where a visitor is sent to sign in."""
        joint = "&" if "?" in self.cas_url else "?"
        return f"{self.cas_url}{joint}service={quote(page_url, safe='')}"

    def is_fresh(self, ticket: str) -> bool:
        """Whether a ticket is well-formed and was not used yet."""
        return ticket not in self._used and username_of(ticket) is not None

    def take(self, ticket: str, kind: Kind) -> tuple[Account, str] | None:
        """Use up a ticket: the account of that kind and the value of a cookie that remembers the visitor."""
        username = username_of(ticket)
        if username is None or not self.is_fresh(ticket):
            return None
        self._used.add(ticket)
        account = self._account(username, kind)
        if account is None:
            return None
        cookie = secrets.token_hex(16)
        self._cookies[cookie] = username
        return account, cookie

    def remembered(self, cookie: str | None, kind: Kind) -> Account | None:
        """The account of that kind of a visitor who came before."""
        username = self._cookies.get(cookie or "")
        return None if username is None else self._account(username, kind)

    def space_of(self, ticket: str) -> Space | None:
        """The first space in which the user of a ticket has an account."""
        username = username_of(ticket)
        if username is None:
            return None
        return next((space for space in SPACES if self._account(username, space.kind) is not None), None)

    def _account(self, username: str, kind: Kind) -> Account | None:
        return self._school.accounts.get((kind, username.strip().lower()))
