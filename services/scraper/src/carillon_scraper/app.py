"""Put together: settings and sources in, a service that reads them and answers `/livez`, `/readyz`, `/metrics` out."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from carillon_contracts.events import Observed, SourceFailed, SourceRead
from carillon_kit import bus, health
from carillon_kit.background_work import BackgroundWork
from carillon_kit.cancellation import together
from carillon_kit.sources_file import UNNAMED, SourceEntry, Sources, load_sources
from fastapi import FastAPI
from nats.aio.client import Client
from nats.js import JetStreamContext

from carillon_scraper import known, registry
from carillon_scraper.failed_answers import FailedAnswers
from carillon_scraper.fetching.fetcher import Fetcher, open_fetcher
from carillon_scraper.plan import Plan
from carillon_scraper.plausibility import PlausibilityGuard
from carillon_scraper.scrape import SourceScraper
from carillon_scraper.settings import Settings
from carillon_scraper.visit import utc_now

STUCK_AFTER_S = 30
"""An event that waits for longer is a sign that NATS takes none, as after its disk was full."""

log = structlog.get_logger()


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the service; the sources are checked here, connections open when it starts.

    Raises:
        SourcesFileError: the sources file cannot be used.
    """
    chosen = Settings.from_environment() if settings is None else settings
    work = _Work(chosen, load(chosen))
    background = BackgroundWork()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with background.running({"reading": work.run}):
            yield

    app = FastAPI(title="Carillon scraper", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    health.install(app, {"nats": work.nats_trouble, "background": background.check})
    return app


def load(settings: Settings) -> Sources:
    """The entries of the sources file that the scraper reads."""
    if settings.sources is None:
        return Sources(UNNAMED, ())
    return load_sources(settings.sources, registry.ENTRIES, registry.OTHERS)


@dataclass
class _Work:
    """Reads every source until it is cancelled."""

    settings: Settings
    sources: Sources
    client: Client | None = None
    waiting_since: dict[object, float] = field(default_factory=dict)
    """Of each event that is being published."""

    async def nats_trouble(self) -> str | None:
        if self.client is None or not self.client.is_connected:
            return "not connected"
        now = time.monotonic()
        waited = now - min(self.waiting_since.values(), default=now)
        if waited <= STUCK_AFTER_S:
            return None
        return f"takes no events for {waited:.0f} s: its log says why; after a full disk, restart it"

    async def run(self) -> None:
        """Every source has a task of its own; the hosts' turns keep them polite."""
        async with (
            bus.connection(self.settings.nats_url, "scraper") as client,
            open_fetcher(self.settings) as fetcher,
        ):
            js = await bus.ready(client, self.settings.nats_replicas)
            self.client = client
            scrapers = [self._scraper(entry, js, fetcher) for entry in self.sources.entries]
            await together(*(self._keep_reading(scraper) for scraper in scrapers))
            await asyncio.Event().wait()

    def _scraper(self, entry: SourceEntry, js: JetStreamContext, fetcher: Fetcher) -> SourceScraper:
        zone = self.sources.institution.timezone

        async def publish(event: Observed | SourceRead | SourceFailed) -> None:
            waiting = object()
            self.waiting_since[waiting] = time.monotonic()
            try:
                await bus.publish(js, event)
            finally:
                del self.waiting_since[waiting]

        async def load_known(slug: str) -> known.Known:
            return await known.from_stream(js, slug, zone)

        guard = PlausibilityGuard(self.settings.plausible_drop, timedelta(seconds=self.settings.confirm_after_s))
        return SourceScraper(
            entry,
            zone,
            fetcher=fetcher,
            publish=publish,
            load_known=load_known,
            guard=guard,
            failed_answers=FailedAnswers(self.settings.failed_answers),
        )

    async def _keep_reading(self, scraper: SourceScraper) -> None:
        plan = Plan(
            every=scraper.entry.every,
            zone=scraper.zone,
            ranged=scraper.ranged,
            confirm_after=timedelta(seconds=self.settings.confirm_after_s),
            jitter=self.settings.schedule_jitter,
            quiet_hours=self.settings.quiet_hours,
        )
        while True:
            due = plan.next(utc_now())
            await asyncio.sleep(max(0.0, (due.at - utc_now()).total_seconds()))
            outcome = await scraper.read(utc_now(), due.weeks)
            plan.done(due, outcome, utc_now())
