"""When a source is due next, and which weeks: around today often, the others rarely, a changed week sooner."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carillon_contracts.weeks import week_of

from carillon_scraper.scrape import Outcome

WEEKS_BEFORE, WEEKS_AFTER = 1, 3
WHOLE_EVERY = timedelta(days=1)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_BACK_OFF = timedelta(hours=6)
SOONEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Due:
    """The next read; `weeks` None is the whole."""

    at: datetime
    weeks: tuple[str, ...] | None


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
    _whole_at: datetime | None = None
    _near_at: datetime | None = None
    _changed_at: datetime | None = None
    _changed: frozenset[str] = frozenset()
    _chance: random.Random = field(default_factory=random.Random)

    def next(self, now: datetime) -> Due:
        """The next read, now or later, outside of quiet hours; the first at once, of a ranged source around today."""
        if not self.ranged:
            return Due(self._outside_quiet_hours(max(now, self._whole_at or now)), None)
        candidates = [
            (self._near_at or now, 2 if self._near_at else 0, around(now.astimezone(self.zone).date())),
            (self._whole_at or now, 1, None),
            *([(self._changed_at, 3, tuple(sorted(self._changed)))] if self._changed_at else []),
        ]
        at, _, weeks = min(candidates, key=lambda each: (each[0], each[1]))
        return Due(self._outside_quiet_hours(max(now, at)), weeks)

    def done(self, due: Due, outcome: Outcome, now: datetime) -> None:
        """Note how a read went."""
        if outcome.code is not None and not outcome.doubtful and not outcome.partial:
            self.failures += 1
            self._again(due, self._after_failure(outcome, now))
            return
        self.failures = 0
        if outcome.doubtful:
            self._again(due, now + max(self.confirm_after, timedelta(seconds=1)))
            return
        if due.weeks is None:
            self._whole_at = now + self._varied(max(self.every, WHOLE_EVERY) if self.ranged else self.every)
            self._near_at = now + self._varied(self.every)
        elif due.weeks == tuple(sorted(self._changed)):
            self._changed_at, self._changed = None, frozenset()
        else:
            self._near_at = now + self._varied(self.every)
        if outcome.changed_weeks:
            self._sooner(outcome.changed_weeks, now)

    def _sooner(self, weeks: frozenset[str], now: datetime) -> None:
        soon = now + self._varied(max(self.every / 4, min(self.every, SOONEST)))
        if self.ranged:
            self._changed, self._changed_at = weeks, soon
        elif self._whole_at is not None:
            self._whole_at = min(self._whole_at, soon)

    def _again(self, due: Due, at: datetime) -> None:
        """This read again at that time, and nothing else of the source before."""
        self._near_at = max(self._near_at or at, at)
        self._whole_at = max(self._whole_at or at, at)
        if self._changed_at is not None:
            self._changed_at = max(self._changed_at, at)
        if due.weeks is None:
            self._whole_at = at
        elif self._changed_at is not None and due.weeks == tuple(sorted(self._changed)):
            self._changed_at = at
        else:
            self._near_at = at

    def _after_failure(self, outcome: Outcome, now: datetime) -> datetime:
        longest = min(max(self.every, FIRST_RETRY), LONGEST_BACK_OFF)
        pause = min(FIRST_RETRY * 2 ** min(self.failures - 1, 20), longest)
        return max(now + self._varied(pause), outcome.retry_at or now)

    def _varied(self, length: timedelta) -> timedelta:
        return length * self._chance.uniform(1 - self.jitter, 1 + self.jitter)

    def _outside_quiet_hours(self, moment: datetime) -> datetime:
        if self.quiet_hours is None:
            return moment
        begin, end = self.quiet_hours
        local = moment.astimezone(self.zone)
        clock = local.time()
        quiet = begin <= clock < end if begin <= end else clock >= begin or clock < end
        if not quiet:
            return moment
        day = local.date() + timedelta(days=1 if begin > end and clock >= begin else 0)
        return datetime.combine(day, end, self.zone)


def around(today: date) -> tuple[str, ...]:
    """The weeks that people look at: last week to three weeks ahead."""
    return tuple(week_of(today + timedelta(weeks=n)) for n in range(-WEEKS_BEFORE, WEEKS_AFTER + 1))
