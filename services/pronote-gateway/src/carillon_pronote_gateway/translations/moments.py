"""Moments and days between the school's zone and pronote-api's."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carillon_pronote.errors import ProtocolError


def midnight(on: date, timezone: ZoneInfo) -> datetime:
    """The beginning of a day at the school."""
    return datetime.combine(on, time(), timezone)


def said(moment: datetime | None) -> datetime:
    """Insist on a moment, where pronote-api's schema has no null.

    Raises:
        ProtocolError: Pronote does not tell it.
    """
    if moment is None:
        raise ProtocolError("something without its time")
    return moment


def span(first: datetime | None, last: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """What is meant when nothing else is said: from now on, for a day."""
    begin = first or now
    end = last if last is not None and last >= begin else begin + timedelta(days=1)
    return begin, end
