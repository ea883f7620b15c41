"""The `id` of pronote-api's results: xxHash64 of the JSON of a few fields, so that programs may compare them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol, TypeVar

import xxhash
from pydantic_core import to_json


class _Identified(Protocol):
    id: str


_T = TypeVar("_T", bound=_Identified)
Field = str | int | float | datetime | None


def identifier(fields: Mapping[str, Field], extra: str | None = None) -> str:
    """Hash fields in their order, as JavaScript writes them."""
    shown = {name: _json(value) for name, value in fields.items()}
    if extra is not None:
        shown["__extraData"] = extra
    return f"{xxhash.xxh64_intdigest(to_json(shown), 0):x}"


def number_duplicates(found: Iterable[_T]) -> list[_T]:
    """Put a number in the place of the last digit where several have the same identifier."""
    found = list(found)
    if len({one.id for one in found}) == len(found):
        return found
    for one in found:
        same = [other for other in found if other.id == one.id]
        if len(same) > 1:
            for place, other in enumerate(same):
                other.id = f"{other.id[:-1]}{place}"
    return found


def _json(value: Field) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value
