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

    async def of(self, kind: Kind, *, is_needed: bool = False) -> tuple[Resource, ...]:
        """The whole list; a server that does not give it out has an empty one.

        One that we had is not given up for an empty answer or an error: rooms and groups would be lost from courses.

        Raises:
            ReadFailedError: the server as a whole cannot be asked, or gives no list that `is_needed`.
        """
        memory = self._visit.memory
        at, had = memory.lists.get(kind, (None, ()))
        if at is not None and self._visit.now - at < GOOD_FOR and (had or not is_needed):
            return had
        try:
            found = await self._read(kind)
            memory.lists_missed_since.pop(kind, None)
        except ReadFailedError as error:
            found = self._done_without(kind, error, had, is_needed=is_needed)
        if had and not found:
            return had
        memory.lists[kind] = (self._visit.now, found)
        return found

    def _done_without(
        self, kind: Kind, error: ReadFailedError, had: tuple[Resource, ...], *, is_needed: bool
    ) -> tuple[Resource, ...]:
        """What is to be used of a list that is refused; an error of the server's own is believed after a day."""
        if error.final or error.code in ("timeout", "unreachable", "too-many-requests", "truncated"):
            raise error
        if not had:
            since = self._visit.memory.lists_missed_since.setdefault(kind, self._visit.now)
            if is_needed or (error.transient and self._visit.now - since < GOOD_FOR):
                raise error
        log.warning("resource_list_refused", source=self._visit.entry.slug, kind=kind.name, code=error.code)
        return had

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
