"""The resource lists of a Calendar 8 server, page by page: what descriptions are compared with."""

from datetime import timedelta

import structlog

from carillon_scraper.failures import ReadFailedError
from carillon_scraper.formats import celcat_calendar
from carillon_scraper.formats.celcat_calendar import Kind
from carillon_scraper.formats.celcat_description import Lists, Names, Resource
from carillon_scraper.readers.celcat_session import CelcatSession
from carillon_scraper.readers.one_by_one import parsed

GOOD_FOR = timedelta(days=1)
PAGE_SIZE = 1000
MAX_PAGES = 300
SEARCH_TERMS = ("___", "__", "_", "%", "")
"""`_` stands for any one character; sites differ in how many they demand, and in the sign."""

log = structlog.get_logger()


class ResourceLists:
    """Reads lists when they are needed and keeps them for a day in the source's memory."""

    def __init__(self, session: CelcatSession) -> None:
        self._session = session
        self._visit = session.visit

    async def of(self, kind: Kind) -> tuple[Resource, ...]:
        """The whole list; a server that does not give it out has an empty one.

        Raises:
            ReadFailedError: the server as a whole cannot be asked.
        """
        kept = self._visit.memory.lists.get(kind)
        if kept is not None and self._visit.now - kept[0] < GOOD_FOR:
            return kept[1]
        try:
            found = await self._read(kind)
        except ReadFailedError as error:
            if error.final or error.code in ("timeout", "unreachable", "too-many-requests", "truncated"):
                raise
            log.warning("resource_list_refused", source=self._visit.entry.slug, kind=kind.name, code=error.code)
            found = ()
        self._visit.memory.lists[kind] = (self._visit.now, found)
        return found

    async def all(self) -> Lists:
        """The four lists that lines are compared with."""
        names = {kind: Names(await self.of(kind)) for kind in Kind}
        return Lists(
            modules=names[Kind.MODULE], rooms=names[Kind.ROOM], groups=names[Kind.GROUP], staff=names[Kind.STAFF]
        )

    async def _read(self, kind: Kind) -> tuple[Resource, ...]:
        for term in SEARCH_TERMS:
            found = await self._search(kind, term)
            if found:
                return found
        return ()

    async def _search(self, kind: Kind, term: str) -> tuple[Resource, ...]:
        """Page after page, until all are there or a page brings nothing new."""
        found: dict[str, Resource] = {}
        rows = 0
        for page_number in range(1, MAX_PAGES + 1):
            form = {
                "myResources": "false",
                "searchTerm": term,
                "pageSize": str(PAGE_SIZE),
                "pageNumber": str(page_number),
                "resType": str(int(kind)),
            }
            answer = await self._session.post("Home/ReadResourceListItems", form)
            page = await parsed(celcat_calendar.parse_resources, answer)
            before = len(found)
            rows += len(page.resources)
            found.update((resource.id, resource) for resource in page.resources)
            if kind is Kind.GROUP:
                self._visit.memory.whole_list = rows >= page.total
            if len(found) >= page.total or len(found) == before:
                break
        return tuple(found.values())
