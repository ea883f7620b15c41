"""Web pages of several services that look like one site: their frame, their language, and the headers they carry.

Sentences stand in the templates in both languages, `{{ t("Salles libres", "Free rooms") }}`. Scripts and styles are
files of the same origin, so that the content security policy needs no exception.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from carillon_kit.languages import Language, Text, preferred
from carillon_kit.page_frame import dates

LANGUAGE_COOKIE = "language"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
    "object-src 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # The language and the age of the data are in it: a browser may keep it for itself, and asks again each time.
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Language, Cookie",
}
_FRAME = Path(__file__).parent / "templates"


def language_of(request: Request) -> Language:
    """What its reader has chosen on a page, else what the browser asks for."""
    match request.cookies.get(LANGUAGE_COOKIE):
        case "fr":
            return "fr"
        case "en":
            return "en"
    return preferred(request.headers.get("accept-language"))


def wants_page(request: Request) -> bool:
    """Whether a browser asks for something to show, and not a program for data."""
    return "text/html" in request.headers.get("accept", "")


class Pages:
    """Renders the templates of one service inside the common frame."""

    def __init__(self, templates: Path) -> None:
        loader = ChoiceLoader([FileSystemLoader(templates), FileSystemLoader(_FRAME)])
        self._environment = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def answer(self, request: Request, template: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
        """A page in its reader's language; `values` are what the template names."""
        language = language_of(request)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        body = self._environment.get_template(template).render(**_words(language), **values, here=here)
        return HTMLResponse(body, status, {**_HEADERS, "Content-Language": language})


@cache
def _typeset(french: str) -> str:
    """No line begins with a sign that belongs to the word before."""
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\N{NO-BREAK SPACE}", french)


def _icon(name: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#{}"></use></svg>').format(name)


def _words(language: Language) -> dict[str, Any]:
    """What every template can say: `t` chooses between French and English; dates in words; icons."""
    return {
        "language": language,
        "t": lambda fr, en: Text(_typeset(fr), en).in_language(language),
        "icon": _icon,
        "long_day": lambda day: dates.long_day(day, language),
        "capital": lambda words: words[:1].upper() + words[1:],
        "short_day": lambda day: dates.short_day(day, language),
        "week_span": lambda monday: dates.week_span(monday, language),
        "clock": dates.clock,
        "age": lambda seconds: dates.age(seconds, language),
    }
