"""`ReadResourceListItems` and `LoadDisplayNames`: the resources of a site with their identifiers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from carillon_celcat_simulator.calendar.selection import ResourceType
from carillon_celcat_simulator.calendar.sites import Site
from carillon_celcat_simulator.model.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Resource:
    """One item of a list; `dept` is the department that owns it."""

    id: str
    text: str
    dept: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list; `total` counts all that was found."""

    total: int
    results: list[Resource]


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked: resources of a kind whose text matches `term`, in pages of `page_size`, the first of them 1."""

    kind: int
    term: str
    page_size: int
    page_number: int


def read(site: Site, timetable: Timetable, asked: Search) -> ListPage:
    """One page of what matches; never more than the site's cap. A term that is too short finds nothing."""
    if len(asked.term) < site.minimum_search:
        return ListPage(0, [])
    pattern = _pattern(asked.term, site)
    found = [resource for resource in resources(site, timetable, asked.kind) if pattern.search(resource.text)]
    size = max(1, min(asked.page_size, site.page_cap))
    first = (max(1, asked.page_number) - 1) * size
    return ListPage(len(found), found[first : first + size])


def resources(site: Site, timetable: Timetable, kind: int) -> Iterator[Resource]:
    """All resources of a kind."""
    match kind:
        case ResourceType.GROUP:
            for group in timetable.groups:
                yield Resource(group.federation_id, site.list_text(group), f"FSI - {group.level}")
        case ResourceType.ROOM:
            for room in timetable.rooms:
                yield Resource(str(room.identifier), site.spelling.room(room), room.building)
        case ResourceType.MODULE:
            for number, module in enumerate(timetable.modules):
                # A few modules are listed without the hyphen.
                text = f"{module.code} {module.label}" if number % 20 == 19 else module.name
                yield Resource(module.code, text, "FSI")
        case ResourceType.STAFF:
            for person in timetable.staff:
                yield Resource(str(person.identifier), site.spelling.person(person), "FSI")


def _pattern(search: str, site: Site) -> re.Pattern[str]:
    """`_` stands for any one character, at some sites `%` for any run of them; case does not matter."""
    signs = {"_": "."} | ({"%": ".*"} if site.any_run_wildcard else {})
    return re.compile("".join(signs.get(sign) or re.escape(sign) for sign in search), re.IGNORECASE)
