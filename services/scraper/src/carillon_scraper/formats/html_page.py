"""Web pages: those that carry data, and those that come where data were expected."""

import re

from carillon_kit.languages import Text
from lxml import etree

from carillon_scraper.failures import ParseError

_MAX_MARKS = 1_000_000


def parse(body: bytes) -> etree._Element:
    """The page's root element, however carelessly it is written.

    Raises:
        ParseError: `empty`, `too-large`, `not-html`.
    """
    if not body.strip():
        raise ParseError("empty", Text("La réponse est vide", "The answer is empty"), "line 1")
    if body.count(b"<") > _MAX_MARKS or body.count(b"=") > _MAX_MARKS:
        raise ParseError("too-large", Text("La page a trop d'éléments", "The page has too many parts"), "/")
    encoding = "utf-8" if _is_utf8(body) else "iso-8859-1"
    parser = etree.HTMLParser(no_network=True, huge_tree=False, recover=True, encoding=encoding)
    try:
        found = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError("not-html", Text("La page est illisible", "The page cannot be read"), "line 1") from error
    if found is None:
        raise ParseError("not-html", Text("La page est illisible", "The page cannot be read"), "line 1")
    return found


def is_html(body: bytes) -> bool:
    """Whether an answer is a web page."""
    start = body[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html")) or (b"<html" in start and not start.startswith(b"<?xml"))


def asks_for_login(body: bytes) -> bool:
    """Whether a web page wants a password or leads to an identity provider."""
    return re.search(rb"type\s*=\s*[\"']?password|/cas/login|shibboleth|saml", body, re.IGNORECASE) is not None


def html_instead(body: bytes) -> ParseError:
    """Say which kind of web page came where data were expected."""
    if asks_for_login(body):
        return ParseError(
            "login-page",
            Text(
                "Le serveur demande de se connecter : donnez un identifiant ou une adresse publique",
                "The server asks for a login: give credentials, or a public address",
            ),
            "line 1",
        )
    return ParseError(
        "html-page",
        Text(
            "Le serveur a répondu par une page web au lieu de données : vérifiez l'adresse",
            "The server answered with a web page instead of data: check the address",
        ),
        "line 1",
    )


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
