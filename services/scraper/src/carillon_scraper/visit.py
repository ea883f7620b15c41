"""What a format's reader is given for one read of one source, and what it hands back."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import httpx
from carillon_kit.sources_file import SourceEntry

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.fetcher import Answer, Fetcher
from carillon_scraper.known import Known
from carillon_scraper.reading import Reading

EntryT = TypeVar("EntryT", bound=SourceEntry)


@dataclass(frozen=True, slots=True)
class Page:
    """An address and the validators its server gave with the answer, to ask `has it changed?` the next time."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading, and the page that it came from where one page is one calendar."""

    reading: Reading
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The page is as it was when its reading was last published."""

    url: str


Result = Shown | Unchanged | ReadFailedError
"""A page that failed is a result when others of the source may still be read; a reader raises when none can."""


@dataclass
class Memory:
    """What is worth remembering of a source between two reads, while the process lives."""

    pages: dict[str, tuple[Page, Reading]] = field(default_factory=dict)
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    lists: dict[str, object] = field(default_factory=dict)
    whole_list: bool = True
    """Whether the list of calendars is all that its server says there is; most formats have no way to tell."""

    def forget(self, calendar: str) -> None:
        """A calendar is gone: should it come back, its page is read anew."""
        self.pages = {url: kept for url, kept in self.pages.items() if kept[1].calendar.key != calendar}


@dataclass(frozen=True)
class Visit(Generic[EntryT]):
    """One read of one source; `weeks` are the ISO weeks wanted, None for all that there are."""

    entry: EntryT
    zone: ZoneInfo
    now: datetime
    fetcher: Fetcher
    known: Known
    memory: Memory
    weeks: tuple[str, ...] | None = None

    async def get(
        self, url: str, *, follow_redirects: bool = False, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Get a page, or hear that it is as it was."""
        validators: dict[str, str] = {}
        if url in self.memory.pages:
            page, _ = self.memory.pages[url]
            if page.etag:
                validators["If-None-Match"] = page.etag
            if page.last_modified:
                validators["If-Modified-Since"] = page.last_modified
        return await self.fetcher.request(
            "GET", url, headers={**validators, **(headers or {})}, follow_redirects=follow_redirects
        )


def page_of(url: str, answer: Answer) -> Page:
    """The page with the validators of its answer."""
    return Page(url, answer.headers.get("etag"), answer.headers.get("last-modified"))


Reader = Callable[[Visit[EntryT]], AsyncIterator[Result]]


def utc_now() -> datetime:
    """The clock of the process, which is passed on from here."""
    return datetime.now(UTC)
