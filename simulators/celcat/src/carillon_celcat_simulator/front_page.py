"""The page at `/`: what the simulator serves, for a person who opens it in a browser."""

from collections.abc import Iterable
from html import escape

_ADDRESSES = (
    ("publisher/index.html", "Web Publisher: start page"),
    ("publisher/gindex.html", "Web Publisher: index of groups"),
    ("publisher/finder.xml", "Web Publisher: finder"),
    ("sources.toml", "a ready sources file for Carillon's scraper"),
    ("truth.json", "the plain statement of all that is published"),
)


def front_page(recorded: Iterable[str]) -> str:
    """The page as HTML."""
    addresses = [*_ADDRESSES, *((f"recorded/{name}", "a recorded file") for name in recorded)]
    items = "\n".join(
        f'<li><a href="{escape(path)}">{escape(path)}</a>: {escape(what)}</li>' for path, what in addresses
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>CELCAT simulator</title></head>\n'
        f"<body><h1>CELCAT simulator</h1>\n<p>Made-up data.</p>\n<ul>\n{items}\n</ul></body></html>\n"
    )
