"""What the texts of an iCalendar event mean: every producer fills SUMMARY, DESCRIPTION and LOCATION its own way.

Names of people are published only where the source says so; of a description that mixes them with other things nothing
is published without that either.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypedDict

from carillon_contracts.course import GroupName
from icalendar.cal import Event

from carillon_scraper.published_text import each_once, joined, many_lines, one_line


class Style(Enum):
    """Who wrote the feed."""

    CELCAT_STATIC = "CreateICSFiles"
    ADE = "ADE"
    INDEX_EDUCATION = "Hyperplanning, Pronote"
    OTHER = "other"


class Meaning(TypedDict):
    """The fields of a course that the texts give."""

    name: str
    type: str | None
    notes: str | None
    groups: tuple[GroupName, ...]
    rooms: tuple[str, ...]
    teachers: tuple[str, ...]


_LABELS = {
    "module": ("matière", "matières", "module", "modules", "subject", "enseignement"),
    "staff": ("personnel", "enseignant", "enseignants", "professeur", "professeurs", "intervenant", "staff", "teacher"),
    "group": ("groupe", "groupes", "td", "promotion", "promotions", "classe", "classes", "group", "groups"),
    "room": ("salle", "salles", "room", "rooms"),
    "notes": ("remarque", "remarques", "mémo", "memo", "notes", "note", "commentaire"),
    "type": ("type", "catégorie", "category"),
}
_MEANING = {label: kind for kind, labels in _LABELS.items() for label in labels}
_LABELLED = re.compile(r"^\s*([^\W\d_][\w ()'./-]{0,30}?)\s*:\s*(.*)$")
_TOKEN_FEED = re.compile(r"^\s*Event id\s*:", re.IGNORECASE | re.MULTILINE)
_EXPORTED = re.compile(r"\(?\s*(?:Export[ée]e? le|Exported|Updated|Mis à jour le)\s*:?[^)\n]*\)?", re.IGNORECASE)


def style_of(product: str) -> Style:
    """Read PRODID."""
    lowered = product.lower()
    if "createicsfiles" in lowered or "celcat" in lowered:
        return Style.CELCAT_STATIC
    if "ade/" in lowered or "adesoft" in lowered:
        return Style.ADE
    if "index-education" in lowered or "hyperplanning" in lowered or "pronote" in lowered:
        return Style.INDEX_EDUCATION
    return Style.OTHER


@dataclass(frozen=True, slots=True)
class Context:
    """What the feed as a whole tells of each event: who wrote it, and which names are groups."""

    style: Style
    group: str | None
    groups: frozenset[str]

    @classmethod
    def of(cls, product: str, events: list[Event], group: str | None) -> "Context":
        """Read PRODID and the descriptions; in a token feed what stands last after people is a group."""
        last = {parts[-1] for event in events if len(parts := _who(_value(event, "DESCRIPTION"))) > 1}
        return cls(style_of(product), group, frozenset(last | ({group} if group else set())))


def read(event: Event, context: Context, *, publish_teachers: bool) -> Meaning:
    """The meaning of one event; the context's group stands in where the event names none."""
    style, group = context.style, context.group
    description = _value(event, "DESCRIPTION")
    if _TOKEN_FEED.search(description):
        found = _token_feed(event, description, context.groups, publish_teachers=publish_teachers)
    else:
        labelled, rest = _labelled(description)
        if labelled.keys() & {"module", "group", "room"}:
            found = _by_labels(event, labelled, rest, publish_teachers=publish_teachers)
            if style is Style.CELCAT_STATIC:
                found = _with_celcat_summary(event, found)
        elif style is Style.CELCAT_STATIC:
            found = _with_celcat_summary(event, _plain(event, style, publish_teachers=publish_teachers))
        else:
            found = _plain(event, style, publish_teachers=publish_teachers)
    if not found["groups"] and group:
        found["groups"] = (GroupName(name=group),)
    return found


def _by_labels(event: Event, labelled: dict[str, list[str]], rest: list[str], *, publish_teachers: bool) -> Meaning:
    """`Label : value` lines, as CELCAT, Hyperplanning and Pronote write them; values joined by `, `."""
    modules = each_once(labelled["module"])
    kind = joined(each_once(labelled["type"])) or None
    location = one_line(_value(event, "LOCATION"))
    summary = one_line(_value(event, "SUMMARY"))
    return Meaning(
        name=joined(modules) or summary,
        type=kind,
        notes=many_lines([*labelled["notes"], *rest]),
        groups=_groups(_split(labelled["group"])),
        rooms=_split([location]) if location else _split(labelled["room"]),
        teachers=_split(labelled["staff"]) if publish_teachers else (),
    )


