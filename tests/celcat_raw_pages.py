"""Web Publisher pages read by other means than the scraper's: the standard library, and only what a test compares."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class RawCourse:
    """What one week of one `event` node says; `key` tells nodes apart across the pages of an institution."""

    key: tuple[str, str, str]
    begin: datetime
    end: datetime
    name: str
    type: str | None
    notes: str | None
    groups: tuple[str, ...]
    rooms: tuple[str, ...]

    def shown(self) -> tuple:
        """As the API should show it."""
        return (
            self.begin.isoformat(), self.end.isoformat(), self.name, self.type, self.notes,
            tuple(sorted(self.groups)), tuple(sorted(self.rooms)),
        )  # fmt: skip


def courses(pages: Iterable[bytes]) -> list[RawCourse]:
    """Every meeting of an institution's pages once."""
    found: dict[tuple, RawCourse] = {}
    for page in pages:
        for course in _courses(ET.fromstring(page)):  # noqa: S314 - our own recordings and simulator
            found.setdefault(course.key, course)
    return list(found.values())


def _courses(page: ET.Element) -> Iterable[RawCourse]:
    mondays = {int(span.get("rawix")): _date(span.get("date")) for span in page.iter("span")}
    for event in page.iter("event"):
        modules, category = _items(event, "module"), blank_is_none(event.findtext("category"))
        groups = tuple(map(tidy, _items(event, "group")))
        for place, mark in enumerate(event.findtext("rawweeks"), start=1):
            if mark != "Y" or place not in mondays:
                continue
            day = mondays[place] + timedelta(days=int(event.findtext("day")))
            begin, end = (_at(day, event.findtext(name)) for name in ("starttime", "endtime"))
            yield RawCourse(
                key=(event.get("id"), day.isoformat(), event.findtext("starttime")),
                begin=begin,
                end=end,
                name=", ".join(modules) or category or ", ".join(groups),
                type=category if modules else None,
                notes=_notes(event),
                groups=groups,
                rooms=tuple(map(tidy, _items(event, "room"))),
            )


def _date(text: str) -> date:
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), PARIS)


def _items(event: ET.Element, kind: str) -> tuple[str, ...]:
    return tuple("".join(item.itertext()).strip() for item in event.findall(f"resources/{kind}/item"))


def _notes(event: ET.Element) -> str | None:
    notes = event.find("notes")
    if notes is None:
        return None
    parts = [notes.text or "", *(("\n" if child.tag == "br" else "") + (child.tail or "") for child in notes)]
    return blank_is_none("".join(parts).strip())


def tidy(text: str) -> str:
    """Blanks as one, none at the ends: how the tests compare names."""
    return re.sub(r"\s+", " ", text).strip()


def blank_is_none(text: str | None) -> str | None:
    return text if text and text.strip() else None


def shown_by_api(course: dict) -> tuple:
    """A course of the API, to compare with `RawCourse.shown`."""
    return (
        course["begin"], course["end"], course["name"], course["type"], course["notes"],
        tuple(sorted(tidy(group["celcat_name"]) for group in course["groups"])),
        tuple(sorted(tidy(room["name"]) for room in course["rooms"])),
    )  # fmt: skip


def difference(expected: Iterable[tuple], found: Iterable[tuple]) -> tuple[list, list]:
    """What is missing and what is too much, as often as it is."""
    wanted, shown = Counter(expected), Counter(found)
    return list((wanted - shown).elements()), list((shown - wanted).elements())


def free_rooms(known: Iterable[RawCourse], begin: datetime, end: datetime) -> set[str]:
    """The rooms that a course was ever in, without those with a course in this time: by trying every course."""
    courses = list(known)
    every = {room for course in courses for room in course.rooms}
    return every - {room for course in courses if course.begin < end and begin < course.end for room in course.rooms}
