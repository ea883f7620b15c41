"""Moments as JavaScript's `Date` reads and writes them, which is how pronote-api's `Date` scalar works."""

import math
import re
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil import parser  # type: ignore[import-untyped]

_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
_TOO_FAR = "a date too far away"


def write(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def read(value: object, timezone: ZoneInfo) -> datetime:
    """Read milliseconds, or a text: a bare ISO day is midnight UTC, any other time without a zone is the school's.

    Raises:
        ValueError: neither.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a date is a number of milliseconds or a text")  # noqa: TRY004 - what GraphQL catches
    try:
        moment = _read_text(value.strip(), timezone) if isinstance(value, str) else _read_number(value, timezone)
    except OverflowError:
        raise ValueError(_TOO_FAR) from None
    if moment.year in {MINYEAR, MAXYEAR}:  # a day more or less would be no date any longer
        raise ValueError(_TOO_FAR)
    return moment


def _read_number(value: float, timezone: ZoneInfo) -> datetime:
    if not math.isfinite(value):
        raise ValueError(_TOO_FAR)
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)).astimezone(timezone)


def _read_text(text: str, timezone: ZoneInfo) -> datetime:
    if len(text) > 60:  # noqa: PLR2004 - the longest form, with room
        raise ValueError("not a date")
    try:
        if _DAY.fullmatch(text):
            return datetime.fromisoformat((text + "-01-01")[:10]).replace(tzinfo=UTC).astimezone(timezone)
        moment = datetime.fromisoformat(text) if _ISO.match(text) else parser.parse(text)
    except (ValueError, TypeError):
        raise ValueError("not a date: write 2026-11-16, 2026-11-16T08:00:00+01:00, or milliseconds") from None
    return moment.astimezone(timezone) if moment.tzinfo else moment.replace(tzinfo=timezone)
