"""`celcat-legacy`: the pages of CELCAT Calendar 7, asked group by group in steps that overlap."""

from collections.abc import AsyncIterator, Iterable
from datetime import date, timedelta
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from carillon_contracts.course import Calendar, Course, GroupName
from carillon_contracts.weeks import days_of
from carillon_kit.sources_file import SourceEntry
from pydantic import Field, model_validator

from carillon_scraper.formats import celcat_legacy
from carillon_scraper.readers.asked_weeks import academic_year, slices
from carillon_scraper.readers.one_by_one import one_by_one, parsed
from carillon_scraper.readers.resource_choice import Patterns, calendar_key, is_pattern, matches
from carillon_scraper.reading import Reading, shown_on
from carillon_scraper.visit import Result, Shown, Visit

STEP = timedelta(days=15)
"""Shorter than the shortest month: whatever weeks a `View=month` page shows around its date, none is left out."""


class CelcatLegacyEntry(SourceEntry):
    """`url` is `…/default.aspx`; the groups are its `ResourceName`s, which no list tells."""

    groups: Patterns = Field(default=(), description="e.g. formation_EIINDE_s1_TDA1; or as ResourceName= in url.")
    rooms: Patterns = Field(
        default=(), description="Rooms that do not look like one, e.g. Gymnase; `*`: all are rooms."
    )

    @model_validator(mode="after")
    def _names_its_groups(self) -> Self:
        if any(is_pattern(name) for name in self.groups):
            raise ValueError("groups: Calendar 7 has no list of its groups, so each is written out, without * or ?")
        if not self.names:
            raise ValueError('groups is missing: name at least one, e.g. ["formation_EIINDE_s1_TDA1"]')
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The resources to ask for."""
        return self.groups or tuple(parse_qs(urlsplit(self.address).query).get("ResourceName", ()))

    def is_room(self, text: str) -> bool:
        """Whether what stands in a room's place is one."""
        return celcat_legacy.looks_like_a_room(text) or any(matches(room, [text]) for room in self.rooms)


async def read(visit: Visit[CelcatLegacyEntry]) -> AsyncIterator[Result]:
    """Read group after group; one that fails does not keep the others from being read."""
    today = visit.now.astimezone(visit.zone).date()
    weeks = visit.weeks or academic_year(today)

    async def shown(name: str) -> Result:
        return Shown(await _group(visit, name, weeks))

    async for result in one_by_one(visit.entry.names, str, shown):
        yield result


async def _group(visit: Visit[CelcatLegacyEntry], name: str, weeks: Iterable[str]) -> Reading:
    """All courses of the weeks; said only when every page of them could be read."""
    courses: dict[str, Course] = {}
    skipped = 0
    for day in _dates(weeks):
        answer = await visit.fetcher.request("GET", _address(visit.entry.address, name, day))
        page = await parsed(celcat_legacy.parse, answer, visit.zone, name, visit.entry.is_room)
        courses.update((course.event_id, course) for course in page.courses)
        skipped += page.skipped
    days = [day for week in weeks for day in days_of(week)]
    calendar = Calendar(key=calendar_key(name), name=name, groups=(GroupName(name=name),))
    return Reading(calendar, shown_on(days, courses.values(), visit.zone), skipped=skipped)


def _dates(weeks: Iterable[str]) -> list[date]:
    """Steps from each run's first Monday to its last, that one included."""
    dates: list[date] = []
    for run in slices(weeks, longest=60):
        day = run[0]
        while day < run[-1]:
            dates.append(day)
            day += STEP
        dates.append(run[-1])
    return dates


def _address(url: str, name: str, day: date) -> str:
    parts = urlsplit(url)
    query = {"View": "month", "Type": "group", "ResourceName": name, "Date": f"{day:%Y%m%d}"}
    kind = parse_qs(parts.query).get("Type")
    return urlunsplit(parts._replace(query=urlencode(query | ({"Type": kind[0]} if kind else {})), fragment=""))
