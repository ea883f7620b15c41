"""When several groups are free together: the working hours of a day less the courses of all of them.

Pure, without a database. What the wall clock reads decides what is working time, also in the hour that comes twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carillon_timetable_api.periods import Period, of_days

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """From `begin` to `end` by the wall clock; an `end` of None is midnight."""

    begin: time
    end: time | None


def working_time(day: date, hours: WorkingHours, zone: ZoneInfo) -> list[Period]:
    """The spans of a day whose clock reads working hours; two where the clocks repeat an hour that is partly one."""
    whole = of_days(day, 1, zone)
    if _offset(whole.begin - _MINUTE, zone) == _offset(whole.end, zone):
        begin = datetime.combine(day, hours.begin, zone).astimezone(UTC)
        end = whole.end if hours.end is None else datetime.combine(day, hours.end, zone).astimezone(UTC)
        return [Period(begin, end)]
    minutes = int((whole.end - whole.begin) / _MINUTE)
    starts = (whole.begin + number * _MINUTE for number in range(minutes))
    return list(_joined(Period(at, at + _MINUTE) for at in starts if _is_within(at.astimezone(zone).time(), hours)))


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _is_within(clock: time, hours: WorkingHours) -> bool:
    return hours.begin <= clock and (hours.end is None or clock < hours.end)


def _joined(spans: Iterable[Period]) -> Iterator[Period]:
    """Spans in order of their begin, those that touch or overlap made one."""
    last: Period | None = None
    for span in spans:
        if last is not None and span.begin <= last.end:
            last = Period(last.begin, max(last.end, span.end))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def free_slots(within: Iterable[Period], busy: Iterable[Period], shortest: timedelta) -> list[Period]:
    """What is left of the spans `within`, in order, without the busy ones; pieces of at least `shortest`."""
    lasting = (span for span in busy if span.begin < span.end)  # a course without length takes no time
    taken = list(_joined(sorted(lasting, key=lambda span: span.begin)))
    return [piece for span in within for piece in _less(span, taken) if piece.end - piece.begin >= shortest]


def _less(span: Period, taken: list[Period]) -> Iterator[Period]:
    begin = span.begin
    for one in taken:
        if one.end <= begin:
            continue
        if one.begin >= span.end:
            break
        if one.begin > begin:
            yield Period(begin, one.begin)
        begin = one.end
    if begin < span.end:
        yield Period(begin, span.end)
