"""The guard against sudden emptiness: a read that loses too much is believed only when a later one says the same."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from carillon_scraper.known import Known
from carillon_scraper.reading import Reading, WeekShown


@dataclass(frozen=True, slots=True)
class _Doubt:
    digest: str
    since: datetime


@dataclass
class PlausibilityGuard:
    """Judges the readings of one source; `drop` is a share of what was known, `confirm_after` a duration."""

    drop: float
    confirm_after: timedelta
    _doubts: dict[tuple[str, str], _Doubt] = field(default_factory=dict)

    def doubted(self, reading: Reading, known: Known, now: datetime) -> frozenset[str]:
        """The weeks of a reading that must not be published yet.

        A week is doubted if it lost everything or more than the share, and, if the calendar as a whole lost that much,
        every week that lost anything.
        """
        key = reading.calendar.key
        before = {shown.week: known.count(key, shown.days) for shown in reading.weeks}
        everything = self._lost_too_much(sum(before.values()), reading.courses)
        refused = set()
        for shown in reading.weeks:
            here, was = len(shown.courses), before[shown.week]
            if self._lost_too_much(was, here) or (everything and here < was):
                if not self._confirmed(key, shown, now):
                    refused.add(shown.week)
            else:
                self._doubts.pop((key, shown.week), None)
        return frozenset(refused)

    def _lost_too_much(self, before: int, now: int) -> bool:
        return before > 0 and (now == 0 or before - now > self.drop * before)

    def _confirmed(self, key: str, shown: WeekShown, now: datetime) -> bool:
        digest = _digest(shown)
        doubt = self._doubts.get((key, shown.week))
        if doubt is None or doubt.digest != digest:
            self._doubts[key, shown.week] = _Doubt(digest, now)
            return False
        if now - doubt.since < self.confirm_after:
            return False
        del self._doubts[key, shown.week]
        return True


def _digest(shown: WeekShown) -> str:
    digest = hashlib.sha256()
    for course in shown.courses:
        digest.update(course.model_dump_json().encode())
    return digest.hexdigest()
