"""One timetable and the moment of its publication: what every format reads, and the only place where it changes."""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carillon_celcat_simulator.model.timetable import Group, Meeting, Timetable
from carillon_celcat_simulator.publisher.pages import Window

TIME_ZONE = ZoneInfo("Europe/Paris")
# Recorded footers are of 01:40 to 04:01: the day of a publication begins at two in the morning.
_NIGHTLY_RUN = timedelta(hours=1, minutes=41, seconds=39)
_DAY_BEGINS = timedelta(hours=2)


def publication_day() -> date:
    """The day of the last nightly run, in Paris."""
    return (datetime.now(TIME_ZONE) - _DAY_BEGINS).date()


@dataclass(slots=True)
class Publication:
    """What is published. `make` gives the timetable around a day; it is asked again when its year has passed.

    `weeks` is how many weeks a Web Publisher page shows, from the current one, or from the week `first_week` if given.
    """

    make: Callable[[date], Timetable]
    today: Callable[[], date] = publication_day
    weeks: int = 15
    first_week: int | None = None
    revision: int = 0
    _timetable: Timetable | None = None
    _made_on: date | None = None
    _index: dict[Group, list[Meeting]] = field(default_factory=dict)
    _weeks: dict[int, list[int]] = field(default_factory=dict)

    @property
    def timetable(self) -> Timetable:
        """The timetable of today's year."""
        today = self.today()
        if self._timetable is None or (self._made_on != today and not self._covers(today)):
            self._timetable = self.make(today)
            self._index, self._weeks = {}, {}
        self._made_on = today
        return self._timetable

    def _covers(self, today: date) -> bool:
        fresh = self.make(today)
        return self._timetable is not None and fresh.year == self._timetable.year

    @property
    def window(self) -> Window:
        """The weeks on Web Publisher pages; a page never shows more than the year has left."""
        year = self.timetable.year
        first = max(1, self.first_week or year.week_of(self.today()))
        return Window(first, min(self.weeks, year.weeks - first + 1), self.published)

    @property
    def published(self) -> datetime:
        """Local time without zone: the nightly run, and a minute more for each change since."""
        return datetime.combine(self.today(), time()) + _NIGHTLY_RUN + timedelta(minutes=self.revision)

    @property
    def version(self) -> tuple[date, int]:
        """Equal as long as nothing that is published changed."""
        return self.today(), self.revision

    def meetings_of(self, groups: Iterable[Group], share: float = 1) -> list[Meeting]:
        """The meetings of any of `groups`, each once; with a `share` below 1 about that part of them."""
        timetable = self.timetable
        if not self._index:
            index: defaultdict[Group, list[Meeting]] = defaultdict(list)
            for meeting in timetable.meetings.values():
                for group in meeting.groups:
                    index[group].append(meeting)
            self._index = dict(index)
        found = (meeting for group in groups for meeting in self._index.get(group, ()))
        unique = {meeting.key: meeting for meeting in found}
        return [meeting for key, meeting in unique.items() if share >= 1 or _lot(key) < share]

    def weeks_of(self, series: int) -> list[int]:
        """The weeks (1-based positions, rising) in which a series meets."""
        if not self._weeks:
            for meeting in self.timetable.meetings.values():
                self._weeks.setdefault(meeting.series, []).append(meeting.week)
        return sorted(self._weeks.get(series, []))

    def replace(self, key: str, meeting: Meeting | None) -> None:
        """Put `meeting` in the place of the one with this key (`None` deletes it) and publish again."""
        meetings = self.timetable.meetings
        meetings.pop(key, None)
        if meeting is not None:
            meetings[meeting.key] = meeting
        self.touch()

    def touch(self) -> None:
        """Publish again."""
        self._index, self._weeks = {}, {}
        self.revision += 1


def _lot(key: str) -> float:
    """A number from 0 to below 1 that is always the same for the same key."""
    return zlib.crc32(key.encode()) / 2**32
