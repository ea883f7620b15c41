"""`celcat-xml`: the pages that CELCAT's Web Publisher writes, one by one or all that an index names."""

import re
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from typing import Self
from urllib.parse import urldefrag, urlsplit

from carillon_kit.sources_file import SourceEntry
from pydantic import Field, model_validator

from carillon_scraper.fetching.answer import Answer
from carillon_scraper.formats import celcat_index, celcat_xml
from carillon_scraper.formats.celcat_index import Link
from carillon_scraper.readers import resource_choice
from carillon_scraper.readers.one_by_one import one_by_one, parsed
from carillon_scraper.readers.resource_choice import ALL, Patterns
from carillon_scraper.reading import Reading
from carillon_scraper.visit import Result, Visit

_INDEX = re.compile(r"(?:finder|\w*index)\.(?:xml|html?)$", re.IGNORECASE)


class CelcatXmlEntry(SourceEntry):
    """One page (`url` is its `.xml` or `.html` address), or the pages of `finder.xml`, `gindex.html`, `index.html`."""

    groups: Patterns = Field(default=ALL, description="Of an index: which groups, by name, page (`g123`) or pattern.")

    @model_validator(mode="after")
    def _only_an_index_has_groups(self) -> Self:
        if self.groups != ALL and not is_index(self.address):
            raise ValueError("groups chooses among the pages of an index, but url is a single page")
        return self


async def read(visit: Visit[CelcatXmlEntry]) -> AsyncIterator[Result]:
    """Read the page, or one after the other the chosen pages of the index."""
    url = visit.entry.address
    if not is_index(url):
        yield await _page(visit, page_address(url))
        return
    links = await _index(visit, urldefrag(url).url, follow_lists=True)
    offered = {link: (link.label, calendar_key(link.url), *_parts(link.label)) for link in links}
    for failure in resource_choice.unmatched(visit.entry.groups, offered.values()):
        yield failure
    wanted = visit.entry.groups
    chosen = [link for link, names in offered.items() if any(resource_choice.matches(w, names) for w in wanted)]
    addresses = [page_address(link.url) for link in chosen]
    async for result in one_by_one(addresses, calendar_key, lambda address: _page(visit, address)):
        yield result


def is_index(url: str) -> bool:
    """Whether an address is a list of pages."""
    return _INDEX.search(PurePosixPath(urlsplit(url).path).name) is not None


def page_address(url: str) -> str:
    """The data's address beside the HTML page's; the browser's choice of week is not part of it."""
    return re.sub(r"\.html?(?=$|\?)", ".xml", urldefrag(url).url)


def calendar_key(url: str) -> str:
    """`g220501` for `…/g220501.xml`."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", PurePosixPath(urlsplit(url).path).stem)[:128] or "page"


def _parts(label: str) -> tuple[str, ...]:
    """The label is `code, name` or `name, code`, by site."""
    return tuple(part.strip() for part in label.split(",")) if "," in label else ()


async def _index(visit: Visit[CelcatXmlEntry], url: str, *, follow_lists: bool) -> list[Link]:
    """The group pages that a list names, and those of the lists that it leads to; `finder.html` has its XML beside."""
    if PurePosixPath(urlsplit(url).path).name.lower().startswith("finder"):
        url = page_address(url)
    answer = await visit.fetcher.request("GET", url)
    links = await parsed(celcat_index.parse, answer, url)
    found = [link for link in links if re.search(r"/g\d+\.(?:html?|xml)$", urlsplit(link.url).path)]
    if follow_lists:
        for link in links:
            if is_index(link.url) and link.url != url:
                found += await _index(visit, link.url, follow_lists=False)
    return list({link.url: link for link in found}.values())


async def _page(visit: Visit[CelcatXmlEntry], url: str) -> Result:
    key, teachers = calendar_key(url), visit.entry.publish_teachers

    async def reading(answer: Answer) -> Reading:
        return await parsed(celcat_xml.parse, answer, key, visit.zone, publish_teachers=teachers)

    return await visit.page(url, reading)
