"""One source: read it once, doubt what is implausible, publish what changed, and say how it went."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from carillon_contracts.events import Observed, SourceFailed, SourceRead
from carillon_kit import correlation
from carillon_kit.languages import Text
from carillon_kit.sources_file import SourceEntry

from carillon_scraper import metrics, snapshots
from carillon_scraper.failed_answers import FailedAnswers
from carillon_scraper.failures import ReadFailedError
from carillon_scraper.fetching.fetcher import Fetcher
from carillon_scraper.known import Known
from carillon_scraper.plausibility import PlausibilityGuard
from carillon_scraper.reading import Reading, WeekShown
from carillon_scraper.registry import FORMATS
from carillon_scraper.tally import Tally
from carillon_scraper.unlisted import Unlisted
from carillon_scraper.visit import Memory, Result, Shown, Visit

Publish = Callable[[Observed | SourceRead | SourceFailed], Awaitable[None]]
LoadKnown = Callable[[str], Awaitable[Known]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a read ended; `code` is None when it went well."""

    code: str | None = None
    retry_at: datetime | None = None
    changed_weeks: frozenset[str] = frozenset()
    doubtful: bool = False
    """A confirming read is needed soon."""
    partial: bool = False
    """Some calendars were read all the same: trying all again at once would be no help, and much work for the host."""


class _Published(NamedTuple):
    """What was last confirmed of a calendar's week."""

    digest: str
    courses: int


