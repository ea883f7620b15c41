"""CELCAT Calendar 7: the events that `default.aspx` hands to its DayPilot grid, one line of JSON within a page.

The page shows whole weeks; which ones is the asker's business. No recorded page is known: this follows what two public
readers of Toulouse 3's pages relied on.

An event without a room has its notes where a room would stand, so what stands there is a room only if it looks like
one. The judgement is of the text alone: a room that is not recognised never is, and so is never called free.
"""

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from carillon_contracts.course import Course, GroupName
from carillon_kit.languages import Text

from carillon_scraper import local_time
from carillon_scraper.failures import ParseError
from carillon_scraper.formats import html_page
from carillon_scraper.formats.unreadable import Unreadable
from carillon_scraper.local_time import wall_clock
from carillon_scraper.published_text import each_once, many_lines, one_line

_EVENTS = re.compile(r"v\.events\.list\s*=\s*(\[.*\])\s*;?\s*$", re.MULTILINE)
_TIMES = re.compile(r"^\(?\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}\s*\)?$")
_MODULE = re.compile(r"^[A-Z0-9]{8}\s+-\s")
_ROOM = re.compile(
    r"(?:[^/]{1,40}/\s*)?"  # the site: `FSI / U4-202`
    r"(?:(?i:amphi)|(?=\S*\d)(?=\S*[A-Z])|\d{3}|[A-Z]{2,}\s+\d\d|(?i:salle)\s+\S*\d)"
)
_CATEGORY_BY_COLOUR = {
    "#00ff00": "CONFERENCE",
    "#7d4f72": "COURS/TD",
    "#408080": "TP",
    "#ffff80": "REUNION / RENCONTRE",
    "#8080c0": "TP NON ENCADRÉ",
    "#8080ff": "COURS",
    "#ff8080": "TD",
    "#fcfaab": "SOUTIEN",
    "#ff8000": "EXAMEN",
}


@dataclass(frozen=True, slots=True)
class EventList:
    """The courses of one page, and how many of its events could not be read."""

    courses: tuple[Course, ...]
    skipped: int


def looks_like_a_room(text: str) -> bool:
    """Whether a text begins as room names do: `Amphi NOETHER (2A)`, `U2-217`, `FSI / 3A_B12 TP`, `BUNGALOW 03`.

    All room names of the recorded Web Publisher pages do. So do a few notes (`U4-302 si possible`), and rooms that are
    named like anything else (`Gymnase`) do not.
    """
    return _ROOM.match(text) is not None


def parse(body: bytes, zone: ZoneInfo, group: str, is_room: Callable[[str], bool] = looks_like_a_room) -> EventList:
    """Read one page; `group` is the resource that was asked for, for events that name none.

    Holidays (`Global Event`) are no courses and are left out.

    Raises:
        ParseError: the bytes are no such page, or too many of its events cannot be read.
    """
    events = _events(body)
    courses: dict[str, Course] = {}
    unreadable = Unreadable(len(events))
    for number, event in enumerate(events):
        try:
            course = _course(event, zone, group, is_room)
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            unreadable.skip(error, f"v.events.list[{number}]")
        else:
            if course is not None:
                courses[course.event_id] = course
    return EventList(tuple(courses.values()), unreadable.count)


def _events(body: bytes) -> list[Any]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("iso-8859-1")
    found = _EVENTS.search(text)
    if found is None:
        if "DayPilot" in text and "</html>" in text.lower() and not html_page.asks_for_login(body):
            return []
        raise _no_event_list(body, text)
    place = f"line {text.count(chr(10), 0, found.start()) + 1}"
    try:
        events = json.loads(found[1])
    except (ValueError, RecursionError) as error:
        raise ParseError("not-json", Text("La liste est illisible", "The list cannot be read"), place) from error
    if not isinstance(events, list):
        raise ParseError("not-json", Text("La liste est illisible", "The list cannot be read"), place)
    return events


def _no_event_list(body: bytes, text: str) -> ParseError:
    if "v.events.list" in text or ("DayPilot" in text and "</html>" not in text.lower()):
        return ParseError("truncated", Text("La page est tronquée", "The page is cut short"), "v.events.list")
    if html_page.is_html(body):
        return html_page.html_instead(body)
    reason = Text("La page n'est pas un calendrier CELCAT 7", "The page is no CELCAT 7 calendar")
    return ParseError("no-event-list", reason, "v.events.list")


def _course(event: dict[str, Any], zone: ZoneInfo, group: str, is_room: Callable[[str], bool]) -> Course | None:
    pieces = [_plain(piece) for piece in re.split(r"<br\s*/?>", str(event["text"]), flags=re.IGNORECASE)]
    if pieces and pieces[0].startswith("Global Event"):
        return None
    category = _CATEGORY_BY_COLOUR.get(str(event.get("backColor", "")).lower())
    if pieces and _TIMES.match(pieces[0]):
        category = (pieces[1] if len(pieces) > 1 else "") or category
        pieces = pieces[2:]
    module = pieces.pop(0) if pieces and _MODULE.match(pieces[0]) else None
    groups = pieces.pop(0) if pieces else ""
    rooms = pieces[0].split(";") if pieces else []
    if any(is_room(room.strip()) for room in rooms):
        pieces.pop(0)
    else:
        rooms = []
    begin, end = local_time.between(wall_clock(event["start"]), wall_clock(event["end"]), zone)
    return Course(
        event_id=one_line(str(event["id"]))[:500],
        begin=begin,
        end=end,
        name=module or category or groups or group,
        type=category if module else None,
        notes=many_lines(pieces),
        groups=tuple(GroupName(name=name) for name in each_once(map(one_line, groups.split(";"))) or (group,)),
        rooms=each_once(map(one_line, rooms)),
    )


def _plain(piece: str) -> str:
    return one_line(html.unescape(re.sub(r"<[^<>]*>", "", piece)))
