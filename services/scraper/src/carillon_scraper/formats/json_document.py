"""JSON from a stranger: bounded, decoded strictly, with errors that name the place."""

import json
from typing import Any

from carillon_kit.languages import Text

from carillon_scraper.failures import ParseError
from carillon_scraper.formats import html_page

MAX_VALUES = 3_000_000


def parse(body: bytes) -> Any:
    """The value.

    Raises:
        ParseError: `empty`, `login-page`, `html-page`, `not-json`, `truncated`, `wrong-encoding`, `too-large`.
    """
    text = body.removeprefix(b"\xef\xbb\xbf")
    if not text.strip():
        raise ParseError("empty", Text("La réponse est vide", "The answer is empty"), "line 1")
    if html_page.is_html(text) or text.lstrip().startswith(b"<"):
        raise html_page.html_instead(text)
    if text.count(b",") > MAX_VALUES or text.count(b"[") > MAX_VALUES or text.count(b"{") > MAX_VALUES:
        raise ParseError("too-large", Text("La réponse a trop de valeurs", "The answer has too many values"), "$")
    try:
        return json.loads(text.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        reason = Text("Le texte n'est pas lisible en UTF-8", "The text is not readable as UTF-8")
        raise ParseError("wrong-encoding", reason, f"byte {error.start}") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        rest = error.doc[error.pos :].strip()
        if error.doc.lstrip()[:1] in ("[", "{") and (not rest or error.msg.startswith("Unterminated")):
            raise ParseError("truncated", Text("La réponse est tronquée", "The answer is cut short"), place) from error
        raise ParseError("not-json", Text("La réponse n'est pas du JSON", "The answer is not JSON"), place) from error
    except (RecursionError, ValueError) as error:
        raise ParseError("not-json", Text("La réponse n'est pas du JSON", "The answer is not JSON"), "$") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def as_text(value: object) -> str | None:
    """A string or a number as text; anything else is None."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def as_texts(value: object) -> tuple[str, ...]:
    """The texts of a list, or of one value in place of a list."""
    found = value if isinstance(value, list) else [value]
    return tuple(text for each in found if (text := as_text(each)) is not None)
