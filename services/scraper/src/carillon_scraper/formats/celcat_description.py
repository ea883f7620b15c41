"""The description of a Calendar 8 event: which line is the category, a module, a room, a group, a person, a note.

Which sections there are, and in which order, is each site's choice, so a line is never judged by its position: it is
compared with the event's own fields and with the site's lists of resources.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_REMEMBERED = 20_000

_SECTION = re.compile(r"\s*\r?\n\s*\r?\n\s*<br\s*/?>\s*\r?\n\s*\r?\n\s*", re.IGNORECASE)
_VALUE = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LINE_END = re.compile(r"\s*[\r\n]+\s*")
_CUT = re.compile(r"^\(\s*\d+\s+(?:more|de plus|autres?)\b.*\)$", re.IGNORECASE)
_TRAILING_BRACKETS = re.compile(r"(?:\s*[\[(][^\[\]()]*[\])])+$")
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_CODE_FIRST = re.compile(r"^(\S+?)\s+-\s+(.+)$")
_NOISE = re.compile(r"^(?=.*[-,])[\d\s,-]+$|\bavec ID \d+$")  # weeks such as 37-43,45-49; unnamed resources


def sections_of(description: str) -> tuple[tuple[str, ...], ...]:
    """Split first, undo the HTML after: text is escaped once, and U+00A0 may stand for every blank."""
    sections = []
    for section in _SECTION.split(description):
        kept = tuple(line for value in _VALUE.split(section) if (line := _plain(value)))
        if kept:
            sections.append(kept)
    return tuple(sections)


def _plain(value: str) -> str:
    """One value without markup, on one line."""
    if "<" in value:
        value = _TAG.sub("", value)
    value = html.unescape(value)
    return (_LINE_END.sub(" ", value) if "\n" in value or "\r" in value else value).strip()


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of a resource list; `text` is `name`, `name (id)`, `code - label`, `CODE name` … by site."""

    id: str
    text: str

    @property
    def label(self) -> str:
        """What people call it: the text without its id, before it or after."""
        bare = self.text.removesuffix(f"({self.id})").strip()
        code_first = _CODE_FIRST.match(bare)
        return (code_first[2] if code_first else bare) or self.id


class Names:
    """The resources of one kind, found by the ways in which lists, events and descriptions spell them."""

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self._exact: dict[str, Resource] = {}
        self._loose: dict[str, Resource] = {}
        self._found: dict[str, Resource | None] = {}
        for resource in resources:
            for spelling in (resource.text, resource.id):
                self._exact.setdefault(_folded(spelling), resource)
            code_first = _CODE_FIRST.match(resource.text)
            code = code_first[1] if code_first else resource.id
            for spelling in (_without_brackets(resource.text), resource.label, code, f"{code} {resource.label}"):
                self._loose.setdefault(_folded(spelling), resource)

    def __len__(self) -> int:
        return len(self._exact)

    def find(self, line: str) -> Resource | None:
        """The resource that a line names: whole, without its remarks in brackets, or by a code or label within it."""
        if line not in self._found:  # the same lines come with every event
            if len(self._found) >= MAX_REMEMBERED:
                self._found.clear()
            self._found[line] = self._look_up(line)
        return self._found[line]

    def _look_up(self, line: str) -> Resource | None:
        spellings = [line, _without_brackets(line), *_BRACKETED.findall(line)]
        if (code_first := _CODE_FIRST.match(_without_brackets(line))) is not None:
            spellings += [code_first[1], code_first[2]]
        for spelling in filter(None, map(_folded, spellings)):
            found = self._exact.get(spelling) or self._loose.get(spelling)
            if found is not None:
                return found
        return None


def _without_brackets(text: str) -> str:
    return _TRAILING_BRACKETS.sub("", text)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class Lists:
    """What is known of a site's resources; an empty list means that it could not be read."""

    modules: Names = field(default_factory=Names)
    rooms: Names = field(default_factory=Names)
    groups: Names = field(default_factory=Names)
    staff: Names = field(default_factory=Names)


@dataclass
class Lines:
    """A description's lines by their meaning; `cut` says that the server left some out."""

    modules: list[str] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    staff: list[str] = field(default_factory=list)
    unclassified: list[str] = field(default_factory=list)
    cut: bool = False


def classified(lines: Iterable[str], category: str | None, codes: tuple[str, ...], lists: Lists) -> Lines:
    """Judge each line; `category` and `codes` are the event's own fields."""
    found = Lines()
    for line in lines:
        if _NOISE.search(line) or (category is not None and _folded(line) == _folded(category)):
            continue
        if _CUT.match(line):
            found.cut = True
        elif lists.modules.find(line) or any(_holds(line, code) for code in codes):
            found.modules.append(line)
        elif lists.rooms.find(line):
            found.rooms.append(line)
        elif lists.groups.find(line):
            found.groups.append(line)
        elif lists.staff.find(line):
            found.staff.append(line)
        elif line.isdigit():  # a week, or a person's number in place of the name where no list tells
            found.staff.extend([line] if not len(lists.staff) else [])
        elif not _all_groups(line, lists.groups, found.groups):
            found.unclassified.append(line)
    return found


def module_name(line: str, codes: tuple[str, ...], modules: Names) -> str:
    """The list's text for a module, however a line spells it; among modules of one label the event's own."""
    found = modules.find(line)
    own = [resource for code in codes if (resource := modules.find(code)) is not None]
    for resource in own:
        if _holds(line, resource.id) or (found is not None and _folded(found.label) == _folded(resource.label)):
            return resource.text
    return found.text if found else line


def _holds(line: str, code: str) -> bool:
    """Whether a line holds a code as a word."""
    wanted, within = _folded(code), _folded(line)
    return bool(wanted) and wanted in within and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", within) is not None


def _all_groups(line: str, groups: Names, found: list[str]) -> bool:
    """Several groups in one line, joined by `;` or `, `: taken if every one is known."""
    parts = [part.strip() for part in re.split(r";|,\s", line) if part.strip()]
    if len(parts) < 2 or not all(groups.find(part) for part in parts):  # noqa: PLR2004 - one was asked for already
        return False
    found.extend(parts)
    return True
