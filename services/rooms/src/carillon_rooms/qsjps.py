"""celcatsanitizer's free-room search: reads the three parts of its address; its French errors word for word.

Source: the celcatsanitizer documentation of `api/rooms/qsjps/<day>/<begin>/<end>/`.
"""

import re
from datetime import date, time
from typing import NamedTuple

BAD_DAY = "Saisissez une date valide."
BAD_TIME = "Saisissez une heure valide."
BAD_ORDER = "L’heure de début doit être supérieure à celle de fin."

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})", re.ASCII)

Errors = dict[str, list[str]]
"""Messages by the name of the part that they are about."""


class Search(NamedTuple):
    """A part of a day, by the institution's wall clock."""

    day: date
    begin: time
    end: time


def read_search(day: str, begin: str, end: str) -> Search | Errors:
    """Read `YYYY-MM-DD` and twice `HH:mm`, or say everything that is wrong with them."""
    search_day, search_begin, search_end = read_day(day), _time(begin), _time(end)
    errors: Errors = {}
    if search_day is None:
        errors["day"] = [BAD_DAY]
    if search_begin is None:
        errors["begin"] = [BAD_TIME]
    if search_end is None:
        errors["end"] = [BAD_TIME]
    if search_begin is not None and search_end is not None and search_begin >= search_end:
        errors["end"] = [BAD_ORDER]
    if search_day is None or search_begin is None or search_end is None or errors:
        return errors
    return Search(search_day, search_begin, search_end)


def read_day(text: str) -> date | None:
    """A date written `YYYY-MM-DD`; None if it is none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _time(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None
