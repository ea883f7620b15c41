"""CELCAT Web Publisher XML: one static page a group (`g123.xml`), with a grid of weeks and the events in them.

A page's `span`s are the weeks that it shows: it speaks for these and for no other. An event node names its weeks by a
string of Y and N, one character a week of the timetable's year, and its time by the institution's wall clock.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from carillon_contracts.course import Calendar, GroupName
from carillon_contracts.weeks import week_of
from carillon_kit.languages import Text
from lxml import etree

from carillon_scraper import local_time
from carillon_scraper.failures import ParseError
from carillon_scraper.formats import xml_document
from carillon_scraper.formats.celcat_xml_event import MAX_YEAR_WEEKS, EventNode, items_of, monday_of, number
from carillon_scraper.formats.unreadable import Unreadable
from carillon_scraper.formats.xml_document import text_of
from carillon_scraper.published_text import one_line
from carillon_scraper.reading import Reading, whole_weeks

_PUBLISHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?")


def parse(body: bytes, key: str, zone: ZoneInfo, *, publish_teachers: bool = False) -> Reading:
    """Read one page; `key` names its calendar, e.g. `g220501`.

    Raises:
        ParseError: the bytes are no such page, or it shows no week, or too much of it cannot be read.
    """
    root = xml_document.parse(body, "timetable")
    nodes, unreadable = _event_nodes(root)
    mondays = _mondays(root)
    # Events of pages without spans carry their dates themselves.
    shown = mondays.values() if mondays else (node.own_monday for node in nodes if node.own_monday is not None)
    weeks = {week_of(monday) for monday in shown}
    if not weeks:
        raise ParseError("no-weeks", Text("La page ne montre aucune semaine", "The page shows no week"), "/timetable")
    meetings, skipped = _meetings(nodes, mondays, weeks)
    courses = defaultdict(list)
    for event_id, monday, node in _identified(meetings):
        courses[week_of(monday)].append(node.course(event_id, monday, zone, publish_teachers=publish_teachers))
    return Reading(
        calendar=_calendar(root, key),
        weeks=whole_weeks(weeks, courses),
        published_at=_published_at(root, zone),
        skipped=skipped + unreadable,
    )


def _event_nodes(root: etree._Element) -> tuple[list[EventNode], int]:
    """The readable nodes, and how many others there are; too many of these refuse the page."""
    nodes: list[EventNode] = []
    elements = root.findall("event")
    unreadable = Unreadable(len(elements))
    for place, element in enumerate(elements, 1):
        try:
            nodes.append(EventNode.read(element))
        except ValueError as error:
            unreadable.skip(error, f"/timetable/event[{place}]")
    return nodes, unreadable.count


def _mondays(root: etree._Element) -> dict[int, date]:
    """The Monday of each 1-based position in the Y/N strings that has a span."""
    mondays: dict[int, date] = {}
    for span in root.iterfind("span"):
        monday = monday_of(span.get("date"))
        first = number(span.get("rawix")) or text_of(span.find("alleventweeks")).find("Y") + 1
        if monday is None or not 1 <= first <= MAX_YEAR_WEEKS:
            continue
        for offset in range(min(number(span.get("rawlen")) or 1, MAX_YEAR_WEEKS)):
            mondays.setdefault(first + offset, monday + timedelta(weeks=offset))
    return mondays


def _meetings(
    nodes: list[EventNode], mondays: dict[int, date], weeks: set[str]
) -> tuple[list[tuple[date, EventNode]], int]:
    """Each node once for each of its weeks that the page shows, and how many weeks of nodes it does not show."""
    placed: list[tuple[date, EventNode]] = []
    skipped = 0
    for node in nodes:
        found = [mondays[position] for position in node.positions if position in mondays]
        if not found and node.own_monday is not None and week_of(node.own_monday) in weeks:
            found = [node.own_monday]
            missing = 0
        else:
            missing = len(node.positions) - len(found) if node.positions else 1
        skipped += missing
        placed.extend((monday, node) for monday in found)
    return placed, skipped


def _identified(meetings: list[tuple[date, EventNode]]) -> Iterator[tuple[str, date, EventNode]]:
    """Name each meeting `<series>:<Monday>`; others of that series and week get `:2`, `:3`, by day and start."""
    seen: dict[str, int] = defaultdict(int)
    for monday, node in sorted(meetings, key=lambda m: (m[0], m[1].day, m[1].begin, m[1].end)):
        base = f"{node.series[:400]}:{monday.isoformat()}"
        seen[base] += 1
        yield (base if seen[base] == 1 else f"{base}:{seen[base]}"), monday, node


def _calendar(root: etree._Element, key: str) -> Calendar:
    """The page's name follows the first ` - ` of its subheading; only a group's page is named after a group."""
    subheading = one_line(text_of(root.find("option/subheading")))
    _, separator, name = subheading.partition(" - ")
    of_another_kind = re.fullmatch(r"[a-fh-z]\d+", key) is not None
    members = items_of(root.iterfind("property/members/item"))
    return Calendar(
        key=key,
        name=None if of_another_kind else (one_line(name) if separator else subheading) or None,
        groups=tuple(GroupName(name=member) for member in members),
    )


def _published_at(root: etree._Element, zone: ZoneInfo) -> datetime | None:
    found = _PUBLISHED.search(text_of(root.find("option/footer")))
    if found is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return local_time.instant(datetime(year, month, day, hour, minute, second), zone)  # noqa: DTZ001 - local
    except ValueError:
        return None
