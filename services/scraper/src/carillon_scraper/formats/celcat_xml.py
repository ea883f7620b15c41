"""CELCAT Web Publisher XML: one static page a group (`g123.xml`), with a grid of weeks and the events in them.

A page's `span`s are the weeks that it shows: it speaks for these and for no other. An event node names its weeks by a
string of Y and N, one character a week of the timetable's year, and its time by the institution's wall clock.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from carillon_contracts.course import Calendar, Course, GroupName
from carillon_contracts.weeks import week_of
from carillon_kit.languages import Text
from lxml import etree

from carillon_scraper import local_time
from carillon_scraper.failures import ParseError
from carillon_scraper.formats import xml_document
from carillon_scraper.formats.unreadable import Unreadable
from carillon_scraper.published_text import each_once, joined, many_lines, one_line
from carillon_scraper.reading import Reading, whole_weeks

"""Of a page's event nodes; beyond, the page is of a form that we do not know, and is refused."""

MAX_YEAR_WEEKS = 53
MAX_NAME = 1000
_PUBLISHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?")
_TIMES_THEN_CATEGORY = re.compile(r"^\s*\d{1,2}:\d{2}(?::\d{2})?\s*-\s*\d{1,2}:\d{2}(?::\d{2})?\s*(.*)$", re.DOTALL)


def parse(body: bytes, key: str, zone: ZoneInfo, *, publish_teachers: bool = False) -> Reading:
    """Read one page; `key` names its calendar, e.g. `g220501`.

    Raises:
        ParseError: the bytes are no such page, or it shows no week, or too much of it cannot be read.
    """
    root = xml_document.parse(body, "timetable")
    nodes, unreadable = _event_nodes(root)
    mondays = _mondays(root)
    undated = _dated_by_themselves(nodes) if not mondays else ()
    weeks = {week_of(monday) for monday in (*mondays.values(), *undated)}
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


@dataclass(frozen=True, slots=True)
class _EventNode:
    """An `event` element whose id, day and times could be read."""

    parts: dict[str, etree._Element]
    series: str
    day: int
    begin: time
    end: time
    positions: tuple[int, ...]
    own_monday: date | None

    @classmethod
    def read(cls, element: etree._Element) -> "_EventNode":
        """ValueError if the element lacks what places it in a week."""
        parts = {str(part.tag): part for part in reversed(element)}  # of a repeated tag the first
        day = _number(_text_of(parts.get("day")))
        series = one_line(element.get("id", ""))
        if day is None or day > 6 or not series:  # noqa: PLR2004 - Monday to Sunday
            raise ValueError("no day of the week, or no id")
        begin = local_time.clock(_text_of(parts.get("starttime"))[:20])
        end = local_time.clock(_text_of(parts.get("endtime"))[:20])
        positions = _positions(_text_of(parts.get("rawweeks"))[: 2 * MAX_YEAR_WEEKS])
        return cls(parts, series, day, begin, end, positions, _monday(element.get("date")))

    def course(self, event_id: str, monday: date, zone: ZoneInfo, *, publish_teachers: bool) -> Course:
        """The meeting in the week of `monday`."""
        begin, end = local_time.meeting(monday + timedelta(days=self.day), self.begin, self.end, zone)
        category = self._category()
        notes = _notes(self.parts.get("notes"))
        resources = _resources(self.parts.get("resources"))
        groups = _groups(resources.get("group"))
        modules = joined(_items(resources.get("module")))
        instead = category or (notes or "").partition("\n")[0] or joined(group.name for group in groups)
        return Course(
            event_id=event_id,
            begin=begin,
            end=end,
            name=modules or instead,
            type=(category or None) if modules else None,
            notes=notes,
            groups=groups,
            rooms=_items(resources.get("room")),
            teachers=_items(resources.get("staff")) if publish_teachers else (),
        )

    def _category(self) -> str:
        named = one_line(_text_of(self.parts.get("category")))
        if named:
            return named
        tail = _TIMES_THEN_CATEGORY.match(_text_of(self.parts.get("prettytimes")))
        found = one_line(tail[1]) if tail else ""
        return found[1:-1].strip() if found.startswith("[") and found.endswith("]") else found


@lru_cache(maxsize=2048)
def _positions(marks: str) -> tuple[int, ...]:
    """The 1-based places of the Y in a string of weeks."""
    return tuple(n for n, mark in enumerate(marks, 1) if mark in "Yy")


def _event_nodes(root: etree._Element) -> tuple[list[_EventNode], int]:
    """The readable nodes, and how many others there are; too many of these refuse the page."""
    nodes: list[_EventNode] = []
    elements = root.findall("event")
    unreadable = Unreadable(len(elements))
    for number, element in enumerate(elements, 1):
        try:
            nodes.append(_EventNode.read(element))
        except ValueError as error:
            unreadable.skip(error, f"/timetable/event[{number}]")
    return nodes, unreadable.count


