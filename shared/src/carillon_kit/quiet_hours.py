"""Hours of the day in which no school or university is asked: the setting, and what it means."""

import re
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator


def _read(value: object) -> object:
    """`22:00-05:00` as two times."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", value.strip())
    if found is None:
        raise ValueError("write quiet hours as 22:00-05:00, in the institution's zone")
    return time.fromisoformat(found[1]), time.fromisoformat(found[2])


QuietHours = Annotated[tuple[time, time] | None, BeforeValidator(_read)]
"""From the first time to the second, which may be on the next day; in the institution's zone."""


def is_quiet(now: time, quiet_hours: tuple[time, time] | None) -> bool:
    """Whether no request is made at this time of the day; never without quiet hours."""
    if quiet_hours is None:
        return False
    begin, end = quiet_hours
    return begin <= now < end if begin <= end else now >= begin or now < end