def _with_celcat_summary(event: Event, found: Meaning) -> Meaning:
    """SUMMARY is `TYPE - module, group, group`; type or module may be empty."""
    summary = _value(event, "SUMMARY")
    head, separator, tail = summary.partition(" - ")
    kind = one_line(head) if separator else ""
    name = found["name"] if found["name"] != one_line(summary) else ""
    if not name and not found["groups"] and one_line(tail):
        name = one_line(tail)
    found["name"] = name or kind or one_line(tail) or one_line(summary)
    found["type"] = (kind or None) if name else None
    return found


def _token_feed(event: Event, description: str, groups: frozenset[str], *, publish_teachers: bool) -> Meaning:
    """SUMMARY `MODULE - label; Type`, DESCRIPTION `staff; group`, LOCATION `room; room`.

    People come first: the groups are what follows from the first name that is known to be a group. A single value that
    is not may be a person.
    """
    name, separator, kind = one_line(_value(event, "SUMMARY")).rpartition(";")
    who = _who(description)
    first = next((n for n, part in enumerate(who) if part in groups), len(who))
    return Meaning(
        name=one_line(name) if separator else one_line(kind),
        type=one_line(kind) or None if separator else None,
        notes=None,
        groups=_groups(each_once(who[first:])),
        rooms=each_once(one_line(room) for room in _value(event, "LOCATION").split(";")),
        teachers=each_once(who[:first]) if publish_teachers else (),
    )


def _who(description: str) -> list[str]:
    """The first line of a token feed's description: people, then groups; nothing of any other description."""
    if _TOKEN_FEED.search(description) is None or _TOKEN_FEED.match(description.strip()):
        return []
    return [one_line(part) for part in description.strip().partition("\n")[0].split(";") if part.strip()]


def _plain(event: Event, style: Style, *, publish_teachers: bool) -> Meaning:
    """SUMMARY is the name, CATEGORIES the type; ADE's description mixes groups with people."""
    location = one_line(_value(event, "LOCATION"))
    description = _EXPORTED.sub("", _value(event, "DESCRIPTION"))
    categories = [c for c in _categories(event) if "celcat timetabler" not in c.lower()]
    open_text = publish_teachers or style is not Style.ADE
    return Meaning(
        name=one_line(_value(event, "SUMMARY")) or joined(categories) or location or "?",
        type=joined(categories) or None,
        notes=many_lines(description.split("\n")) if open_text else None,
        groups=(),
        rooms=_split([location], ",")
        if style is Style.ADE
        else _split([location])
        if style is not Style.OTHER
        else each_once([location]),
        teachers=(),
    )


def _labelled(description: str) -> tuple[dict[str, list[str]], list[str]]:
    """The values of known labels, and the other lines."""
    values: dict[str, list[str]] = defaultdict(list)
    rest: list[str] = []
    for line in description.replace("\r\n", "\n").split("\n"):
        found = _LABELLED.match(line)
        kind = _MEANING.get(found[1].strip().lower()) if found else None
        if found and kind:
            values[kind].append(one_line(found[2]))
        elif line.strip():
            rest.append(one_line(_EXPORTED.sub("", line)))
    return values, rest


def _split(values: list[str], separator: str = ", ") -> tuple[str, ...]:
    return each_once(one_line(part) for value in values for part in value.split(separator))


def _groups(names: tuple[str, ...]) -> tuple[GroupName, ...]:
    return tuple(GroupName(name=name) for name in names)


def _categories(event: Event) -> list[str]:
    found: Any = event.get("CATEGORIES")
    lists = found if isinstance(found, list) else [found] if found is not None else []
    return [one_line(str(name)) for each in lists for name in getattr(each, "cats", ()) if one_line(str(name))]


def _value(event: Event, name: str) -> str:
    """The text of a property; of a repeated one the first."""
    found: Any = event.get(name)
    if isinstance(found, list):
        found = found[0] if found else None
    return "" if found is None else str(found)
