"""The description of a Calendar 8 event: which line is the category, a module, a room, a group, a person, a note.

Which sections there are, and in which order, is each site's choice, so a line is never judged by its position: it is
compared with the event's own fields and with the site's lists of resources.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_SECTION = re.compile(r"\s*\r?\n\s*\r?\n\s*<br\s*/?>\s*\r?\n\s*\r?\n\s*", re.IGNORECASE)
_VALUE = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CUT = re.compile(r"^\(\s*\d+\s+(?:more|de plus|autres?)\b.*\)$", re.IGNORECASE)
_TRAILING_BRACKETS = re.compile(r"(?:\s*[\[(][^\[\]()]*[\])])+$")
_CODE_FIRST = re.compile(r"^(\S+?)\s+-\s+(.*)$")


def sections_of(description: str) -> tuple[tuple[str, ...], ...]:
    """Split first, undo the HTML after: text is escaped once, and U+00A0 may stand for every blank."""
    sections = []
    for section in _SECTION.split(description):
        lines = (html.unescape(re.sub(r"<[^<>]*>", "", value)) for value in _VALUE.split(section))
        kept = tuple(line for each in lines if (line := re.sub(r"\s*[\r\n]+\s*", " ", each).strip()))
        if kept:
            sections.append(kept)
    return tuple(sections)


class Names:
    """The names of one kind of resource, as lists and descriptions spell them."""

    def __init__(self, resources: Iterable[tuple[str, str]] = ()) -> None:
        self._by_spelling: dict[str, tuple[str, str]] = {}
        for resource, text in resources:
            for spelling in _spellings(resource, text):
                self._by_spelling.setdefault(_folded(spelling), (resource, text))

    def __len__(self) -> int:
        return len(self._by_spelling)

    def find(self, line: str) -> tuple[str, str] | None:
        """Id and text of the resource that a line names, whole or without its remarks in brackets."""
        found = self._by_spelling.get(_folded(line))
        return found or self._by_spelling.get(_folded(_TRAILING_BRACKETS.sub("", line)))


def _spellings(resource: str, text: str) -> list[str]:
    """`name (id)`, `code - label`, `name [CODE]`: the whole, and the parts that descriptions use alone."""
    spellings = [text, resource, _TRAILING_BRACKETS.sub("", text)]
    if (code_first := _CODE_FIRST.match(text)) is not None:
        spellings += [code_first[1]]
    return [spelling for spelling in spellings if spelling.strip()]


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


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
        if category is not None and _folded(line) == _folded(category):
            continue
        if _CUT.match(line):
            found.cut = True
        elif lists.modules.find(line) or any(_holds(line, code) for code in codes):
            found.modules.append(line)
        elif lists.rooms.find(line):
            found.rooms.append(line)
        elif lists.groups.find(line):
            found.groups.append(line)
        elif lists.staff.find(line) or line.isdigit():  # at some sites a person's number stands for the name
            found.staff.append(line)
        elif not _all_groups(line, lists.groups, found.groups):
            found.unclassified.append(line)
    return found


def _holds(line: str, code: str) -> bool:
    """Whether a line names a module of the event: it holds the code as a word, or is the same text."""
    wanted = _folded(code)
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", _folded(line)) is not None


def _all_groups(line: str, groups: Names, found: list[str]) -> bool:
    """Several groups in one line, joined by `;` or `, `: taken if every one is known."""
    parts = [part.strip() for part in re.split(r";|,\s", line) if part.strip()]
    if len(parts) < 2 or not all(groups.find(part) for part in parts):  # noqa: PLR2004 - one was asked for already
        return False
    found.extend(parts)
    return True
