"""The real scraper of one source, whose events are applied to a real database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from carillon_scraper.failed_answers import FailedAnswers
from carillon_scraper.fetching.fetcher import open_fetcher
from carillon_scraper.known import Known
from carillon_scraper.plausibility import PlausibilityGuard
from carillon_scraper.registry import ENTRIES
from carillon_scraper.scrape import SourceScraper
from carillon_scraper.settings import Settings
from carillon_timetable_api.ingest import Ingest

PARIS = ZoneInfo("Europe/Paris")


@asynccontextmanager
async def reading(
    ingest: Ingest, folder: Path, format_name: str, url: str, keys: dict[str, Any]
) -> AsyncIterator[SourceScraper]:
    """The scraper of one source; what it publishes is applied."""
    settings = Settings(allow_private_addresses=True, request_pause_s=0.0)
    fields = {"slug": "s", "format": format_name, "url": url, "year": "L1", "timetable": "T", **keys}

    async def nothing_known(_slug: str) -> Known:
        return Known()

    async with open_fetcher(settings) as fetcher:
        yield SourceScraper(
            ENTRIES[format_name].model_validate(fields, context={"folder": folder}),
            PARIS,
            fetcher=fetcher,
            publish=ingest,
            load_known=nothing_known,
            guard=PlausibilityGuard(settings.plausible_drop, timedelta(0)),
            failed_answers=FailedAnswers(folder),
        )
