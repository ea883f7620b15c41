"""Between the institution's wall clock and instants (whole seconds since 1970 UTC), days of clock changes included."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carillon_rooms.spans import Span

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall clock readings are subtracted from it
_SECOND = timedelta(seconds=1)


def window_of(day: date, begin: time, end: time, zone: ZoneInfo) -> Span:
    """All instants of `day` whose clock reads `begin` or later and before `end`.

    In the night when an hour is repeated the window reaches from the first to the last such instant. A time that the
    clock skips stands for the moment of the skip, which is one second long where both times are skipped.
    """
    first, last = _first(datetime.combine(day, begin), zone), _last(datetime.combine(day, end), zone)
    return Span(first, max(last, first + 1))


def day_of(day: date, zone: ZoneInfo) -> Span:
    """From midnight to midnight: 23 or 25 hours when the clock changes."""
    following = day + timedelta(days=1)
    return Span(_first(datetime.combine(day, time()), zone), _first(datetime.combine(following, time()), zone))


def days_of(window: Span, zone: ZoneInfo) -> tuple[date, ...]:
    """The days that the window touches, in order."""
    first, last = at(window.begin, zone).date(), at(max(window.begin, window.end - 1), zone).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def at(instant: int, zone: ZoneInfo) -> datetime:
    """The instant with the institution's offset."""
    return datetime.fromtimestamp(instant, UTC).astimezone(zone)


def instant_of(moment: datetime) -> int:
    """An aware datetime as whole seconds, rounded down."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // _SECOND


def _reading(wall: datetime, zone: ZoneInfo, fold: int) -> int:
    # Plain subtraction cannot overflow, where a conversion of a day in year 1 or 9999 would.
    return (wall - _EPOCH - (zone.utcoffset(wall.replace(fold=fold)) or timedelta())) // _SECOND


def _first(wall: datetime, zone: ZoneInfo) -> int:
    before, after = _reading(wall, zone, 0), _reading(wall, zone, 1)
    return before if before <= after else _skip_between(after, before, zone)


def _last(wall: datetime, zone: ZoneInfo) -> int:
    before, after = _reading(wall, zone, 0), _reading(wall, zone, 1)
    if before == after:
        return before
    if before > after:
        return _skip_between(after, before, zone)
    return after if at(after - 1, zone).replace(tzinfo=None) < wall else before


def _skip_between(low: int, high: int, zone: ZoneInfo) -> int:
    """The instant after `low`, at most `high`, from which on the clock has the offset that it has at `high`."""
    new_offset = at(high, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if at(middle, zone).utcoffset() == new_offset:
            high = middle
        else:
            low = middle
    return high
