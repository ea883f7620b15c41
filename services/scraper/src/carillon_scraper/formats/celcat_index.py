"""The Web Publisher's lists of its pages: `finder.xml`, `gindex.html` and a faculty's `index.html`."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

from carillon_scraper.formats import html_page, xml_document
from carillon_scraper.published_text import one_line


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the list: its label and its whole address, without the browser's choice of week."""

    label: str
    url: str


def parse(body: bytes, url: str) -> tuple[Link, ...]:
    """The links of a list that lies at `url`, each address once; links to other hosts are left out.

    In `finder.xml` only resources of the type `group` count; in a web page each `option` with a `value` does.

    Raises:
        ParseError: the bytes are no such list.
    """
    is_xml = body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml") or url.endswith(".xml")
    found = _of_finder(xml_document.parse(body, None)) if is_xml else _of_page(html_page.parse(body))
    links: dict[str, Link] = {}
    for label, href in found:
        try:
            target = urldefrag(urljoin(url, href.strip())).url
            same_host = urlsplit(target).netloc == urlsplit(url).netloc
        except ValueError:
            continue
        if same_host:
            links.setdefault(target, Link(one_line(label), target))
    return tuple(links.values())


def _of_finder(root: etree._Element) -> Iterator[tuple[str, str]]:
    for resource in root.iter("resource"):
        link = resource.find("link")
        if link is not None and resource.get("type", "group") == "group":
            yield resource.findtext("name") or "", link.get("href", "")


def _of_page(root: etree._Element) -> Iterator[tuple[str, str]]:
    for option in root.iter("option"):
        if option.get("value"):
            yield "".join(str(piece) for piece in option.itertext()), option.get("value", "")
