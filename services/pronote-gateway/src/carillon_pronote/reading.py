"""Reads members of Pronote's JSON, typed or bare, so that page decoders say only what a page holds.

A missing member reads as nothing ("" / None / empty); a member of the wrong shape is a ``ProtocolError`` naming it.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from carillon_pronote.errors import ProtocolError
from carillon_pronote.values import Mark, read_decimal, read_domain, read_moment

Json = dict[str, Any]
_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Reference:
    """A named object of Pronote: ``id`` lives as long as its session; ``kind`` is Pronote's ``G``, None if absent."""

    id: str
    name: str
    kind: int | None = None


def plain(value: Any) -> Any:
    """Take the ``{"_T", "V"}`` off a value, when it has one."""
    return value.get("V") if isinstance(value, dict) and "_T" in value else value


def text(node: Mapping[str, Any], name: str) -> str:
    """Read a text; a number becomes its text."""
    value = node.get(name)
    if value is None or isinstance(value, str):  # by far the most frequent
        return value or ""
    value = plain(value)
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int | float):
        return str(value)
    raise ProtocolError(f"{name} is no text")


def flag(node: Mapping[str, Any], name: str, *, default: bool = False) -> bool:
    """Read a boolean; any non-empty object counts as true, as it does for Pronote's own client."""
    value = node.get(name)
    if isinstance(value, dict):
        value = plain(value)
    return default if value is None else bool(value)


def integer(node: Mapping[str, Any], name: str) -> int | None:
    """Read a whole number, None when missing or empty."""
    value = node.get(name)
    if value is None or type(value) is int:  # by far the most frequent
        return value
    number = read_decimal(plain(value))
    return int(number) if number is not None else None


def number(node: Mapping[str, Any], name: str) -> int:
    """Read a whole number, 0 when missing or empty."""
    return integer(node, name) or 0


def decimal(node: Mapping[str, Any], name: str) -> Decimal | None:
    """Read a number with comma or point, None when missing or not a number (an annotation)."""
    return read_decimal(plain(node.get(name)))


def mark(node: Mapping[str, Any], name: str) -> Mark | None:
    """Read a mark, None when missing or empty."""
    value = plain(node.get(name))
    return Mark(str(value)) if value not in (None, "") else None


def local_moment(node: Mapping[str, Any], name: str, timezone: ZoneInfo) -> datetime | None:
    """Read a moment as an aware time; a bare date is its midnight; None when missing or empty."""
    value = plain(node.get(name))
    if value in (None, ""):
        return None
    moment = read_moment(value)
    moment = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return moment.replace(tzinfo=timezone)


def day(node: Mapping[str, Any], name: str) -> date | None:
    """Read a day, None when missing or empty."""
    value = plain(node.get(name))
    if value in (None, ""):
        return None
    moment = read_moment(value)
    return moment.date() if isinstance(moment, datetime) else moment


def required(value: _R | None, name: str) -> _R:
    """Insist on a member.

    Raises:
        ProtocolError: it is missing.
    """
    if value is None:
        raise ProtocolError(f"{name} is missing")
    return value


def domain(node: Mapping[str, Any], name: str) -> tuple[int, ...]:
    """Read a domain or set of numbers, () when missing or empty."""
    value = plain(node.get(name))
    if value in (None, ""):
        return ()
    if isinstance(value, list):
        return tuple(number for number in value if isinstance(number, int))
    return read_domain(value)


def entry(node: Mapping[str, Any], name: str) -> Json:
    """Read an object, {} when missing."""
    value = plain(node.get(name))
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise ProtocolError(f"{name} is no object")
    return value


def items(node: Mapping[str, Any], name: str) -> list[Json]:
    """Read a list of objects, typed or bare, [] when missing."""
    value = plain(node.get(name))
    if value is None or value == "":
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ProtocolError(f"{name} is no list of objects")
    return [plain(item) or {} for item in value]


def present(node: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Insist that a member is there, be it empty: of a page without it nothing is known.

    Raises:
        ProtocolError: it is missing.
    """
    required(plain(node.get(name)), name)
    return node


def numbers(node: Mapping[str, Any], name: str) -> tuple[int, ...]:
    """Read a bare list of whole numbers, () when missing; anything else in it is left out."""
    value = plain(node.get(name))
    return tuple(item for item in value if isinstance(item, int)) if isinstance(value, list) else ()


def texts(node: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Read a bare list of texts, () when missing."""
    value = plain(node.get(name))
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def reference(node: Mapping[str, Any]) -> Reference:
    """Read an object's own name and number."""
    return Reference(text(node, "N"), text(node, "L"), integer(node, "G"))


def named(node: Mapping[str, Any], name: str) -> Reference | None:
    """Read a member that is a named object, None when missing or empty."""
    value = entry(node, name)
    return reference(value) if value else None


def references(node: Mapping[str, Any], name: str) -> tuple[Reference, ...]:
    """Read a list of named objects."""
    return tuple(reference(item) for item in items(node, name))


def names(node: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Read the names of a list of named objects."""
    return tuple(text(item, "L") for item in items(node, name))


def decoder(function: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Mark a page decoder: whatever shape it meets, it either decodes or raises ``ProtocolError`` naming the page."""

    def mark_decoder(decode: Callable[_P, _R]) -> Callable[_P, _R]:
        @functools.wraps(decode)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            try:
                return decode(*args, **kwargs)
            except ProtocolError as error:
                raise ProtocolError(f"{function}: {error.found}", error.era) from None
            except (AttributeError, KeyError, TypeError, ValueError, IndexError, ArithmeticError, RecursionError):
                raise ProtocolError(f"{function}: an answer of another shape") from None

        return guarded

    return mark_decoder
