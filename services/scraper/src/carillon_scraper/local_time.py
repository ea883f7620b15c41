"""From the wall clock of an institution to instants in UTC, per date and never with a fixed offset.

Times come again and again on the pages of a faculty, so what was worked out is remembered.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a local time without zone; of a repeated hour the first, a skipped one as if not skipped."""
    return local.replace(tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=8192)
def meeting(day: date, begin: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a meeting begins and ends; an end before the begin is on the next day."""
    last = day if end >= begin else day + timedelta(days=1)
    return between(datetime.combine(day, begin), datetime.combine(last, end), zone)


def between(begin: datetime, end: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Two local times as instants, the second never before the first (a skipped hour could turn them round)."""
    first = instant(begin, zone)
    return first, max(first, instant(end, zone))


def wall_clock(value: object) -> datetime:
    """An ISO 8601 date and time without a zone; ValueError for anything else."""
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is not None:
        raise ValueError("a time with an offset, which this format never has")
    return moment


@lru_cache(maxsize=2048)
def clock(text: str) -> time:
    """`8:00`, `08:00`, `08:00:30`; ValueError for anything else."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", text.strip(), re.ASCII)
    if found is None:
        raise ValueError(f"{text[:20]!r} is no time of day")
    return time(int(found[1]), int(found[2]), int(found[3] or 0))
