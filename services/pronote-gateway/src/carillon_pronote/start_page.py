"""Reads the page a Pronote space opens with: the members of Start({…}) and the version (PROTOCOL.md §4).

Both forms are read by one scanner: relaxed JSON in ``onload`` (bare names, single quotes) until 2026.1, strict JSON in
a script from 2026.2.4 on.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NoReturn

from carillon_pronote.crypto import RSA_EXPONENT, RSA_MODULUS
from carillon_pronote.eras import RSA_ONLY_WITHOUT_TLS, Era, Version, era_of, guess_version
from carillon_pronote.errors import ProtocolError, SiteBusyError, SiteClosedError, SuspendedAddressError

LARGEST_START = 8192  # characters; real ones have about 200
MOST_CALLS = 8  # places where Start( is looked for, so that any page is read in bounded time
_CALL = re.compile(r"\bStart\s{0,8}\(\s{0,8}\{")
_VERSION = re.compile(r"PRONOTE (20\d\d)\.(\d{1,3})(?:\.(\d{1,3}))?")
_TOKEN = re.compile(
    r"""\s*(?:(?P<punctuation>[{}\[\]:,])|'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)" """
    r"""|(?P<number>-?\d+(?:\.\d+)?)(?![\w$])|(?P<name>[A-Za-z_$][\w$]*))""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LITERALS: dict[str, object] = {"true": True, "false": False, "null": None, "undefined": None}
_NOTICES: tuple[tuple[str, type[SuspendedAddressError | SiteClosedError | SiteBusyError]], ...] = (
    ("adresse IP est provisoirement suspendue", SuspendedAddressError),
    ("Le site n'est pas disponible", SiteClosedError),
    ("Le site est momentanément indisponible", SiteBusyError),
)


@dataclass(frozen=True, slots=True)
class StartPage:
    """What a space's first page says.

    Attributes:
        session: number of the session (``h``).
        space: number of the space (``a``): 3 pupils, 2 parents, 6 pupils on a mobile, …
        version: as printed on the page, or guessed from its members; () when nothing tells.
        version_printed: whether the page said it.
        aes, compression: how bodies travel.
        rsa: modulus and exponent (hex) to announce the iv with, None over TLS since 2023.
        portal_name, portal_secret: one-time credentials after a portal's sign-in (``e``, ``f``).
    """

    session: int
    space: int
    version: Version
    version_printed: bool
    aes: bool
    compression: bool
    rsa: tuple[str, str] | None = None
    portal_name: str = field(default="", repr=False)
    portal_secret: str = field(default="", repr=False)
    demonstration: bool = False

    @property
    def era(self) -> Era:
        """Names and flags of this version; a page that tells nothing is taken for a recent one."""
        return era_of(self.version or (9999,))


def read_start_page(page: str) -> StartPage:
    """Read a space's first page.

    Raises:
        SuspendedAddressError, SiteClosedError, SiteBusyError: the page is that notice instead.
        ProtocolError: no Start() that can be read.
    """
    start = _find_start(page)
    if start is None:
        _refuse(page)
    printed = _VERSION.search(page)
    version = tuple(int(part) for part in printed.groups() if part) if printed else guess_version(start)
    era = era_of(version or (9999,))
    try:
        session, space = int(str(start["h"])), int(str(start["a"]))
    except (KeyError, ValueError):
        raise ProtocolError("Start() without the numbers h and a", _text(version)) from None
    return StartPage(
        session=session,
        space=space,
        version=version,
        version_printed=printed is not None,
        aes=_flag(start, "CrA") if era.flags_enable else not _flag(start, "sCrA"),
        compression=_flag(start, "CoA") if era.flags_enable else not _flag(start, "sCoA"),
        rsa=_rsa(start, version),
        portal_name=str(start.get("e") or ""),
        portal_secret=str(start.get("f") or ""),
        demonstration=_flag(start, "d"),
    )


def _refuse(page: str) -> NoReturn:
    text = html.unescape(page) if "&" in page else page
    for notice, error in _NOTICES:
        if notice in text.replace("’", "'"):
            raise error
    printed = _VERSION.search(page)
    raise ProtocolError("the page holds no Start({…})", printed.group()[8:] if printed else "")


def _flag(start: dict[str, object], name: str) -> bool:
    return start.get(name) in (True, 1, "true", "True", "1")


def _rsa(start: dict[str, object], version: Version) -> tuple[str, str] | None:
    if start.get("MR") and start.get("ER"):
        return str(start["MR"]), str(start["ER"])
    old = bool(version) and version < RSA_ONLY_WITHOUT_TLS
    return (RSA_MODULUS, RSA_EXPONENT) if old or _flag(start, "http") else None


def _text(version: Version) -> str:
    return ".".join(str(part) for part in version)


def _find_start(page: str) -> dict[str, object] | None:
    for call in islice(_CALL.finditer(page), MOST_CALLS):
        candidate = page[call.end() - 1 : call.end() + LARGEST_START]
        for text in (candidate, html.unescape(candidate)):
            start = _parse_object(text)
            if start is not None and "h" in start:
                return start
    return None


def _parse_object(text: str) -> dict[str, object] | None:
    """Parse one relaxed JSON object of plain values; None when it is not one."""
    members: dict[str, object] = {}
    tokens = _tokens(text)
    if next(tokens, None) != ("punctuation", "{"):
        return None
    for kind, name in tokens:
        if (kind, name) == ("punctuation", "}"):
            return members
        if kind == "punctuation":
            if name != ",":
                return None
            continue
        if next(tokens, None) != ("punctuation", ":"):
            return None
        value = next(tokens, None)
        if value is None or value[0] == "punctuation":
            return None
        members[name] = _value(*value)
    return None


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while (match := _TOKEN.match(text, position)) is not None:
        kind = match.lastgroup or ""
        yield kind, match.group(kind)
        position = match.end()


def _value(kind: str, text: str) -> object:
    if kind == "number":
        return float(text) if "." in text else int(text)
    if kind == "name":
        return _LITERALS.get(text)
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[2], text)
