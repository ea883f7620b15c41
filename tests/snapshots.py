"""Events for tests, built from the few things that a test cares about."""

from datetime import UTC, date, datetime, timedelta

from carillon_contracts.course import Calendar, Course, GroupName, Source
from carillon_contracts.events import Observed, SourceRead
from carillon_contracts.weeks import days_of, monday_of

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def source(slug: str = "l1-ps", publisher: str = "edt.test", **fields) -> Source:
    given = {"format": "celcat-xml", "url": f"http://{publisher}/{slug}.xml", "year": "L1", "timetable": "L1 PS"}
    return Source(slug=slug, publisher=publisher, **given | fields)


def course(event_id: str = "7:2026-11-16", day: date = date(2026, 11, 17), hour: int = 8, **fields) -> Course:
    begin = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    given = {"name": "EPMAS1D1 - Algèbre", "type": "TD", "groups": ("L1 PS s1 TDA1",), "rooms": ("U2-217",)}
    given |= fields
    given["groups"] = tuple(GroupName(name=name) for name in given["groups"])
    return Course(event_id=event_id, begin=begin, end=given.pop("end", begin + timedelta(hours=2)), **given)


def observed(
    *courses: Course, week: str = "2026-W47", calendar: str = "g1", at: int = 0, days=None, **fields
) -> Observed:
    """A snapshot made `at` minutes after noon; of the whole week, or of the given days (0 = Monday)."""
    all_days = days_of(week)
    return Observed(
        source=fields.pop("source", source()),
        calendar=Calendar(key=calendar),
        week=week,
        days=all_days if days is None else tuple(all_days[n] for n in days),
        observed_at=NOON + timedelta(minutes=at),
        courses=courses,
        **fields,
    )


def read_to_the_end(at: int = 0, **fields) -> SourceRead:
    """Follows a read's snapshots."""
    return SourceRead(
        source=fields.pop("source", source()), observed_at=NOON + timedelta(minutes=at), courses=0, **fields
    )


def day_of(week: str, number: int) -> date:
    return monday_of(week) + timedelta(days=number)
