"""From a Calendar 8 event, its classified lines and its side bar to a course."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from carillon_contracts.course import Course, GroupName

from carillon_scraper import local_time
from carillon_scraper.formats.celcat_calendar import CalendarEvent, Kind, SideBar
from carillon_scraper.formats.celcat_description import Lines, Lists, Names, Resource, module_name
from carillon_scraper.published_text import each_once, joined, many_lines, one_line


def course(
    event: CalendarEvent,
    lines: Lines,
    side_bar: SideBar | None,
    lists: Lists,
    *,
    asked: tuple[GroupName, ...],
    zone: ZoneInfo,
    publish_teachers: bool = False,
) -> Course:
    """The course; the side bar wins over the lines, and the groups `asked` for stand in where no group is named.

    A line that nothing explains may be a person's name: it becomes a note only where it cannot be one (the list of
    staff is known), or where teachers are published.
    """
    told = _told(lines, side_bar)
    modules = each_once(_module(resource, event, lists) for resource in told[Kind.MODULE])
    if not modules:
        modules = each_once(module_name(code, event.modules, lists.modules) for code in event.modules)
    begin, end = _times(event, zone)
    notes = _notes(lines, side_bar, may_show=publish_teachers or len(lists.staff) > 0)
    return Course(
        event_id=event.id,
        begin=begin,
        end=end,
        name=joined(modules)
        or event.category
        or (notes or "").partition("\n")[0]
        or joined(group.name for group in asked),
        type=event.category if modules else None,
        notes=notes,
        groups=_groups(told[Kind.GROUP], lists.groups) or asked,
        rooms=each_once(_listed(resource, lists.rooms) for resource in told[Kind.ROOM]),
        teachers=each_once(resource.text for resource in told[Kind.STAFF]) if publish_teachers else (),
    )


def group_name(group: Resource) -> GroupName:
    """A group of the list, by its label and with its id."""
    return GroupName(name=group.label, code=group.id)


def _told(lines: Lines, side_bar: SideBar | None) -> dict[Kind, tuple[Resource, ...]]:
    """Of each kind what the side bar names, else what the lines do; ids where they are known."""
    by_lines = {Kind.MODULE: lines.modules, Kind.STAFF: lines.staff, Kind.ROOM: lines.rooms, Kind.GROUP: lines.groups}
    told = side_bar.named if side_bar else {}
    return {
        kind: told.get(kind) or tuple(Resource("", one_line(line)) for line in found)
        for kind, found in by_lines.items()
    }


def _module(resource: Resource, event: CalendarEvent, lists: Lists) -> str:
    spelled = resource.id if resource.id and lists.modules.find(resource.id) else resource.text
    return module_name(spelled, event.modules, lists.modules)


def _listed(resource: Resource, names: Names) -> str:
    """As the list has it, so that a room is the same by every way of reading it."""
    found = (names.find(resource.id) if resource.id else None) or names.find(resource.text)
    return found.text if found else resource.text


def _groups(told: Iterable[Resource], known: Names) -> tuple[GroupName, ...]:
    groups: dict[str, GroupName] = {}
    for resource in told:
        found = (known.find(resource.id) if resource.id else None) or known.find(resource.text)
        group = group_name(found or resource) if found or resource.id else GroupName(name=resource.text)
        groups.setdefault(group.name, group)
    return tuple(groups.values())


def _notes(lines: Lines, side_bar: SideBar | None, *, may_show: bool) -> str | None:
    if side_bar is not None:
        return many_lines(side_bar.notes)
    return many_lines(lines.unclassified) if may_show else None


def _times(event: CalendarEvent, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if event.all_day:
        first = datetime.combine(event.begin.date(), time())
        return local_time.between(first, first + timedelta(days=1), zone)
    return local_time.between(event.begin, event.end or event.begin, zone)
