"""`…/changes.atom`: the newest changes of a group, room or timetable for feed readers (RFC 4287)."""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from xml.etree import ElementTree as ET

from carillon_kit.languages import Language

from carillon_timetable_api.changes import wording
from carillon_timetable_api.changes.change import Change

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
SHOWN_FOR = timedelta(days=60)
MOST_ENTRIES = 100
_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ET.register_namespace("", _ATOM)
ET.register_namespace("xhtml", _XHTML)


@dataclass(frozen=True, slots=True)
class Heading:
    """What the file says of itself; `subject` names what it is of, parameters included, apart from the language."""

    title: str
    subject: str
    address: str
    root: str
    instance: str
    language: Language


@dataclass(frozen=True, slots=True)
class Entry:
    """A change and the name under which it is known for ever within the instance."""

    name: str
    change: Change


def entries(changes: Sequence[Change]) -> list[Entry]:
    """One entry a change, newest first; `changes` are oldest first."""
    return [Entry(f"changes/{change.number}", change) for change in reversed(changes)]


def digested(changes: Iterable[Change], digest: Callable[[Iterable[Change]], list[Change]]) -> list[Entry]:
    """One entry for each course and day of the institution on which it changed, newest first; none if undone.

    It is the same entry for ever, brought up to date until the day is over. `changes` are oldest first.
    """
    days = groupby(changes, key=lambda change: change.at.date())
    told = [(day, change) for day, of_day in days for change in digest(of_day)]
    return [Entry(f"courses/{change.course}/changes/{day}", change) for day, change in reversed(told)]


def write(heading: Heading, shown: list[Entry]) -> bytes:
    """The file; equal changes give equal bytes."""
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": heading.language})
    _add(feed, "id", _id(heading, heading.subject))
    _add(feed, "title", heading.title)
    newest = max((entry.change.at for entry in shown), default=_NEVER)
    _add(feed, "updated", newest.isoformat())
    _add(feed, "link", rel="self", type="application/atom+xml", href=heading.address)
    _add(feed, "link", rel="alternate", type="text/html", href=heading.root)
    _add(_add(feed, "author"), "name", "Carillon")
    _add(feed, "generator", "Carillon")
    for entry in shown:
        _add_entry(feed, heading, entry)
    ET.indent(feed)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_entry(feed: ET.Element, heading: Heading, entry: Entry) -> None:
    change, language = entry.change, heading.language
    element = _add(feed, "entry")
    _add(element, "id", _id(heading, entry.name))
    _add(element, "title", wording.sentence(change, language))
    _add(element, "published", change.at.isoformat())
    _add(element, "updated", change.at.isoformat())
    _add(element, "category", term=change.kind.value, label=wording.kind(change.kind, language))
    # Without a type: readers offer no link that they know to be JSON.
    _add(element, "link", rel="alternate", href=f"{heading.root}api/changes/?since={change.number - 1}&limit=1")
    content = _add(element, "content", type="xhtml")
    division = ET.SubElement(content, f"{{{_XHTML}}}div")
    lines = ET.SubElement(division, f"{{{_XHTML}}}ul")
    differences = map(str, wording.differences(change, language))
    for line in list(differences) or [wording.kind(change.kind, language)]:
        ET.SubElement(lines, f"{{{_XHTML}}}li").text = _clean(line)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text if text is None else _clean(text)
    return element


def _clean(text: str) -> str:
    """Without the characters that no XML file may hold."""
    return _NOT_OF_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _id(heading: Heading, name: str) -> str:
    """The same for ever, wherever the instance is moved to."""
    return uuid.uuid5(uuid.UUID(heading.instance), name).urn
