"""`ical`: one iCalendar feed, CELCAT's own or any other."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Self
from urllib.parse import urlsplit

from carillon_contracts.course import Calendar, GroupName
from carillon_kit.sources_file import SourceEntry
from pydantic import Field, model_validator

from carillon_scraper.fetching.answer import Answer
from carillon_scraper.formats import ical
from carillon_scraper.formats.ical import Feed
from carillon_scraper.readers.one_by_one import parsed
from carillon_scraper.reading import Reading, shown_on
from carillon_scraper.visit import Result, Visit

REACH = timedelta(days=400)
"""How far from today repeated events are worked out; single ones are too if a feed spans more than twice that."""

_TOKEN_ADDRESS = re.compile(r"/cal/ical/[^/]+/schedule\.ics$", re.IGNORECASE)


class IcalEntry(SourceEntry):
    """One feed; an address that holds a token is given by reference."""

    group: str | None = Field(
        default=None, min_length=1, description="Whose calendar it is; for events that name no group."
    )

    @model_validator(mode="after")
    def _tokens_are_given_by_reference(self) -> Self:
        if isinstance(self.url, str) and _TOKEN_ADDRESS.search(urlsplit(self.url).path):
            raise ValueError('this address holds a token: give it as url = { env = "NAME" } or { file = "path" }')
        return self


async def read(visit: Visit[IcalEntry]) -> AsyncIterator[Result]:
    """Read the feed; it may have moved, and says so."""
    yield await visit.page(visit.entry.address, lambda answer: _reading(visit, answer), follow_redirects=True)


async def _reading(visit: Visit[IcalEntry], answer: Answer) -> Reading:
    entry, today = visit.entry, visit.now.astimezone(visit.zone).date()
    feed = await parsed(
        ical.parse,
        answer,
        visit.zone,
        today - REACH,
        today + REACH,
        group=entry.group,
        publish_teachers=entry.publish_teachers,
    )
    calendar = Calendar(key=entry.slug, name=entry.group, groups=(GroupName(name=entry.group),) if entry.group else ())
    days = spoken_for(feed, today, visit.known.days(entry.slug), visit)
    return Reading(calendar, shown_on(days, feed.courses, visit.zone), skipped=feed.skipped)


def spoken_for(feed: Feed, today: date, known: frozenset[date], visit: Visit[IcalEntry]) -> set[date]:
    """The days that a feed speaks for: from today or its first event to its last, and all it spoke for from today on.

    A feed that moves on with the weeks drops its past without taking it back; what it once showed of the future and
    shows no more is taken back.
    """
    taught = sorted({course.begin.astimezone(visit.zone).date() for course in feed.courses})
    if taught and taught[-1] - taught[0] > 2 * REACH:
        taught = [day for day in taught if abs(day - today) <= REACH]
    days = {day for day in known if day >= today}
    if taught:
        first = taught[0] if taught[-1] < today else min(taught[0], today)
        days.update(first + timedelta(days=n) for n in range((taught[-1] - first).days + 1))
    return days
