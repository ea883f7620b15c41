"""One event of a Web Publisher page: when it takes place in its weeks, and what it says."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from carillon_contracts.course import Course, GroupName
from lxml import etree

from carillon_scraper import local_time
from carillon_scraper.formats.xml_document import all_text, text_of
from carillon_scraper.published_text import each_once, joined, many_lines, one_line

MAX_YEAR_WEEKS = 53
MAX_NAME = 1000
_TIMES_THEN_CATEGORY = re.compile(r"^\s*\d{1,2}:\d{2}(?::\d{2})?\s*-\s*\d{1,2}:\d{2}(?::\d{2})?\s*(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class EventNode:
    """An `event` element whose id, day and times could be read."""

    parts: dict[str, etree._Element]
    series: str
    day: int
    begin: time
    end: time
    positions: tuple[int, ...]
    own_monday: date | None

    @classmethod
    def read(cls, element: etree._Element) -> "EventNode":
        """ValueError if the element lacks what places it in a week."""
        parts = {str(part.tag): part for part in reversed(element)}  # of a repeated tag the first
        day = number(text_of(parts.get("day")))
        series = one_line(element.get("id", ""))
        if day is None or day > 6 or not series:  # noqa: PLR2004 - Monday to Sunday
            raise ValueError("no day of the week, or no id")
        begin = local_time.clock(text_of(parts.get("starttime"))[:20])
        end = local_time.clock(text_of(parts.get("endtime"))[:20])
        positions = _positions(text_of(parts.get("rawweeks"))[: 2 * MAX_YEAR_WEEKS])
        return cls(parts, series, day, begin, end, positions, monday_of(element.get("date")))

    def course(self, event_id: str, monday: date, zone: ZoneInfo, *, publish_teachers: bool) -> Course:
        """The meeting in the week of `monday`."""
        begin, end = local_time.meeting(monday + timedelta(days=self.day), self.begin, self.end, zone)
        category = self._category()
        notes = _notes(self.parts.get("notes"))
        resources = _resources(self.parts.get("resources"))
        groups = _groups(resources.get("group"))
        modules = joined(items_of(resources.get("module")))
        instead = category or (notes or "").partition("\n")[0] or joined(group.name for group in groups)
        return Course(
            event_id=event_id,
            begin=begin,
            end=end,
            name=modules or instead,
            type=(category or None) if modules else None,
            notes=notes,
            groups=groups,
            rooms=items_of(resources.get("room")),
            teachers=items_of(resources.get("staff")) if publish_teachers else (),
        )

    def _category(self) -> str:
        named = one_line(text_of(self.parts.get("category")))
        if named:
            return named
        tail = _TIMES_THEN_CATEGORY.match(text_of(self.parts.get("prettytimes")))
        found = one_line(tail[1]) if tail else ""
        return found[1:-1].strip() if found.startswith("[") and found.endswith("]") else found


@lru_cache(maxsize=2048)
def _positions(marks: str) -> tuple[int, ...]:
    """The 1-based places of the Y in a string of weeks."""
    return tuple(n for n, mark in enumerate(marks, 1) if mark in "Yy")


def number(text: str | None) -> int | None:
    """A number of at most four digits."""
    return int(text) if text and re.fullmatch(r"\d{1,4}", text.strip()) else None


def monday_of(text: str | None) -> date | None:
    """The Monday of the week of a date written `dd/mm/yyyy`."""
    found = re.fullmatch(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\s*", text or "")
    if found is None:
        return None
    try:
        day = date(int(found[3]), int(found[2]), int(found[1]))
        return day - timedelta(days=day.weekday())
    except (ValueError, OverflowError):
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
        named.setdefault(one_line(all_text(item))[:MAX_NAME], item)
    return tuple(_group(name, _linked(item)) for name, item in named.items() if name)


@lru_cache(maxsize=8192)
def _group(name: str, code: str | None) -> GroupName:
    return GroupName(name=name, code=code)


def _linked(item: etree._Element) -> str | None:
    link = item.find(".//a[@href]") if len(item) else None
    found = re.search(r"([A-Za-z0-9_-]{1,60})\.html?(?:#.*)?$", link.get("href", "")) if link is not None else None
    return found[1] if found else None


def items_of(items: Iterable[etree._Element] | None) -> tuple[str, ...]:
    """The text of each, each once."""
    return each_once(one_line(all_text(item)) for item in items or ())


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
