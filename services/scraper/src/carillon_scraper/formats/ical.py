"""iCalendar: CELCAT's static and token feeds, and any other RFC 5545 feed (ADE, Hyperplanning, Pronote exports).

What an event's texts mean is read by `ical_event`; here is when it takes place: all-day, floating, zoned and UTC times,
recurrences with their exceptions. A feed may lack what the RFC demands (CELCAT's has no DTSTAMP) and be ISO-8859-1.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]
from carillon_contracts.course import Course
from carillon_kit.languages import Text
from icalendar.cal import Event

from carillon_scraper import local_time
from carillon_scraper.failures import ParseError, ReadFailedError
from carillon_scraper.formats import html_page, ical_event
from carillon_scraper.formats.unreadable import BEARABLE_SHARE
from carillon_scraper.published_text import one_line

MAX_EVENTS = 100_000
MAX_REPETITIONS = 100_000
# What the libraries raise, fed with damaged bytes; ReadFailedError is none of these.
_LIBRARY_ERRORS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
_DAYS_BETWEEN = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}


@dataclass(frozen=True, slots=True)
class Feed:
    """Every course of a feed; repeated ones only between `first` and `last` of the question."""

    name: str | None
    courses: tuple[Course, ...]
    skipped: int


def parse(
    body: bytes, zone: ZoneInfo, first: date, last: date, *, group: str | None = None, publish_teachers: bool = False
) -> Feed:
    """Read a feed; `group` is whose calendar it is, for events that name no group themselves.

    Raises:
        ParseError: the bytes are no calendar, or too much of it cannot be read.
    """
    text = _text(body)
    calendars = _calendars(text)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    if len(events) > MAX_EVENTS:
        raise _too_large(f"{len(events)} VEVENT")
    context = ical_event.Context.of(str(calendars[0].get("PRODID", "")), events, group)
    courses: dict[str, Course] = {}
    skipped = 0
    for event in _meetings(calendars[0], events, zone, first, last):
        try:
            begin, end = _times(event, zone)
            course = Course(
                event_id=_identity(event, begin, courses),
                begin=begin,
                end=end,
                status="cancelled" if str(event.get("STATUS", "")).upper() == "CANCELLED" else "planned",
                **ical_event.read(event, context, publish_teachers=publish_teachers),
            )
        except _LIBRARY_ERRORS:
            skipped += 1
        else:
            courses[course.event_id] = course
    if skipped > BEARABLE_SHARE * max(1, skipped + len(courses)):
        reason = Text(f"{skipped} événements sont illisibles", f"{skipped} events cannot be read")
        raise ParseError("unreadable-events", reason, "VEVENT")
    name = one_line(str(calendars[0].get("X-WR-CALNAME", ""))) or None
    return Feed(name, tuple(courses.values()), skipped)


def _text(body: bytes) -> str:
    if not body.strip():
        raise ParseError("empty", Text("La réponse est vide", "The answer is empty"), "line 1")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("iso-8859-1")
    start = text.lstrip()[:15].upper()
    if not start.startswith("BEGIN:VCALENDAR"):
        if html_page.is_html(body):
            raise html_page.html_instead(body)
        raise ParseError("not-ical", Text("La réponse n'est pas un iCalendar", "The answer is no iCalendar"), "line 1")
    if "END:VCALENDAR" not in text[-2000:].upper():
        line = text.count("\n") + 1
        raise ParseError("truncated", Text("La réponse est tronquée", "The answer is cut short"), f"line {line}")
    if text.count("\n") > 40 * MAX_EVENTS:
        raise _too_large(f"{text.count(chr(10))} lines")
    return text


def _calendars(text: str) -> list[icalendar.Calendar]:
    try:
        found = icalendar.Calendar.from_ical(text, multiple=True)
    except _LIBRARY_ERRORS as error:
        shown = one_line(str(error))[:120]
        reason = Text(f"L'iCalendar est mal formé ({shown})", f"The iCalendar is malformed ({shown})")
        raise ParseError("not-ical", reason, "VCALENDAR") from error
    calendars = [calendar for calendar in found if calendar.name == "VCALENDAR"]
    if not calendars:
        raise ParseError("not-ical", Text("Aucun calendrier", "No calendar"), "VCALENDAR")
    return calendars


def _meetings(
    calendar: icalendar.Calendar, events: list[Event], zone: ZoneInfo, first: date, last: date
) -> Iterator[Event]:
    """Single events as they are; of a series each repetition between the two days, exceptions applied.

    A series that cannot be worked out is handed on as an event that says nothing, to be counted.
    """
    series: dict[str, list[Event]] = defaultdict(list)
    repeated = {_uid(event) for event in events if "RRULE" in event or "RDATE" in event or "RECURRENCE-ID" in event}
    for event in events:
        if _uid(event) in repeated:
            series[_uid(event)].append(event)
        else:
            yield event
    if sum(_repetitions(event, first, last) for members in series.values() for event in members) > MAX_REPETITIONS:
        raise _too_large("RRULE")
    for members in series.values():
        try:
            yield from _repeated(calendar, members, zone, first, last)
        except _LIBRARY_ERRORS:
            yield Event()


def _repeated(
    calendar: icalendar.Calendar, members: list[Event], zone: ZoneInfo, first: date, last: date
) -> list[Event]:
    for event in members:
        _rule(event)
    part = icalendar.Calendar()
    part.subcomponents = [*calendar.walk("VTIMEZONE"), *members]
    query = recurring_ical_events.of(part, keep_recurrence_attributes=True)
    begin = datetime.combine(first, time(), zone)
    return list(query.between(begin, datetime.combine(last + timedelta(days=1), time(), zone)))


def _rule(event: Event) -> dict[str, list[Any]] | None:
    """Its rule; one of the library's errors if it repeats faster than by the day: no course does."""
    if "RRULE" not in event:
        return None
    rule: Any = event["RRULE"]
    if isinstance(rule, list) or str(rule["FREQ"][0]).upper() not in _DAYS_BETWEEN:
        raise ValueError("a rule that no course has")
    if {"BYHOUR", "BYMINUTE", "BYSECOND"} & set(rule):
        raise ValueError("a rule that no course has")
    found: dict[str, list[Any]] = rule
    return found


