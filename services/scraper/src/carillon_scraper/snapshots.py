"""From a reading to events that fit into one message each."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from carillon_contracts.course import Source
from carillon_contracts.events import Observed, SourceRead
from carillon_kit.languages import Text

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.reading import Reading, WeekShown, shown_on

MAX_MESSAGE_BYTES = 900_000
"""The broker takes 1 MB, headers included."""


def of_week(source: Source, reading: Reading, shown: WeekShown, observed_at: datetime) -> Observed:
    """What the source shows of one calendar in one week."""
    return Observed(
        source=source,
        calendar=reading.calendar,
        week=shown.week,
        days=shown.days,
        observed_at=observed_at,
        published_at=reading.published_at,
        courses=shown.courses,
    )


def split(snapshot: Observed, zone: ZoneInfo) -> Iterator[Observed]:
    """The snapshot, or one for each of its days if it is too large for one message.

    Raises:
        ReadFailedError: `too-large`: one day alone does not fit.
    """
    if _size(snapshot) <= MAX_MESSAGE_BYTES:
        yield snapshot
        return
    for day in snapshot.days:
        (shown,) = shown_on([day], snapshot.courses, zone)
        part = snapshot.model_copy(update={"days": (day,), "courses": shown.courses})
        if _size(part) > MAX_MESSAGE_BYTES:
            reason = Text(
                f"Le {day} a trop de cours pour un seul calendrier ({len(part.courses)})",
                f"{day} has too many courses for one calendar ({len(part.courses)})",
            )
            raise ReadFailedError("too-large", reason)
        yield part


def fitting(read: SourceRead) -> SourceRead:
    """The event, without the groups that the snapshots carry already if it would not fit otherwise."""
    if _size(read) <= MAX_MESSAGE_BYTES:
        return read
    return read.model_copy(update={"calendars": tuple(c.model_copy(update={"groups": ()}) for c in read.calendars)})


def _size(event: Observed | SourceRead) -> int:
    return len(event.model_dump_json().encode())
