"""What a Web Publisher page is made of: its meetings, its window of weeks, and the dialect of its site."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from carillon_celcat_simulator.model.timetable import Group, Meeting, Timetable


@dataclass(frozen=True, slots=True)
class Window:
    """Which weeks of the year a page publishes, and when it was written (local time without zone)."""

    first_week: int
    weeks: int
    published: datetime


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a site's pages differ from those recorded in Toulouse in 2017, which are the default (FORMATS.md 1.3, 1.6).

    `times_tail` is what follows the times in `prettytimes`. `merged_weeks` writes one node for all weeks in which a
    series is the same, also for weeks that the page has no span for. `dated` gives each event the Monday of its week.
    `tag` puts an element of that name where later versions have three words, as a version of 2015 did.
    """

    times_tail: Callable[[str], str] = " {}".format
    footer_lead: str = "Publié"
    colour_sign: str = ""
    room_lead: str = ""
    category: bool = True
    timesort: bool = True
    module_codes: bool = True
    linked_items: bool = False
    merged_weeks: bool = False
    dated: bool = False
    staff: bool = False
    tag: bool = False


DIALECTS = {
    "": Dialect(),
    "iut": Dialect(category=False, linked_items=True),
    "reims": Dialect(times_tail=" [{}]".format, dated=True, staff=True),
    "2015": Dialect(
        times_tail="".format, footer_lead="Publié le", colour_sign="#", room_lead="FSI / ", timesort=False,
        module_codes=False, tag=True,
    ),
    "merged": Dialect(merged_weeks=True),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One event element: a meeting and all the weeks (1-based positions) it stands for."""

    meeting: Meeting
    weeks: tuple[int, ...]


@dataclass(slots=True)
class Page:
    """All that one page shows. `shown` are the meetings of the window in the order of the page."""

    timetable: Timetable
    group: Group
    window: Window
    dialect: Dialect
    shown: list[Meeting]
    nodes: list[Node]
    row_of: dict[Meeting, int]
    row_count: dict[tuple[int, int], int]

    def week_string(self, *weeks: int) -> str:
        """A sign a week of the year: Y for `weeks`, N for the others."""
        return "".join("Y" if week in weeks else "N" for week in range(1, self.timetable.year.weeks + 1))
