"""Reading sources once without publishing: for `carillon sources check` and `carillon scrape SLUG --dry-run`."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from carillon_contracts.course import Source
from carillon_kit.sources_file import SourceEntry, Sources, load_sources

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.fetcher import Fetcher, open_fetcher
from carillon_scraper.known import Known
from carillon_scraper.reading import Reading
from carillon_scraper.registry import ENTRIES, FORMATS, OTHERS
from carillon_scraper.settings import Settings
from carillon_scraper.visit import Memory, Result, Visit, utc_now

Progress = Callable[[str, int], None]
"""Told a source's slug and how many of its calendars have been read, after each."""


@dataclass
class SourceCheck:
    """What one read of a source found and what is wrong with it; `failures` is empty when all is well."""

    source: Source
    readings: list[Reading] = field(default_factory=list)
    failures: list[ReadFailedError] = field(default_factory=list)

    @property
    def calendars(self) -> int:
        """How many calendars it shows."""
        return len({reading.calendar.key for reading in self.readings})

    @property
    def courses(self) -> int:
        """How many meetings it shows, each once however many calendars show it."""
        shown = (week for reading in self.readings for week in reading.weeks)
        return len({course.event_id for week in shown for course in week.courses})

    @property
    def weeks(self) -> tuple[str, ...]:
        """The ISO weeks that it speaks for."""
        return tuple(sorted({shown.week for reading in self.readings for shown in reading.weeks}))

    @property
    def skipped(self) -> int:
        """Entries that could not be placed in time."""
        return sum(reading.skipped for reading in self.readings)

    @property
    def published_at(self) -> datetime | None:
        """The oldest moment at which the source says it was written."""
        moments = [reading.published_at for reading in self.readings if reading.published_at is not None]
        return min(moments, default=None)


async def check_sources(
    path: Path, settings: Settings | None = None, progress: Progress | None = None
) -> AsyncIterator[SourceCheck]:
    """Try every source of the file once, in its order.

    Raises:
        SourcesFileError: the file cannot be used.
    """
    sources = load_sources(path, ENTRIES, OTHERS)
    async with open_fetcher(settings or Settings()) as fetcher:
        for entry in sources.entries:
            yield await _checked(entry, sources, fetcher, progress)


async def dry_run(
    path: Path, slug: str, settings: Settings | None = None, progress: Progress | None = None
) -> SourceCheck:
    """Read one source as the scraper would.

    Raises:
        SourcesFileError: the file cannot be used.
        KeyError: no source of the scraper has this slug.
    """
    sources = load_sources(path, ENTRIES, OTHERS)
    chosen = {entry.slug: entry for entry in sources.entries}[slug]
    async with open_fetcher(settings or Settings()) as fetcher:
        return await _checked(chosen, sources, fetcher, progress)


async def _checked(entry: SourceEntry, sources: Sources, fetcher: Fetcher, progress: Progress | None) -> SourceCheck:
    found = SourceCheck(entry.source())
    visit: Visit[Any] = Visit(entry, sources.institution.timezone, utc_now(), fetcher, Known(), Memory())
    try:
        async for result in FORMATS[entry.format].read(visit):
            _take(result, found)
            if progress is not None:
                progress(entry.slug, len(found.readings))
    except ReadFailedError as error:
        found.failures.append(error)
    return found


def _take(result: Result, found: SourceCheck) -> None:
    if isinstance(result, ReadFailedError):
        found.failures.append(result)
    else:
        found.readings.append(result.reading)
