"""CELCAT Calendar 8 and later: the JSON shapes of events, resource lists and the side bar.

What an event's description means is worked out in `celcat_description`. Times are the institution's wall clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from carillon_kit.languages import Text

from carillon_scraper.failures import ParseError
from carillon_scraper.formats import json_document
from carillon_scraper.formats.celcat_description import Resource, sections_of
from carillon_scraper.formats.json_document import as_text, as_texts
from carillon_scraper.formats.unreadable import Unreadable
from carillon_scraper.local_time import wall_clock
from carillon_scraper.published_text import each_once, one_line


class Kind(IntEnum):
    """The resource types that the server numbers."""

    MODULE = 100
    STAFF = 101
    ROOM = 102
    GROUP = 103


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event as published; `lines` are the description's, HTML undone, in their sections."""

    id: str
    begin: datetime
    end: datetime | None
    all_day: bool
    category: str | None
    modules: tuple[str, ...]
    sections: tuple[tuple[str, ...], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines of the description."""
        return tuple(line for section in self.sections for line in section)


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """One page of a resource list, and how many entries the whole list has."""

    total: int
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class SideBar:
    """What the side bar says of one event, by kind: names, and ids where it gives them."""

    named: dict[Kind, tuple[Resource, ...]]
    notes: tuple[str, ...]


def parse_events(body: bytes) -> tuple[list[CalendarEvent], int]:
    """Read an answer of `GetCalendarData`: its events, and how many could not be read. `null` is an empty list.

    Raises:
        ParseError: the bytes are no such answer, or too many of its events cannot be read.
    """
    found = json_document.parse(body)
    if found is None:
        return [], 0
    if not isinstance(found, list):
        raise _wrong("Une liste d'événements est attendue", "A list of events is expected", "$")
    events: list[CalendarEvent] = []
    unreadable = Unreadable(len(found))
    for number, value in enumerate(found):
        if value is None:
            continue
        try:
            events.append(_event(value))
        except (ValueError, TypeError, KeyError) as error:
            unreadable.skip(error, f"$[{number}]")
    return events, unreadable.count


def _event(value: Any) -> CalendarEvent:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    event_id = as_text(value["id"])
    if not event_id:
        raise ValueError("no id")
    modules = value.get("modules", value.get("module"))
    return CalendarEvent(
        id=one_line(event_id)[:500],
        begin=wall_clock(value["start"]),
        end=None if value.get("end") is None else wall_clock(value["end"]),
        all_day=value.get("allDay") is True,
        category=one_line(as_text(value.get("eventCategory")) or "") or None,
        modules=each_once(one_line(name) for name in as_texts(modules)),
        sections=sections_of(as_text(value.get("description")) or ""),
    )


def parse_resources(body: bytes) -> ResourcePage:
    """Read an answer of `ReadResourceListItems`.

    Raises:
        ParseError: the bytes are no such answer.
    """
    found = json_document.parse(body)
    results = found.get("results") if isinstance(found, dict) else None
    if not isinstance(results, list):
        raise _wrong("Une liste de ressources est attendue", "A list of resources is expected", "$.results")
    total = found.get("total")
    resources = tuple(_resources(results))
    return ResourcePage(total if isinstance(total, int) else len(resources), resources)


def _resources(results: list[Any]) -> Iterator[Resource]:
    for result in results:
        if isinstance(result, dict) and (found := as_text(result.get("id"))):
            yield Resource(one_line(found), one_line(as_text(result.get("text")) or "") or one_line(found))


def parse_side_bar(body: bytes) -> SideBar | None:
    """Read an answer of `GetSideBarEvent`; None if it has no elements (an unknown or expired id).

    Labels are the site's, so only `entityType` and `isNotes` count.

    Raises:
        ParseError: the bytes are no such answer.
    """
    found = json_document.parse(body)
    elements = found.get("elements") if isinstance(found, dict) else found
    if not isinstance(elements, list):
        raise _wrong("Des éléments sont attendus", "Elements are expected", "$.elements")
    named: dict[Kind, list[Resource]] = {kind: [] for kind in Kind}
    notes: list[str] = []
    for element in elements:
        content = one_line(as_text(element.get("content")) or "") if isinstance(element, dict) else ""
        if not content:
            continue
        if element.get("isNotes") is True:
            notes.append(content)
        elif element.get("entityType") in list(Kind):
            resource = one_line(as_text(element.get("federationId")) or "")
            named[Kind(element["entityType"])].append(Resource(resource, content))
    if not elements:
        return None
    return SideBar({kind: tuple(dict.fromkeys(found)) for kind, found in named.items()}, tuple(notes))


def _wrong(fr: str, en: str, place: str) -> ParseError:
    return ParseError("wrong-document", Text(fr, en), place)
