"""One source, read by the real scraper: a real HTTP server on one side, a real JetStream on the other."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trustme
from carillon_contracts.events import Observed, SourceFailed, SourceRead
from carillon_kit import bus, streams
from carillon_scraper import known
from carillon_scraper.failed_answers import FailedAnswers
from carillon_scraper.fetching.fetcher import Fetcher, open_fetcher
from carillon_scraper.plausibility import PlausibilityGuard
from carillon_scraper.registry import ENTRIES
from carillon_scraper.scrape import Outcome, SourceScraper
from carillon_scraper.settings import Settings
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from upstream_server import Upstream, upstream

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
QUICK: dict[str, Any] = {
    "request_pause_s": 0.0,
    "retry_pause_s": 0.01,
    "schedule_jitter": 0.0,
    "allow_private_addresses": True,
    "request_timeout_s": 2.0,
    "answer_timeout_s": 6.0,
}


@dataclass
class Bench:
    """A source under test; `now` moves only when the test moves it."""

    js: JetStreamContext
    server: Upstream
    folder: Path
    fetcher: Fetcher
    settings: Settings
    now: datetime = NOW
    scraper: SourceScraper | None = None
    events: list[Observed | SourceRead | SourceFailed] = field(default_factory=list)

    def source(self, path: str = "/g1.xml", **keys: Any) -> SourceScraper:
        keys = {
            "slug": "s",
            "format": "celcat-xml",
            "url": f"{self.server.url}{path}",
            "year": "L1",
            "timetable": "T",
            **keys,
        }
        entry = ENTRIES[keys["format"]].model_validate(keys, context={"folder": self.folder})

        async def publish(event: Observed | SourceRead | SourceFailed) -> None:
            self.events.append(event)
            await bus.publish(self.js, event)

        async def load_known(slug: str) -> known.Known:
            return await known.from_stream(self.js, slug, PARIS)

        self.scraper = SourceScraper(
            entry,
            PARIS,
            fetcher=self.fetcher,
            publish=publish,
            load_known=load_known,
            guard=PlausibilityGuard(self.settings.plausible_drop, timedelta(seconds=self.settings.confirm_after_s)),
            failed_answers=FailedAnswers(self.folder / "failed"),
        )
        return self.scraper

    async def read(self, later: timedelta = timedelta(hours=1), weeks: tuple[str, ...] | None = None) -> Outcome:
        assert self.scraper is not None
        self.now += later
        self.events.clear()
        return await self.scraper.read(self.now, weeks)

    async def shown(self) -> dict[str, list[str]]:
        """What the stream holds of the source: the ids of its courses by calendar and week."""
        found: dict[str, list[str]] = {}
        info = await self.js.streams_info()
        assert any(each.config.name == streams.OBSERVED for each in info)
        subscription = await self.js.pull_subscribe("observed.>", stream=streams.OBSERVED)
        waiting = (await subscription.consumer_info()).num_pending or 0
        for message in await subscription.fetch(waiting, timeout=5) if waiting else ():
            event = Observed.model_validate_json(message.data)
            courses = [course.event_id for course in event.courses]
            found.setdefault(f"{event.calendar.key} {event.week}", []).extend(courses)
        await subscription.unsubscribe()
        return found

    async def failed(self) -> SourceFailed | None:
        try:
            message = await self.js.get_last_msg(streams.OBSERVED, "source.failed.s")
        except NotFoundError:
            return None
        return SourceFailed.model_validate_json(message.data)

    async def was_read(self) -> SourceRead | None:
        try:
            message = await self.js.get_last_msg(streams.OBSERVED, "source.read.s")
        except NotFoundError:
            return None
        return SourceRead.model_validate_json(message.data)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of an authority that nobody knows."""
    file = tmp_path_factory.mktemp("authority") / "authority.pem"
    trustme.CA().cert_pem.write_to_path(str(file))
    return file


@pytest.fixture(scope="module", autouse=True)
def few_authorities(authority: Path) -> Iterator[None]:
    """Each fetcher reads the authorities that it trusts; all that a machine has take 30 ms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority))
        yield


@pytest.fixture
async def server() -> AsyncIterator[Upstream]:
    async with upstream() as found:
        yield found


@pytest.fixture
async def js(own_nats_url: str) -> AsyncIterator[JetStreamContext]:
    async with bus.connection(own_nats_url, "test") as client:
        yield await bus.ready(client, 1)


@pytest.fixture
async def open_bench(js: JetStreamContext, server: Upstream, tmp_path: Path) -> AsyncIterator[Any]:
    """A bench with settings of the test's choice."""
    async with AsyncExitStack() as stack:

        async def opened(**settings: Any) -> Bench:
            chosen = Settings(**{**QUICK, **settings})
            fetcher = await stack.enter_async_context(open_fetcher(chosen))
            return Bench(js, server, tmp_path, fetcher, chosen)

        yield opened


@pytest.fixture
async def bench(open_bench: Any) -> Bench:
    return await open_bench()
