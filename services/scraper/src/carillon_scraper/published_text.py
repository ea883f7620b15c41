"""Text as published: only what no database or reader can hold is taken out, and blanks around it."""

import re
from collections.abc import Iterable

_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff￾￿]")
_LINE_END = re.compile(r"\s*[\r\n]\s*")
_BREAK = "\x1e"
_AROUND_BREAK = re.compile(f"[ \t\xa0]*\n?[ \t]*{_BREAK}[ \t\xa0]*\n?[ \t]*")


def one_line(text: str) -> str:
    """One value; line ends within it (re-indented pages) become a blank, doubled blanks and U+00A0 stay."""
    if text.isprintable():  # no control characters, no line ends: nearly always
        return text.strip()
    return _LINE_END.sub(" ", _UNUSABLE.sub("", text)).strip()


def many_lines(pieces: Iterable[str]) -> str | None:
    """Free text; between two pieces there was a line break. None when all is blank."""
    text = _BREAK.join(_UNUSABLE.sub("", piece) for piece in pieces).replace("\r\n", "\n")
    return _AROUND_BREAK.sub("\n", text).strip() or None


def joined(values: Iterable[str]) -> str:
    """Several modules as one name."""
    return ", ".join(values)


def each_once(values: Iterable[str]) -> tuple[str, ...]:
    """The non-empty ones, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))
