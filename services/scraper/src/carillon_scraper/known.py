"""How many courses each calendar showed on each day: what a new read is compared with.

It is kept in memory; after a restart it is read back from the stream, which holds the newest snapshot of each week.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import nats.errors
import nats.js.errors
import structlog
from carillon_contracts.course import Course
from carillon_contracts.events import Observed
from carillon_kit import streams
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, DeliverPolicy
from pydantic import ValidationError

FETCH_S = 5.0
log = structlog.get_logger()


class Known:
    """Counts by calendar and day; a day that was never shown has none, which is not zero."""

    def __init__(self) -> None:
        self._days: dict[str, dict[date, tuple[datetime, int]]] = defaultdict(dict)

    def learn(
        self, calendar: str, days: Iterable[date], courses: Iterable[Course], at: datetime, zone: ZoneInfo
    ) -> None:
        """Remember what was shown at `at`; what is known from later stays."""
        counts = Counter(course.begin.astimezone(zone).date() for course in courses)
        known = self._days[calendar]
        for day in days:
            if day not in known or known[day][0] <= at:
                known[day] = (at, counts[day])

    def count(self, calendar: str, days: Iterable[date]) -> int:
        """How many courses were known on these days together."""
        known = self._days.get(calendar, {})
        return sum(known[day][1] for day in days if day in known)

    def days(self, calendar: str) -> frozenset[date]:
        """The days that the calendar ever spoke for."""
        return frozenset(self._days.get(calendar, {}))


async def from_stream(js: JetStreamContext, slug: str, zone: ZoneInfo) -> Known:
    """What the stream still holds of a source: the newest snapshot of each calendar and week; waits out an outage."""
    while True:
        try:
            return await _read_back(js, slug, zone)
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
            log.warning("known_not_read", source=slug, error=repr(error))
            await asyncio.sleep(0.5)


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
    known.learn(event.calendar.key, event.days, event.courses, event.observed_at, zone)
