"""`celcat-xml`: the pages that CELCAT's Web Publisher writes."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from urllib.parse import urldefrag, urlsplit

from carillon_kit.sources_file import SourceEntry

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.formats import celcat_xml
from carillon_scraper.visit import Result, Shown, Unchanged, Visit, page_of


class CelcatXmlEntry(SourceEntry):
    """One page (`url` is its `.xml` or `.html` address)."""


async def read(visit: Visit[CelcatXmlEntry]) -> AsyncIterator[Result]:
    """Read the page."""
    yield await _page(visit, page_address(visit.entry.address))


def page_address(url: str) -> str:
    """The data's address beside the HTML page's; the browser's choice of week is not part of it."""
    return re.sub(r"\.html?(?=$|\?)", ".xml", urldefrag(url).url)


def calendar_key(url: str) -> str:
    """`g220501` for `…/g220501.xml`."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", PurePosixPath(urlsplit(url).path).stem)[:128] or "page"


async def _page(visit: Visit[CelcatXmlEntry], url: str) -> Result:
    answer = await visit.get(url)
    if answer.not_modified:
        return Unchanged(url)
    try:
        reading = await asyncio.to_thread(
            celcat_xml.parse,
            answer.body,
            calendar_key(url),
            visit.zone,
            publish_teachers=visit.entry.publish_teachers,
        )
    except ReadFailedError as error:
        error.body = answer.body
        raise
    return Shown(reading, page_of(url, answer))
