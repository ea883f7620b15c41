"""What each calendar showed on each day, and which calendars are gone: what a new read is compared with.

It is kept in memory; after a restart it is read back from the stream, which holds the newest snapshot of each week.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import nats.errors
import nats.js.errors
import structlog
from carillon_contracts.course import Calendar
from carillon_contracts.events import Observed, SourceRead
from carillon_kit import bus, streams
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, DeliverPolicy
from pydantic import ValidationError

FETCH_S = 5.0
log = structlog.get_logger()


class Known:
    """Which courses each calendar showed on each day; a day that was never shown has none, which is not zero."""

    def __init__(self) -> None:
        self._days: dict[str, dict[date, tuple[datetime, frozenset[str]]]] = defaultdict(dict)
        self._calendars: dict[str, Calendar] = {}
        self._showing: dict[str, set[str]] = defaultdict(set)
        self.gone: set[str] = set()

    @property
    def calendars(self) -> frozenset[str]:
        """The keys of the calendars that something is known of."""
        return frozenset(self._calendars)

    def learn(self, event: Observed, zone: ZoneInfo) -> None:
        """Remember a snapshot; what is known of a day from later stays."""
        calendar = event.calendar.key
        ids: dict[date, list[str]] = defaultdict(list)
        for course in event.courses:
            ids[course.begin.astimezone(zone).date()].append(sys.intern(course.event_id))
        self._calendars[calendar] = event.calendar
        self.gone.discard(calendar)
        known = self._days[calendar]
        newer = [day for day in event.days if day not in known or known[day][0] <= event.observed_at]
        for day in newer:
            for gone in known[day][1] if day in known else ():
                self._showing[gone].discard(calendar)
        for day in newer:
            known[day] = (event.observed_at, frozenset(ids[day]))
            for shown in ids[day]:
                self._showing[shown].add(calendar)

    def withdraw(self, calendar: str) -> None:
        """The source lists a calendar no longer: what it showed counts no more."""
        for _, shown in self._days.pop(calendar, {}).values():
            for event_id in shown:
                self._showing[event_id].discard(calendar)
        self._calendars.pop(calendar, None)
        self.gone.add(calendar)

    def observed_at(self, calendar: str) -> datetime | None:
        """When the calendar was last shown otherwise than before."""
        return max((observed_at for observed_at, _ in self._days.get(calendar, {}).values()), default=None)

    def count(self, calendar: str, days: Iterable[date]) -> int:
        """How many courses were known on these days together."""
        known = self._days.get(calendar, {})
        return sum(len(known[day][1]) for day in days if day in known)

    def days(self, calendar: str) -> frozenset[date]:
        """The days that the calendar ever spoke for."""
        return frozenset(self._days.get(calendar, {}))

    def calendars_showing(self, event_id: str) -> list[Calendar]:
        """The calendars that show a course, by key."""
        return [self._calendars[key] for key in sorted(self._showing.get(event_id, ()))]


async def from_stream(js: JetStreamContext, slug: str, zone: ZoneInfo) -> Known:
    """What the stream still holds of a source: the newest snapshot of each calendar and week; waits out an outage."""
    while True:
        try:
            known = await _read_back(js, slug, zone)
            await _withdraw_gone(js, slug, known)
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
            log.warning("known_not_read", source=slug, error=bus.told(error))
            await asyncio.sleep(0.5)
        else:
            return known


async def _read_back(js: JetStreamContext, slug: str, zone: ZoneInfo) -> Known:
    known = Known()
    subject = f"observed.{slug}.>"
    config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL, inactive_threshold=30.0, mem_storage=True)
    subscription = await js.pull_subscribe(subject, stream=streams.OBSERVED, config=config)
    try:
        waiting = (await subscription.consumer_info()).num_pending or 0
        while waiting > 0:
            try:
                messages = await subscription.fetch(min(waiting, 64), timeout=FETCH_S)
            except nats.errors.TimeoutError:  # replaced by newer ones meanwhile
                break
            waiting -= len(messages)
            for message in messages:
                await message.ack()
                _learn_message(known, message.data, zone)
    finally:
        await subscription.unsubscribe()
    return known


def _learn_message(known: Known, body: bytes, zone: ZoneInfo) -> None:
    try:
        event = Observed.model_validate_json(body)
    except ValidationError:
        return
    known.learn(event, zone)


async def _withdraw_gone(js: JetStreamContext, slug: str, known: Known) -> None:
    """What the last read called gone is so still, unless it was published anew since."""
    try:
        message = await js.get_last_msg(streams.OBSERVED, f"source.read.{slug}")
        read = SourceRead.model_validate_json(message.data or b"")
    except (nats.js.errors.NotFoundError, ValidationError):
        return
    for calendar in read.gone:
        seen = known.observed_at(calendar)
        if seen is not None and seen <= read.observed_at:
            known.withdraw(calendar)