def _repetitions(event: Event, first: date, last: date) -> float:
    """At most this many, from the begin of the series on: skipping over its past takes time too."""
    try:
        rule = _rule(event)
        begin = _day(event.start)
    except _LIBRARY_ERRORS:
        return 1
    if rule is None:
        return 1
    if (last - begin).days > 3660:  # noqa: PLR2004 - ten years
        return MAX_REPETITIONS + 1
    days = max(1, (last - min(begin, first)).days)
    if rule.get("COUNT"):
        return min(float(rule["COUNT"][0]), days)
    times = max(1, len(rule.get("BYDAY", ())), len(rule.get("BYMONTHDAY", ())), len(rule.get("BYYEARDAY", ())))
    return days / _DAYS_BETWEEN[str(rule["FREQ"][0]).upper()] * times


def _times(event: Event, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When it begins and ends, in UTC; an all-day event from midnight to midnight.

    ValueError (of which the library's errors are) if it does not say when.
    """
    begin = _utc(event.start, zone)
    return begin, max(begin, _utc(event.end, zone))


def _utc(moment: date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return local_time.instant(datetime.combine(moment, time()), zone)
    return local_time.instant(moment, zone) if moment.tzinfo is None else moment.astimezone(UTC)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _uid(event: Event) -> str:
    return one_line(str(event.get("UID", "")))


def _identity(event: Event, begin: datetime, taken: dict[str, Course]) -> str:
    """The UID; for a repetition with the moment that it was first planned for; a UID used twice gets its begin."""
    uid = _uid(event)
    if not uid:
        told = f"{event.get('SUMMARY', '')}\n{event.get('LOCATION', '')}\n{begin.isoformat()}"
        uid = f"no-uid-{hashlib.sha256(told.encode(errors='replace')).hexdigest()[:24]}"
    planned = getattr(event.get("RECURRENCE-ID"), "dt", None)
    if isinstance(planned, date):
        moment = planned if isinstance(planned, datetime) else datetime.combine(planned, time())
        stamp = moment.astimezone(UTC) if moment.tzinfo else moment
        uid = f"{uid[:400]}:{stamp:%Y%m%dT%H%M%S}"
    uid = uid[:450]
    return uid if uid not in taken else f"{uid}:{begin:%Y%m%dT%H%MZ}"


def _too_large(what: str) -> ReadFailedError:
    return ParseError(
        "too-large", Text(f"Le calendrier est démesuré ({what})", f"The calendar is beyond measure ({what})"), what
    )
