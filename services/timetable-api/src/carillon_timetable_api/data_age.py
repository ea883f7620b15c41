"""How old the data of an answer are, and which of their sources fail: headers, so that bodies stay celcatsanitizer's.

An answer says when its data were read; only as it is sent does that become an age, which goes on growing for an answer
that is kept.
"""

from dataclasses import dataclass
from datetime import datetime

from carillon_kit.response_cache import Headers

DATA_AGE = "Carillon-Data-Age"
FAILING_SOURCES = "Carillon-Failing-Sources"
_AGE = DATA_AGE.lower().encode()
_READ_AT = b"carillon-read-at"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Of the sources that an answer depends on: when the one read longest ago was read, and the slugs of failing ones.

    `read_at` is None if none of them was ever read.
    """

    read_at: datetime | None
    failing: tuple[str, ...]

    def headers(self) -> dict[str, str]:
        """For the answer; `as_of_now` makes the age of them."""
        headers = {FAILING_SOURCES: ", ".join(self.failing)} if self.failing else {}
        if self.read_at is not None:
            headers[_READ_AT.decode()] = str(self.read_at.timestamp())
        return headers


def as_of_now(headers: Headers, now: datetime) -> Headers:
    """The headers with the age, in whole seconds, in place of when the data were read."""
    for place, (name, value) in enumerate(headers):
        if name == _READ_AT:
            age = max(0, int(now.timestamp() - float(value)))
            return [*headers[:place], (_AGE, b"%d" % age), *headers[place + 1 :]]
    return headers
