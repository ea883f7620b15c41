"""Pronote's typed values ``{"_T": n, "V": …}``, both ways (PROTOCOL.md §9).

Times of the wire are the school's local times without a zone; they stay naive here and get their zone where a page is
decoded.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from typing import Any

from carillon_pronote.errors import ProtocolError

LONGEST_MOMENT = 40  # characters; what is read is kept for a while
LARGEST_DOMAIN = 100_000  # numbers; a year has 366 days and 53 weeks
_DATE = re.compile(
    r"\s*(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?:[ T]+(\d{1,2})(?::|h)(\d{1,2})(?::(\d{1,2}))?)?\s*", re.ASCII
)
_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,15})?", re.ASCII)
_RANGE = re.compile(r"\s*(-?\d{1,9})(?:\s*\.\.\s*(-?\d{1,9}))?\s*", re.ASCII)


class ValueKind(IntEnum):
    """The numbers ``_T`` takes."""

    CATEGORY = 0
    CARDINAL = 1
    BOOLEAN = 2
    STRING = 3
    COLOUR = 4
    DATE = 7
    DOMAIN = 8
    TRANSLATION = 9
    MARK = 10
    CARDINAL_SET = 11
    DOUBLE = 13
    ROUNDING = 14
    SET = 15
    ADDRESS = 16
    URL = 17
    SET_OF = 18
    INTEGER = 20
    HTML = 21
    RAW_STRING = 23
    TREE = 24
    FILE = 25
    NUMBER_SET = 26
    SAFE_HTML = 27


class Annotation(IntEnum):
    """What stands in a mark's place: the number after the bar."""

    ABSENT = 1
    EXEMPTED = 2
    NOT_MARKED = 3
    UNFIT = 4
    NOT_HANDED_IN = 5
    ABSENT_ZERO = 6
    NOT_HANDED_IN_ZERO = 7
    CONGRATULATIONS = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as Pronote writes it: ``14,50``, ``|1`` (absent), ``|8|20`` (congratulations, 20), or "" for none."""

    text: str

    @property
    def value(self) -> Decimal | None:
        """The number, None when there is none."""
        number = self.text.rsplit("|", 1)[-1] if self.text.count("|") > 1 else self.text
        return read_decimal(number) if "|" not in number else None

    @property
    def annotation(self) -> Annotation | None:
        """What stands in its place, None for an ordinary mark."""
        number = self.text[1:2] if self.text.startswith("|") else ""
        return Annotation(int(number)) if number in set("12345678") else None


_INTEGERS = {ValueKind.CARDINAL, ValueKind.INTEGER}
_SETS = {ValueKind.DOMAIN, ValueKind.CARDINAL_SET, ValueKind.SET, ValueKind.SET_OF, ValueKind.NUMBER_SET}


def read_decimal(text: Any) -> Decimal | None:
    """Read a number with comma or point; None for anything else."""
    if isinstance(text, bool):
        return None
    if isinstance(text, int | float):
        return Decimal(str(text))
    if not isinstance(text, str) or not _NUMBER.fullmatch(stripped := text.strip()):
        return None
    return Decimal(stripped.replace(",", "."))


def read_moment(text: Any) -> datetime | date:
    """Read ``dd/mm/yyyy`` (a date) or ``dd/mm/yyyy hh:mm[:ss]``, ``dd/mm/yy 10h30`` (naive local time), leniently.

    Raises:
        ProtocolError: no such text, or no such day.
    """
    if not isinstance(text, str) or len(text) > LONGEST_MOMENT:
        raise ProtocolError("a date that is none")
    return _moment(text)


@lru_cache(maxsize=4096)  # a page is read again and again, and pupils of a class have the same hours
def _moment(text: str) -> datetime | date:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ProtocolError("a date that is none")
    day, month, year, hour, minute, second = (int(part) if part else None for part in match.groups())
    assert day is not None and month is not None and year is not None  # noqa: S101, PT018 (the pattern has them)
    year = year + 2000 if len(match[3]) == len("26") else year
    try:
        if hour is None:
            return date(year, month, day)
        return datetime(year, month, day, hour, minute or 0, second or 0)  # noqa: DTZ001 (naive on purpose)
    except ValueError:
        raise ProtocolError("a date that does not exist") from None


def write_moment(moment: datetime | date) -> str:
    """Write a date or naive local time as the official client sends it: ``5/9/2026 0:0:0``, without leading zeros."""
    day = f"{moment.day}/{moment.month}/{moment.year:04d}"
    if isinstance(moment, datetime):
        return f"{day} {moment.hour}:{moment.minute}:{moment.second}"
    return day


def read_domain(text: Any) -> tuple[int, ...]:
    """Read ``[1..3,5]`` to (1, 2, 3, 5), sorted and each once.

    Raises:
        ProtocolError: no such text, or more than ``LARGEST_DOMAIN`` numbers.
    """
    if not isinstance(text, str) or not (text.startswith("[") and text.endswith("]")):
        raise ProtocolError("a domain that is none")
    numbers: set[int] = set()
    for part in text[1:-1].split(",") if text[1:-1].strip() else ():
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ProtocolError("a domain that is none")
        first, last = int(match[1]), int(match[2] or match[1])
        if last - first + len(numbers) > LARGEST_DOMAIN:
            raise ProtocolError("a domain that is too large")
        numbers.update(range(first, last + 1))
    return tuple(sorted(numbers))


def write_domain(numbers: Iterable[int]) -> str:
    """Write numbers as ``[1..3,5]``."""
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return f"[{','.join(str(low) if low == high else f'{low}..{high}' for low, high in ranges)}]"


def decode(typed: Any) -> Any:
    """Turn typed values, at any depth, into Python's; anything else stays as it is.

    Returns:
        int, bool, str, ``Decimal``, ``Mark``, date or naive datetime, sorted tuple of int, or dict and list for trees.

    Raises:
        ProtocolError: a value is not of the kind it says.
    """
    if isinstance(typed, list):
        return [decode(item) for item in typed]
    if not isinstance(typed, dict):
        return typed
    if "_T" not in typed:
        return {name: decode(value) for name, value in typed.items()}
    kind, value = typed["_T"], typed.get("V")
    if not isinstance(kind, int):
        raise ProtocolError("a typed value whose _T is no number")
    if kind == ValueKind.TREE:
        return decode(value)
    return _decode_plain(kind, value)


def _decode_plain(kind: int, value: Any) -> Any:
    if kind == ValueKind.DATE:
        return read_moment(value) if value else None
    if kind in _SETS:
        return read_domain(value) if isinstance(value, str) else value
    if kind in _INTEGERS:
        return _read_integer(value)
    if kind == ValueKind.MARK:
        return Mark(str(value or ""))
    if kind == ValueKind.DOUBLE:
        return read_decimal(value)
    return value in (True, 1, "true", "1") if kind == ValueKind.BOOLEAN else value


def _read_integer(value: Any) -> int:
    number = read_decimal(value)
    if number is None or number != int(number):
        raise ProtocolError("a whole number that is none")
    return int(number)


def encode(kind: ValueKind, value: Any) -> dict[str, Any]:
    """Write a Python value as a typed value of the kind; the inverse of ``decode``."""
    wire: Any = value
    if kind is ValueKind.DATE:
        wire = write_moment(value)
    elif kind is ValueKind.MARK:
        wire = value.text
    elif kind in _SETS:
        wire = write_domain(value)
    elif kind is ValueKind.DOUBLE:
        wire = float(value)
    elif kind is ValueKind.TREE and isinstance(value, Mapping):
        wire = dict(value)
    return {"_T": int(kind), "V": wire}
