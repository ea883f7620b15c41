"""What a format's reader is given for one read of one source, and what it hands back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import httpx
from carillon_kit.sources_file import SourceEntry

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.answer import Answer
from carillon_scraper.fetching.fetcher import Fetcher
from carillon_scraper.formats.celcat_calendar import Kind, SideBar
from carillon_scraper.formats.celcat_description import Resource
from carillon_scraper.known import Known
from carillon_scraper.reading import Reading

EntryT = TypeVar("EntryT", bound=SourceEntry)


@dataclass(frozen=True, slots=True)
class Page:
    """An address and the validators its server gave with the answer, to ask `has it changed?` the next time."""

    url: str
    etag: str | None = None
    last_modified: str | None = None

    @property
    def validators(self) -> dict[str, str]:
        """The headers that ask."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading, and the page that it came from where one page is one calendar."""

    reading: Reading
    page: Page | None = None


Result = Shown | ReadFailedError
"""A page that failed is a result when others of the source may still be read; a reader raises when none can."""


@dataclass
class Memory:
    """What is worth remembering of a source between two reads, while the process lives."""

    pages: dict[str, Shown] = field(default_factory=dict)
    """What was last published of a page, without its courses."""
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    lists: dict[Kind, tuple[datetime, tuple[Resource, ...]]] = field(default_factory=dict)
    lists_missed_since: dict[Kind, datetime] = field(default_factory=dict)
    side_bars: dict[str, SideBar | None] = field(default_factory=dict)
    whole_list: bool = True
    """Whether the list of calendars is all that its server says there is; most formats have no way to tell."""

    def forget(self, calendar: str) -> None:
        """A calendar is gone: should it come back, its page is read anew."""
        self.pages = {url: kept for url, kept in self.pages.items() if kept.reading.calendar.key != calendar}


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

    async def page(
        self, url: str, reading_of: Callable[[Answer], Awaitable[Reading]], *, follow_redirects: bool = False
    ) -> Shown:
        """Read a page; of one that its server calls unchanged, what was last published stays as it is."""
        kept = self.memory.pages.get(url)
        validators = kept.page.validators if kept and kept.page else {}
        answer = await self.fetcher.request("GET", url, headers=validators, follow_redirects=follow_redirects)
        if kept and answer.status == HTTPStatus.NOT_MODIFIED:
            return kept
        page = Page(url, answer.headers.get("etag"), answer.headers.get("last-modified"))
        return Shown(await reading_of(answer), page)


Reader = Callable[[Visit[EntryT]], AsyncIterator[Result]]


def utc_now() -> datetime:
    """The clock of the process, which is passed on from here."""
    return datetime.now(UTC)
