"""Web Publisher pages (`g123.xml`), byte for byte in the form of the recorded ones: BOM, CRLF, order of everything.

Source of the form: FORMATS.md section 1 and the recorded pages of Toulouse; of the dialects, what is reported there.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from carillon_celcat_simulator.model.timetable import Group, Meeting, Timetable
from carillon_celcat_simulator.publisher.grid import rows
from carillon_celcat_simulator.publisher.page_events import event_lines
from carillon_celcat_simulator.publisher.page_frame import frame_lines
from carillon_celcat_simulator.publisher.pages import Dialect, Node, Page, Window

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def page(timetable: Timetable, group: Group, window: Window, dialect: Dialect, meetings: Iterable[Meeting]) -> bytes:
    """The page of a group: those of `meetings` (its own, of groups above it and below it) in the window."""
    ordered = sorted(
        meetings, key=lambda meeting: (meeting.day, meeting.begin, meeting.end, meeting.series, meeting.week)
    )
    last = window.first_week + window.weeks - 1
    shown = [meeting for meeting in ordered if window.first_week <= meeting.week <= last]
    nodes = _merged(ordered, shown) if dialect.merged_weeks else [Node(meeting, (meeting.week,)) for meeting in shown]
    made = Page(timetable, group, window, dialect, shown, nodes, *_rows(shown))
    lines = [*frame_lines(made), *(line for node in nodes for line in event_lines(made, node))]
    return _BYTE_ORDER_MARK + ("\r\n".join(lines) + "</timetable>").encode()


def _merged(meetings: list[Meeting], shown: list[Meeting]) -> list[Node]:
    """A node for each set of meetings of a series that differ in nothing but the week, if one of them is shown."""
    weeks: defaultdict[Meeting, list[int]] = defaultdict(list)
    for meeting in meetings:
        weeks[replace(meeting, week=0)].append(meeting.week)
    first = {replace(meeting, week=0): meeting for meeting in reversed(shown)}
    return [Node(meeting, tuple(weeks[shape])) for shape, meeting in reversed(first.items())]


def _rows(meetings: list[Meeting]) -> tuple[dict[Meeting, int], dict[tuple[int, int], int]]:
    """The row of each meeting, and how many rows each day (week and day) has."""
    by_day: defaultdict[tuple[int, int], list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        by_day[meeting.week, meeting.day].append(meeting)
    row_of: dict[Meeting, int] = {}
    row_count: dict[tuple[int, int], int] = {}
    for day, found in by_day.items():
        given = rows([(meeting.begin, meeting.end) for meeting in found])
        row_of.update(zip(found, given, strict=True))
        row_count[day] = max(given) + 1
    return row_of, row_count
