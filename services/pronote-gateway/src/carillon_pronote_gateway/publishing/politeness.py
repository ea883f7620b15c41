"""When a watched account is read next."""

import random
import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources

HOLIDAY_INTERVAL = timedelta(days=1)
FIRST_REST = timedelta(hours=1)
LONGEST_REST = timedelta(days=1)


@cache
def _holidays() -> tuple[tuple[frozenset[str], date, date], ...]:
    text = resources.files(__package__).joinpath("school_holidays.toml").read_text(encoding="utf-8")
    return tuple((frozenset(one["zones"]), one["first"], one["last"]) for one in tomllib.loads(text)["holidays"])


def is_holiday(day: date, zone: str | None) -> bool:
    """Whether the schools of a zone are closed for holidays; never, where no zone is named."""
    return zone is not None and any(zone in zones and first <= day <= last for zones, first, last in _holidays())


def pause(every: timedelta, now: datetime, zone: str | None, jitter: float, chance: random.Random) -> timedelta:
    """How long until the next read; `now` is local. In holidays once a day."""
    length = max(every, HOLIDAY_INTERVAL) if is_holiday(now.date(), zone) else every
    return length * (1 + chance.uniform(-jitter, jitter))


def rest(failures: int) -> timedelta:
    """How long a host that has suspended our address is left alone; twice as long at each repetition."""
    doubled: int = 2 ** (min(failures, 10) - 1)
    return min(FIRST_REST * doubled, LONGEST_REST)
