"""When a source is due next, and which weeks: around today often, the others rarely, a changed week sooner."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from carillon_contracts.weeks import week_of
from carillon_kit.quiet_hours import is_quiet

from carillon_scraper.scrape import Outcome

WEEKS_BEFORE, WEEKS_AFTER = 1, 3
WHOLE_EVERY = timedelta(days=1)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_BACK_OFF = timedelta(hours=6)
SOONEST = timedelta(minutes=5)


class Part(IntEnum):
    """What of a source is read at once; of parts that are due at the same time the first."""

    WHOLE = 1
    NEAR = 2
    CHANGED = 3


@dataclass(frozen=True, slots=True)
class Due:
    """The next read; `weeks` None is the whole."""

    at: datetime
    weeks: tuple[str, ...] | None
    part: Part = field(default=Part.WHOLE, compare=False)


@dataclass
class Plan:
    """The plan of one source: pure, the time is passed in. `ranged`: single weeks can be asked for."""

    every: timedelta
    zone: ZoneInfo
    ranged: bool
    confirm_after: timedelta
    jitter: float = 0.0
    quiet_hours: tuple[time, time] | None = None
    failures: int = 0
    _due: dict[Part, datetime] = field(default_factory=dict)
    _changed: frozenset[str] = frozenset()
    _chance: random.Random = field(default_factory=random.Random)

    def next(self, now: datetime) -> Due:
        """The next read, now or later, outside of quiet hours; the first at once, of a ranged source around today."""
        due = {Part.WHOLE: now} | self._due
        part = min(due, key=lambda each: (due[each], each))
        if self.ranged and Part.NEAR not in due:
            due[Part.NEAR], part = now, Part.NEAR
        return Due(self._outside_quiet_hours(max(now, due[part])), self._weeks(part, now), part)

    def _weeks(self, part: Part, now: datetime) -> tuple[str, ...] | None:
        if part is Part.NEAR:
            return around(now.astimezone(self.zone).date())
        return tuple(sorted(self._changed)) if part is Part.CHANGED else None

    def done(self, due: Due, outcome: Outcome, now: datetime) -> None:
        """Note how a read went."""
        if outcome.code is not None and not outcome.doubtful and not outcome.partial:
            self.failures += 1
            self._again(due.part, self._after_failure(outcome, now))
            return
        self.failures = 0
        if outcome.doubtful:
            self._again(due.part, now + max(self.confirm_after, timedelta(seconds=1)))
            return
        self._due.pop(due.part, None)
        if due.part is Part.WHOLE:
            self._due[Part.WHOLE] = now + self._varied(max(self.every, WHOLE_EVERY) if self.ranged else self.every)
        if self.ranged and due.part is not Part.CHANGED:
            self._due[Part.NEAR] = now + self._varied(self.every)
        if outcome.changed_weeks:
            self._sooner(outcome.changed_weeks, now)

    def _sooner(self, weeks: frozenset[str], now: datetime) -> None:
        soon = now + self._varied(max(self.every / 4, min(self.every, SOONEST)))
        if self.ranged:
            self._changed, self._due[Part.CHANGED] = weeks, soon
        else:
            self._due[Part.WHOLE] = min(self._due[Part.WHOLE], soon)

    def _again(self, part: Part, at: datetime) -> None:
        """This part again at that time, and nothing else of the source before."""
        others = {Part.WHOLE, Part.NEAR, *self._due} if self.ranged else {Part.WHOLE}
        self._due = {each: max(at, self._due.get(each, at)) for each in others} | {part: at}

    def _after_failure(self, outcome: Outcome, now: datetime) -> datetime:
        longest = min(max(self.every, FIRST_RETRY), LONGEST_BACK_OFF)
        pause = min(FIRST_RETRY * 2 ** min(self.failures - 1, 20), longest)
        return max(now + self._varied(pause), outcome.retry_at or now)

    def _varied(self, length: timedelta) -> timedelta:
        return length * self._chance.uniform(1 - self.jitter, 1 + self.jitter)

    def _outside_quiet_hours(self, moment: datetime) -> datetime:
        local = moment.astimezone(self.zone)
        if self.quiet_hours is None or not is_quiet(local.time(), self.quiet_hours):
            return moment
        begin, end = self.quiet_hours
        day = local.date() + timedelta(days=1 if begin > end and local.time() >= begin else 0)
        return datetime.combine(day, end, self.zone)


def around(today: date) -> tuple[str, ...]:
    """The weeks that people look at: last week to three weeks ahead."""
    return tuple(week_of(today + timedelta(weeks=n)) for n in range(-WEEKS_BEFORE, WEEKS_AFTER + 1))
