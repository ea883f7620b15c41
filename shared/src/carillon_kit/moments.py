"""Moments as people write them in addresses: RFC 3339 with an offset, or the institution's wall clock without one."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PATTERN = r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+ -]\d{2}:\d{2})?$"
"""For documents. A `+` that was not escaped in an address arrives as a space."""

_FORM = re.compile(PATTERN, re.ASCII)
_UNESCAPED = re.compile(r" (\d{2}:\d{2})$", re.ASCII)
_LEAP_SECOND = re.compile(r"(:\d{2}):60", re.ASCII)
_YEARS = range(1970, 2200)


def read_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC; None if it cannot be read or lies before 1970 or after 2199.

    Without an offset it is by the clock of `zone`: the first of the two where an hour is repeated.
    """
    if not _FORM.fullmatch(text):
        return None
    date, time = text[:10], text[11:].upper()
    time = _UNESCAPED.sub(r"+\1", time)
    time, leap_seconds = _LEAP_SECOND.subn(r"\1:59", time, count=1)
    try:
        found = datetime.fromisoformat(f"{date}T{time}")
    except ValueError:
        return None
    if found.year not in _YEARS:
        return None
    aware = found.replace(tzinfo=zone) if found.tzinfo is None else found
    return aware.astimezone(UTC) + timedelta(seconds=leap_seconds)
