"""Writers and readers of Pronote's typed values `{"_T": n, "V": …}` (facts: PROTOCOL.md §9)."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

Json = dict[str, Any]

_HIGHEST_NUMBER = 400
_DATE = re.compile(r"^\s*(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{1,2}):(\d{1,2}))?\s*$")


def date_value(day: date) -> Json:
    """A school day, `dd/mm/yyyy`."""
    return {"_T": 7, "V": f"{day:%d/%m/%Y}"}


def datetime_value(moment: datetime) -> Json:
    """A wall-clock time of the school, `dd/mm/yyyy hh:mm:ss`."""
    return {"_T": 7, "V": f"{moment:%d/%m/%Y %H:%M:%S}"}


def list_value(elements: Iterable[Any]) -> Json:
    """A list of elements."""
    return {"_T": 24, "V": list(elements)}


def object_value(element: Json) -> Json:
    """One element."""
    return {"_T": 24, "V": element}


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in the notation `[1..3,5]`."""
    parts: list[str] = []
    run: list[int] = []
    for number in [*sorted(set(numbers)), None]:
        if run and number is not None and number == run[-1] + 1:
            run.append(number)
            continue
        if run:
            parts.append(str(run[0]) if len(run) == 1 else f"{run[0]}..{run[-1]}")
        run = [] if number is None else [number]
    return f"[{','.join(parts)}]"


def domain_value(weeks: Iterable[int]) -> Json:
    """A set of week numbers."""
    return {"_T": 8, "V": ranges(weeks)}


def set_value(numbers: Iterable[int]) -> Json:
    """A set of numbers."""
    return {"_T": 26, "V": ranges(numbers)}


def explicit_set_value(numbers: Iterable[int]) -> Json:
    """A set of numbers without ranges, as pronotepy needs for two-factor actions."""
    return {"_T": 26, "V": f"[{','.join(map(str, numbers))}]"}


def mark_value(text: str) -> Json:
    """A mark or an average, such as `14,50` or `|1`."""
    return {"_T": 10, "V": text}


def html_value(html: str) -> Json:
    """A text with markup."""
    return {"_T": 21, "V": html}


def url_value(url: str) -> Json:
    """A raw string, used for addresses."""
    return {"_T": 23, "V": url}


def untyped(value: Any) -> Any:
    """The content of a typed value, or the value itself when it has no type."""
    if isinstance(value, dict) and "_T" in value:
        return value.get("V")
    return value


def read_datetime(value: Any) -> datetime | None:
    """The moment of a typed or bare date; clients write it with and without zero padding."""
    found = _DATE.match(str(untyped(value) or ""))
    if found is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - wall-clock time of the school
    except ValueError:
        return None


def read_numbers(value: Any) -> set[int]:
    """The numbers of `[1..3,5]`; those above 400 (a year has fewer days) are dropped: a huge range costs nothing."""
    numbers: set[int] = set()
    for first, last in re.findall(r"(\d{1,6})(?:\.\.(\d{1,6}))?", str(untyped(value) or "")):
        numbers.update(range(int(first), min(int(last or first), _HIGHEST_NUMBER) + 1))
    return numbers
