"""Form login with the anti-forgery token, and sessions that can expire (FORMATS.md section 3.6)."""

import secrets
from dataclasses import dataclass, field
from html import escape

from carillon_celcat_simulator.model.timetable import Group

ANTIFORGERY_COOKIE = ".AspNetCore.Antiforgery.5Q7hK0dOx1M"
CALENDAR_COOKIE = ".Calendar.Cookies"
SESSION_COOKIE = ".Celcat.Calendar.Session"


@dataclass(frozen=True, slots=True)
class Account:
    """A made-up student: name and password of the form, and the practical group they are in.

    Not every site says the federation id in the address after the login: where it is not `announced`, only the page of
    the calendar has it.
    """

    name: str
    password: str
    federation_id: str
    mention: str
    digits: str
    announced: bool = True


ACCOUNTS = (
    Account("e.aubepine", "un mot de passe", "21800001", "L1 MI", "11"),
    Account("n.zinnia", "un autre mot", "21800002", "M1 INF-DL", "12", announced=False),
)


def students(groups: tuple[Group, ...]) -> dict[str, tuple[Group, ...]]:
    """The groups of the made-up students, of both semesters, by their federation id."""
    return {
        account.federation_id: tuple(
            group
            for group in groups
            if (group.mention, group.kind, group.digits) == (account.mention, "TP", account.digits)
        )
        for account in ACCOUNTS
    }


@dataclass(slots=True)
class Logins:
    """Tokens handed out and sessions that are open, at one site."""

    _tokens: dict[str, str] = field(default_factory=dict)
    _sessions: dict[str, Account] = field(default_factory=dict)

    def new_token(self) -> tuple[str, str]:
        """A cookie value and the form token that belongs to it."""
        cookie, token = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        self._tokens[cookie] = token
        return cookie, token

    def token_is_valid(self, cookie: str | None, token: str) -> bool:
        """Whether the form token belongs to the cookie."""
        return cookie is not None and secrets.compare_digest(self._tokens.get(cookie, ""), token) and bool(token)

    def open(self, name: str, password: str) -> tuple[str, Account] | None:
        """A new session, or nothing where name and password are not of an account."""
        for account in ACCOUNTS:
            if account.name == name and secrets.compare_digest(account.password.encode(), password.encode()):
                session = secrets.token_urlsafe(32)
                self._sessions[session] = account
                return session, account
        return None

    def account(self, session: str | None) -> Account | None:
        """Who the session is of; nothing where it is unknown, closed or expired."""
        return self._sessions.get(session or "")

    def close(self, session: str | None) -> None:
        """Log out."""
        self._sessions.pop(session or "", None)

    def expire_all(self) -> None:
        """Let every session expire."""
        self._sessions.clear()


def login_page(base: str, token: str, *, refused: bool = False) -> str:
    """The form; `base` is the path of the site."""
    error = '<div class="validation-summary-errors">Identifiants incorrects</div>' if refused else ""
    return _page(
        '<a class="logInOrOut" href="' + escape(base) + '/LdapLogin"><span>Log In</span></a>'
        f'{error}<form action="{escape(base)}/LdapLogin/Logon" method="post">'
        '<input id="Name" name="Name" type="text" value="" />'
        '<input id="Password" name="Password" type="password" />'
        f'<input name="__RequestVerificationToken" type="hidden" value="{escape(token)}" />'
        '<button type="submit">Connexion</button></form>'
    )


def calendar_page(base: str, account: Account | None) -> str:
    """The page of the calendar itself; it holds the student's federation id."""
    if account is None:
        return _page(f'<a class="logInOrOut" href="{escape(base)}/LdapLogin"><span>Log In</span></a>')
    return _page(
        f'<a class="logInOrOut" href="{escape(base)}/Login/Logout"><span>Log Out</span></a>'
        f'<span class="small">- {account.federation_id}</span>'
        f"<script>var federationIdStr = '{account.federation_id}';</script>"
    )


def error_page() -> str:
    """The page of a server error."""
    return _page("<h1>Error.</h1><h2>An error occurred while processing your request.</h2>")


def _page(body: str) -> str:
    return (
        '<!DOCTYPE html>\r\n<html>\r\n<head><meta charset="utf-8" /><title>CELCAT Calendar</title></head>\r\n'
        f"<body>\r\n{body}\r\n</body>\r\n</html>\r\n"
    )
