"""`celcat-calendar`: Calendar 8 and later, asked group by group in slices of at most six weeks."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from datetime import date, timedelta

from carillon_contracts.course import Calendar, Course, GroupName
from carillon_contracts.weeks import week_of

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.formats import celcat_calendar, celcat_description, celcat_meeting
from carillon_scraper.formats.celcat_calendar import CalendarEvent, Kind, SideBar
from carillon_scraper.formats.celcat_description import Lists, Resource
from carillon_scraper.readers import resource_choice
from carillon_scraper.readers.asked_weeks import academic_year, slices
from carillon_scraper.readers.celcat_lists import ResourceLists
from carillon_scraper.readers.celcat_session import CelcatCalendarEntry, CelcatSession
from carillon_scraper.readers.one_by_one import one_by_one, parsed
from carillon_scraper.readers.resource_choice import calendar_key, is_pattern
from carillon_scraper.reading import Reading, whole_weeks
from carillon_scraper.visit import Result, Shown, Visit

SLICE_WEEKS = 6
MAX_SIDE_BARS = 200
"""Requests of one read for events whose description stays unclear; the others have their turn at the next read."""

MAX_REMEMBERED = 20_000
_TOO_MUCH_AT_ONCE = frozenset({"timeout", "http-status", "truncated", "too-large"})
_OF_UNKNOWN_IDS = frozenset({"http-status"})
"""What a side bar says of an event that it does not know (any longer)."""


async def read(visit: Visit[CelcatCalendarEntry]) -> AsyncIterator[Result]:
    """Read group after group; one that fails does not keep the others from being read."""
    session = CelcatSession(visit)
    lists = ResourceLists(session)
    groups, unknown = await _chosen(visit.entry, lists)
    for failure in unknown:
        yield failure
    reader = _GroupReader(session, await lists.all())

    async def shown(group: Resource) -> Result:
        return Shown(await reader.read(group))

    async for result in one_by_one(groups, lambda group: group.text, shown, read_ahead=False):
        yield result


async def _chosen(entry: CelcatCalendarEntry, lists: ResourceLists) -> tuple[list[Resource], list[ReadFailedError]]:
    """The wanted groups of the list; without a list the wanted ids are asked for all the same."""
    known = await lists.of(Kind.GROUP, is_needed=all(is_pattern(wanted) for wanted in entry.groups))
    offered = {resource: (resource.id, resource.text, _name(resource).name) for resource in known}
    chosen = [r for r, names in offered.items() if any(resource_choice.matches(w, names) for w in entry.groups)]
    missing = resource_choice.unmatched(entry.groups, offered.values())
    if not known:
        ids = [wanted for wanted in entry.groups if not is_pattern(wanted)]
        chosen += [Resource(wanted, wanted) for wanted in ids]
        missing = missing if len(ids) < len(entry.groups) else []
    return chosen, missing


class _GroupReader:
    """Reads the calendars of one visit; side bars are remembered as long as the event stays the same."""

    def __init__(self, session: CelcatSession, lists: Lists) -> None:
        self._session, self._visit, self._lists = session, session.visit, lists
        self._side_bars_left = MAX_SIDE_BARS

    async def read(self, group: Resource) -> Reading:
        """All courses of the group's wanted weeks; only if every slice could be read."""
        today = self._visit.now.astimezone(self._visit.zone).date()
        weeks = self._visit.weeks or academic_year(today)
        events: dict[str, CalendarEvent] = {}
        skipped = 0
        for mondays in slices(weeks, SLICE_WEEKS):
            found, unread = await self._slice(group, mondays)
            events.update((event.id, event) for event in found)
            skipped += unread
        courses = await self._courses(events.values(), _name(group), set(weeks))
        calendar = Calendar(key=calendar_key(group.id), name=_name(group).name, groups=(_name(group),))
        if not events and not self._visit.known.days(calendar.key):
            weeks = ()  # a wrong id answers like an empty timetable: of a group that never had a course nothing is said
        return Reading(calendar, whole_weeks(weeks, courses), skipped=skipped)

    async def _slice(self, group: Resource, mondays: list[date]) -> tuple[list[CalendarEvent], int]:
        """The events of neighbouring weeks; a range that is too much for the server is halved."""
        form: dict[str, str | list[str]] = {
            "start": mondays[0].isoformat(),
            "end": (mondays[-1] + timedelta(days=8)).isoformat(),
            "resType": str(int(Kind.GROUP)),
            "calView": "month",
            "federationIds[]": [group.id],
            "colourScheme": "3",
        }
        can_be_halved = len(mondays) > 1
        try:
            answer = await self._session.post(
                "Home/GetCalendarData", form, _TOO_MUCH_AT_ONCE if can_be_halved else frozenset()
            )
            events, unread = await parsed(celcat_calendar.parse_events, answer)
        except ReadFailedError as error:
            if error.code not in _TOO_MUCH_AT_ONCE or error.final or not can_be_halved:
                raise
            half = len(mondays) // 2
            first, second = await self._slice(group, mondays[:half]), await self._slice(group, mondays[half:])
            return [*first[0], *second[0]], first[1] + second[1]
        last = mondays[-1] + timedelta(days=7)
        return [event for event in events if mondays[0] <= event.begin.date() < last], unread

    async def _courses(
        self, events: Iterable[CalendarEvent], asked: GroupName, weeks: set[str]
    ) -> dict[str, list[Course]]:
        courses: dict[str, list[Course]] = {week: [] for week in weeks}
        ignored = {category.casefold() for category in self._visit.entry.ignore_categories}
        for event in events:
            if event.category is None or event.category.casefold() not in ignored:
                courses[week_of(event.begin.date())].append(await self._course(event, asked))
        return courses

    async def _course(self, event: CalendarEvent, asked: GroupName) -> Course:
        lines = celcat_description.classified(event.lines, event.category, event.modules, self._lists)
        side_bar = await self._side_bar(event) if lines.cut or lines.unclassified else None
        return celcat_meeting.course(
            event,
            lines,
            side_bar,
            self._lists,
            asked=self._asked_for(event, asked),
            zone=self._visit.zone,
            publish_teachers=self._visit.entry.publish_teachers,
        )

    def _asked_for(self, event: CalendarEvent, asked: GroupName) -> tuple[GroupName, ...]:
        """The groups whose calendars show the event, so that one that names none is the same seen from each."""
        others = (group for calendar in self._visit.known.calendars_showing(event.id) for group in calendar.groups[:1])
        return tuple(sorted({asked, *others}, key=lambda group: group.name))

    async def _side_bar(self, event: CalendarEvent) -> SideBar | None:
        """What the side bar says; asked once for each state of an event. An expired id says nothing."""
        memory = self._visit.memory.side_bars
        told = f"{event.id}\n{event.sections}\n{event.category}\n{event.modules}"
        state = hashlib.sha256(told.encode()).hexdigest()
        if state in memory:
            return memory[state]
        if self._side_bars_left <= 0:
            return None
        self._side_bars_left -= 1
        try:
            answer = await self._session.post("Home/GetSideBarEvent", {"eventId": event.id}, _OF_UNKNOWN_IDS)
            found = await parsed(celcat_calendar.parse_side_bar, answer)
        except ReadFailedError as error:
            if error.final or error.code in ("too-many-requests", "unreachable"):
                raise
            found = None
        if len(memory) >= MAX_REMEMBERED:
            memory.clear()
        memory[state] = found
        return found


def _name(group: Resource) -> GroupName:
    return celcat_meeting.group_name(group)