def _mondays(root: etree._Element) -> dict[int, date]:
    """The Monday of each 1-based position in the Y/N strings that has a span."""
    mondays: dict[int, date] = {}
    for span in root.iterfind("span"):
        monday = _monday(span.get("date"))
        first = _number(span.get("rawix")) or _text(span, "alleventweeks").find("Y") + 1
        if monday is None or not 1 <= first <= MAX_YEAR_WEEKS:
            continue
        for offset in range(min(_number(span.get("rawlen")) or 1, MAX_YEAR_WEEKS)):
            mondays.setdefault(first + offset, monday + timedelta(weeks=offset))
    return mondays


def _dated_by_themselves(nodes: list[_EventNode]) -> set[date]:
    """The Mondays that events carry, for pages without spans."""
    return {node.own_monday for node in nodes if node.own_monday is not None}


def _meetings(
    nodes: list[_EventNode], mondays: dict[int, date], weeks: set[str]
) -> tuple[list[tuple[date, _EventNode]], int]:
    """Each node once for each of its weeks that the page shows, and how many weeks of nodes it does not show."""
    placed: list[tuple[date, _EventNode]] = []
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


def _identified(meetings: list[tuple[date, _EventNode]]) -> Iterator[tuple[str, date, _EventNode]]:
    """Name each meeting `<series>:<Monday>`; others of that series and week get `:2`, `:3`, by day and start."""
    seen: dict[str, int] = defaultdict(int)
    for monday, node in sorted(meetings, key=lambda m: (m[0], m[1].day, m[1].begin, m[1].end)):
        base = f"{node.series[:400]}:{monday.isoformat()}"
        seen[base] += 1
        yield (base if seen[base] == 1 else f"{base}:{seen[base]}"), monday, node


def _calendar(root: etree._Element, key: str) -> Calendar:
    """The page's name follows the first ` - ` of its subheading; only a group's page is named after a group."""
    subheading = one_line(_text(root, "option/subheading"))
    _, separator, name = subheading.partition(" - ")
    of_another_kind = re.fullmatch(r"[a-fh-z]\d+", key) is not None
    members = each_once(one_line(_all_text(item)) for item in root.iterfind("property/members/item"))
    return Calendar(
        key=key,
        name=None if of_another_kind else (one_line(name) if separator else subheading) or None,
        groups=tuple(GroupName(name=member) for member in members),
    )


def _published_at(root: etree._Element, zone: ZoneInfo) -> datetime | None:
    footer = root.find("option/footer")
    found = _PUBLISHED.search(_all_text(footer)) if footer is not None else None
    if found is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return local_time.instant(datetime(year, month, day, hour, minute, second), zone)  # noqa: DTZ001 - local
    except ValueError:
        return None


def _resources(element: etree._Element | None) -> dict[str, list[etree._Element]]:
    """The items of each kind: module, staff, room, group and whatever else a site has."""
    found: dict[str, list[etree._Element]] = defaultdict(list)
    for kind in element if element is not None else ():
        found[str(kind.tag)].extend(item for item in kind if item.tag == "item")
    return found


def _groups(items: list[etree._Element] | None) -> tuple[GroupName, ...]:
    """The groups, each with the page that its link names, where there are links."""
    named: dict[str, etree._Element] = {}
    for item in items or ():
        named.setdefault(one_line(_all_text(item))[:MAX_NAME], item)
    return tuple(_group(name, _linked(item)) for name, item in named.items() if name)


@lru_cache(maxsize=8192)
def _group(name: str, code: str | None) -> GroupName:
    return GroupName(name=name, code=code)


def _linked(item: etree._Element) -> str | None:
    link = item.find(".//a[@href]") if len(item) else None
    found = re.search(r"([A-Za-z0-9_-]{1,60})\.html?(?:#.*)?$", link.get("href", "")) if link is not None else None
    return found[1] if found else None


def _items(items: list[etree._Element] | None) -> tuple[str, ...]:
    return each_once(one_line(_all_text(item)) for item in items or ())


def _notes(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    pieces = [""]
    for part in element.iter():
        if part.tag == "br":
            pieces.append("")
        elif isinstance(part.tag, str):
            pieces[-1] += part.text or ""
        if part is not element:
            pieces[-1] += part.tail or ""
    return many_lines(pieces)


def _all_text(element: etree._Element) -> str:
    if not len(element):  # most have no elements within, and no comments either
        return element.text or ""
    return "".join(str(piece) for piece in element.itertext())


def _text_of(element: etree._Element | None) -> str:
    return "" if element is None else _all_text(element).strip()


def _text(element: etree._Element, path: str) -> str:
    return _text_of(element.find(path))


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,4}", text.strip()) else None


def _monday(text: str | None) -> date | None:
    """The Monday of the week of a date written `dd/mm/yyyy`."""
    found = re.fullmatch(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\s*", text or "")
    if found is None:
        return None
    try:
        day = date(int(found[3]), int(found[2]), int(found[1]))
        return day - timedelta(days=day.weekday())
    except (ValueError, OverflowError):
        return None
