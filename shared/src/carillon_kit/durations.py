"""Durations as people write them: `90m`, `2h`, `1h30m`, `1h30`."""

import re

_FORM = re.compile(r"^(?:(\d{1,4})h)?(?:(\d{1,5})m?)?$", re.ASCII)
_BARE_NUMBER = re.compile(r"^\d*$", re.ASCII)


def seconds_of(text: str) -> int | None:
    """The duration in seconds; None if it is not one, or has no length, or has no unit."""
    found = _FORM.match(text)
    if found is None or _BARE_NUMBER.match(text):
        return None
    return int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 or None
