"""What a server sent."""

import email.utils
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import httpx

DEFAULT_RETRY_AFTER_S = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers, and the body unpacked."""

    status: int
    url: str
    headers: httpx.Headers
    body: bytes

    @property
    def is_redirect(self) -> bool:
        """Whether it sends us elsewhere."""
        return self.status in (301, 302, 303, 307, 308)

    @property
    def patience_s(self) -> float | None:
        """For how long the server wants to be left alone, if it says so."""
        too_many = self.status == HTTPStatus.TOO_MANY_REQUESTS
        if "retry-after" in self.headers and (too_many or self.status == HTTPStatus.SERVICE_UNAVAILABLE):
            return _seconds(self.headers["retry-after"])
        return DEFAULT_RETRY_AFTER_S if too_many else None


def _seconds(value: str) -> float:
    """Seconds, or the time until an HTTP date."""
    if value.strip().isdigit():
        return float(value.strip())
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return DEFAULT_RETRY_AFTER_S
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
