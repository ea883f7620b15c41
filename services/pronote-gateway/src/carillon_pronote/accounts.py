"""Kinds of Pronote accounts and the pages they open with (PROTOCOL.md §4.1 and §8)."""

from enum import Enum
from urllib.parse import urlsplit, urlunsplit

from carillon_pronote.errors import NoAddressError, UnknownAccountError


class AccountKind(Enum):
    """A kind of account: its name in pronote-api, its page, its space number on the web and on a mobile."""

    PUPIL = ("student", "eleve", 3, 6)
    PARENT = ("parent", "parent", 2, 7)
    TEACHER = ("teacher", "professeur", 1, 8)
    SCHOOL_LIFE = ("administration", "viescolaire", 13, 14)
    ATTENDANT = ("attendant", "accompagnant", 25, 26)
    COMPANY = ("company", "entreprise", 4, 4)
    DIRECTION = ("direction", "direction", 16, 17)
    ACADEMY = ("academy", "academie", 5, 5)

    def __init__(self, code: str, page: str, space: int, mobile_space: int) -> None:
        self.code = code
        self.page = page
        self.space = space
        self.mobile_space = mobile_space

    @classmethod
    def named(cls, name: str) -> "AccountKind":
        """Find a kind by pronote-api's name or by its page's name, in any letter case.

        Raises:
            UnknownAccountError: there is none.
        """
        wanted = name.strip().lower()
        for kind in cls:
            if wanted in (kind.code, kind.page, kind.name.lower()):
                return kind
        raise UnknownAccountError(repr(name[:40]))

    @classmethod
    def of_space(cls, space: int) -> "AccountKind | None":
        """Find the kind a space number belongs to."""
        return next((kind for kind in cls if space in (kind.space, kind.mobile_space)), None)

    def page_name(self, *, mobile: bool) -> str:
        """Return ``eleve.html`` or ``mobile.eleve.html``; the direction has no mobile page."""
        return f"{'mobile.' if mobile and self is not AccountKind.DIRECTION else ''}{self.page}.html"


def root_of(url: str) -> str:
    """Cut an address of a Pronote, with or without a page's name and a query, to its root without a slash.

    Raises:
        NoAddressError: no http(s) address.
    """
    try:
        parts = urlsplit(url.strip())
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise NoAddressError
    path = parts.path
    if path.rsplit("/", 1)[-1].endswith((".html", ".htm")):
        path = path.rsplit("/", 1)[0]
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), "", ""))
