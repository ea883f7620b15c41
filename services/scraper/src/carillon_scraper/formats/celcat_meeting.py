"""From a Calendar 8 event, its classified lines and its side bar to a course."""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from carillon_contracts.course import Course, GroupName

from carillon_scraper import local_time
from carillon_scraper.formats.celcat_calendar import CalendarEvent, Kind, SideBar
from carillon_scraper.formats.celcat_description import Lines, Lists, Names
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
    told = side_bar.named if side_bar else {}
    modules = told.get(Kind.MODULE) or each_once(map(one_line, lines.modules)) or _module_names(event.modules, lists)
    staff = told.get(Kind.STAFF) or each_once(map(one_line, lines.staff))
    begin, end = _times(event, zone)
    notes = _notes(lines, side_bar, may_show=publish_teachers or len(lists.staff) > 0)
    groups = _groups(told.get(Kind.GROUP) or lines.groups, lists.groups) or asked
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
        groups=groups,
        rooms=each_once(map(one_line, told.get(Kind.ROOM) or lines.rooms)),
        teachers=staff if publish_teachers else (),
    )


def group_name(resource: str, text: str) -> GroupName:
    """A group of the list: `name (id)` is called by its name, `code - label` by its code, as descriptions do."""
    bare = re.sub(rf"\s*\({re.escape(resource)}\)$", "", text).strip()
    code_first = re.match(r"^(\S+?)\s+-\s+", bare)
    return GroupName(name=(code_first[1] if code_first else bare) or resource, code=resource)


def _groups(names: Iterable[str], known: Names) -> tuple[GroupName, ...]:
    groups: dict[str, GroupName] = {}
    for name in names:
        found = known.find(name)
        group = group_name(*found) if found else GroupName(name=one_line(name))
        groups.setdefault(group.name, group)
    return tuple(groups.values())


def _module_names(codes: tuple[str, ...], lists: Lists) -> tuple[str, ...]:
    """The list's text for each of the event's codes, or the code."""
    return tuple(found[1] if (found := lists.modules.find(code)) else code for code in codes)


def _notes(lines: Lines, side_bar: SideBar | None, *, may_show: bool) -> str | None:
    if side_bar is not None:
        return many_lines(side_bar.notes)
    return many_lines(lines.unclassified) if may_show else None


def _times(event: CalendarEvent, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if event.all_day:
        first = datetime.combine(event.begin.date(), time())
        return local_time.between(first, first + timedelta(days=1), zone)
    return local_time.between(event.begin, event.end or event.begin, zone)
