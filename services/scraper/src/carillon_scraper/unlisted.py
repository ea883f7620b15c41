"""Calendars that a source lists no longer: believed gone when complete reads have lacked them for long enough."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LACKED_FOR = timedelta(days=1)
"""Lists are written at night: one that went wrong is followed by another."""

MANY_LACKED_FOR = timedelta(days=2)
FEW = 3


@dataclass
class Unlisted:
    """Since when each known calendar of one source has been lacking."""

    _since: dict[str, datetime] = field(default_factory=dict)

    def listed(self, calendars: Iterable[str]) -> None:
        """A read, complete or not, met these."""
        for calendar in calendars:
            self._since.pop(calendar, None)

    def judge(self, lacking: frozenset[str], known: int, now: datetime) -> tuple[frozenset[str], frozenset[str]]:
        """A complete read lacked these of so many known calendars: which are gone, and which are too many for that.

        More than half, and more than a few, are doubted aloud and believed a day later than others.
        """
        self._since = {calendar: self._since.get(calendar, now) for calendar in lacking}
        many = len(lacking) > FEW and 2 * len(lacking) > known
        wait = MANY_LACKED_FOR if many else LACKED_FOR
        gone = frozenset(calendar for calendar, since in self._since.items() if now - since >= wait)
        return gone, lacking - gone if many else frozenset()