class SourceScraper:
    """Reads one source again and again; what it remembers between two reads can be lost without harm."""

    def __init__(
        self,
        entry: SourceEntry,
        zone: ZoneInfo,
        *,
        fetcher: Fetcher,
        publish: Publish,
        load_known: LoadKnown,
        guard: PlausibilityGuard,
        failed_answers: FailedAnswers,
    ) -> None:
        self.entry, self.zone = entry, zone
        self.source = entry.source()
        self._fetcher, self._publish, self._load_known = fetcher, publish, load_known
        self._guard, self._failed_answers = guard, failed_answers
        self._format = FORMATS[entry.format]
        self._memory = Memory()
        self._known: Known | None = None
        self._unlisted = Unlisted()
        self._published: dict[str, dict[str, _Published]] = defaultdict(dict)
        self._skipped: dict[str, int] = {}

    @property
    def ranged(self) -> bool:
        """Whether single weeks can be asked for."""
        return self._format.ranged

    async def read(self, now: datetime, weeks: tuple[str, ...] | None = None) -> Outcome:
        """Read the source (only some weeks where its format allows); never raises for a source's fault."""
        correlation.begin()
        started = time.monotonic()
        tally = Tally()
        try:
            await self._read_all(now, weeks, tally)
        except ReadFailedError as failure:
            tally.failures.append(failure)
        except Exception:
            log.exception("read_crashed", source=self.entry.slug)
            reason = Text("Erreur interne du lecteur : voir le journal", "Internal error of the reader: see the log")
            tally.failures.append(ReadFailedError("internal-error", reason))
        outcome = await self._report(now, tally)
        metrics.READ_SECONDS.observe(time.monotonic() - started)
        metrics.READS.labels(self.entry.slug, outcome.code or "read").inc()
        return outcome

    async def _read_all(self, now: datetime, weeks: tuple[str, ...] | None, tally: Tally) -> None:
        if self._known is None:
            self._known = await self._load_known(self.entry.slug)
        visit: Visit[Any] = Visit(self.entry, self.zone, now, self._fetcher, self._known, self._memory, weeks)
        async for result in self._format.read(visit):
            tally.results += 1
            await self._take(result, visit, tally)

    async def _take(self, result: Result, visit: Visit[Any], tally: Tally) -> None:
        if isinstance(result, ReadFailedError):
            tally.failures.append(result)
            return
        reading, page = result.reading, result.page
        doubted = self._guard.doubted(reading, visit.known, visit.now)
        for week in sorted(doubted):
            tally.doubted.append(f"{reading.calendar.name or reading.calendar.key} {week}")
            metrics.SNAPSHOTS.labels(self.entry.slug, "doubted").inc()
        believed = [week for week in reading.weeks if week.week not in doubted]
        await asyncio.gather(*(self._publish_week(reading, week, visit, tally) for week in believed))
        tally.note(reading)
        self._skipped[reading.calendar.key] = reading.skipped
        if page is not None:
            if doubted:  # the confirming read needs the bytes again
                self._memory.pages.pop(page.url, None)
            else:
                self._memory.pages[page.url] = Shown(replace(reading, weeks=()), page)

    async def _publish_week(self, reading: Reading, shown: WeekShown, visit: Visit[Any], tally: Tally) -> None:
        snapshot = snapshots.of_week(self.source, reading, shown, visit.now)
        published = self._published[reading.calendar.key]
        showing = _Published(snapshot.content_digest(), len(shown.courses))
        if published.get(shown.week) == showing:
            metrics.SNAPSHOTS.labels(self.entry.slug, "unchanged").inc()
            return
        for part in list(snapshots.split(snapshot, self.zone)):
            await self._publish(part)
        if shown.week in published:
            tally.changed_weeks.add(shown.week)
        published[shown.week] = showing
        visit.known.learn(snapshot, self.zone)
        metrics.SNAPSHOTS.labels(self.entry.slug, "published").inc()

    def _judge_list(self, known: Known, now: datetime, tally: Tally) -> None:
        """Withdraw the calendars that the source lists no longer; only a complete read of a whole list tells."""
        known.gone.difference_update(tally.calendars)
        self._unlisted.listed(tally.calendars)
        if not tally.complete or not self._memory.whole_list:
            return
        lacking = known.calendars - tally.calendars.keys()
        gone, tally.unlisted = self._unlisted.judge(lacking, len(known.calendars), now)
        for calendar in gone:
            log.info("calendar_gone", source=self.entry.slug, calendar=calendar)
            known.withdraw(calendar)
            self._memory.forget(calendar)
            self._published.pop(calendar, None)
            self._skipped.pop(calendar, None)

    async def _report(self, now: datetime, tally: Tally) -> Outcome:
        if self._known is not None:
            self._judge_list(self._known, now, tally)
        changed = frozenset(tally.changed_weeks)
        failure = tally.failure()
        if failure is None:
            await self._publish(self._read_event(now, tally))
            metrics.LAST_READ.labels(self.entry.slug).set(now.timestamp())
            metrics.SKIPPED.labels(self.entry.slug).set(sum(self._skipped.values()))
            log.info("source_read", source=self.entry.slug, changed_weeks=len(changed))
            return Outcome(changed_weeks=changed)
        log.warning("source_failed", source=self.entry.slug, code=failure.code, reason=failure.reason.en)
        if failure.body is not None:
            self._failed_answers.keep(self.entry.slug, failure.code, failure.body, now)
        await self._publish(
            SourceFailed(
                source=self.source,
                failed_at=now,
                code=failure.code,
                reason_fr=failure.reason.fr,
                reason_en=failure.reason.en,
            )
        )
        doubtful = bool(tally.doubted) and not tally.failures
        return Outcome(failure.code, failure.retry_at, changed, doubtful=doubtful, partial=bool(tally.calendars))

    def _read_event(self, now: datetime, tally: Tally) -> SourceRead:
        return snapshots.fitting(
            SourceRead(
                source=self.source,
                observed_at=now,
                published_at=tally.published_at,
                calendars=tuple(tally.calendars[key] for key in sorted(tally.calendars)),
                courses=sum(week.courses for weeks in self._published.values() for week in weeks.values()),
                skipped=sum(self._skipped.values()),
                gone=tuple(sorted(self._known.gone)) if self._known else (),
            )
        )
