"""XML from a stranger: bounded, without document types or entities, and with errors that name the place."""

import re

from carillon_kit.languages import Text
from lxml import etree

from carillon_scraper.failures import ParseError
from carillon_scraper.formats.html_page import html_instead, is_html

MAX_MARKS = 1_000_000
"""Elements and attributes that a document may have at most: some hundred times the largest page ever recorded."""

_READABLE_ENCODINGS = frozenset({b"utf-8", b"us-ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"})
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
_WRONG_ENCODING = frozenset({9, 31, 32, 81, 6003})  # libxml2: invalid character, unknown or unsupported encoding


def parse(body: bytes, root: str | None) -> etree._Element:
    """The root element, which must be called `root` if one is named.

    Raises:
        ParseError: `empty`, `login-page`, `not-xml`, `dtd`, `wrong-encoding`, `truncated`, `too-large`,
            `wrong-document`.
    """
    text = body.removeprefix(b"\xef\xbb\xbf")
    _refuse_what_is_no_xml(text)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        found = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _explained(error, text, root) from error
    if root is not None and found.tag != root:
        name = str(found.tag)[:40]
        raise ParseError(
            "wrong-document",
            Text(f"Ce document XML est un « {name} », pas un « {root} »", f"This XML is a <{name}>, not a <{root}>"),
            "/",
        )
    return found


def _refuse_what_is_no_xml(text: bytes) -> None:
    start = text[:1024].lstrip()
    if not start:
        raise ParseError("empty", Text("La réponse est vide", "The answer is empty"), "line 1")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"\x00" in start[:4]):
        raise _wrong_encoding("UTF-16", "line 1")
    if is_html(text):
        raise html_instead(text)
    if not start.startswith(b"<"):
        raise ParseError("not-xml", Text("La réponse n'est pas du XML", "The answer is not XML"), "line 1")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ParseError(
            "dtd",
            Text("Le document déclare des entités, ce qui est refusé", "The document declares entities, refused"),
            "line 1",
        )
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in _READABLE_ENCODINGS:
        raise _wrong_encoding(declared[1].decode(), "line 1")
    if text.count(b"<") > MAX_MARKS or text.count(b"=") > MAX_MARKS:
        raise ParseError("too-large", Text("Le document a trop d'éléments", "The document has too many parts"), "/")


def _wrong_encoding(found: str, place: str) -> ParseError:
    return ParseError(
        "wrong-encoding",
        Text(f"Le texte n'est pas lisible en {found}", f"The text is not readable as {found}"),
        place,
    )


def _explained(error: Exception, text: bytes, root: str | None) -> ParseError:
    line, column = getattr(error, "position", (0, 0)) or (0, 0)
    place = f"line {line}, column {column}"
    if getattr(error, "code", None) in _WRONG_ENCODING:
        return _wrong_encoding("UTF-8", place)
    if root is not None and f"<{root}".encode() in text and f"</{root}".encode() not in text:
        return ParseError("truncated", Text("La réponse est tronquée", "The answer is cut short"), place)
    return ParseError(
        "not-xml", Text("La réponse n'est pas du XML correct", "The answer is not well-formed XML"), place
    )


def all_text(element: etree._Element) -> str:
    """The text of an element and all within it."""
    if not len(element):  # most have no elements within, and no comments either
        return element.text or ""
    return "".join(str(piece) for piece in element.itertext())


def text_of(element: etree._Element | None) -> str:
    """The same without blanks around it; nothing where there is no element."""
    return "" if element is None else all_text(element).strip()
