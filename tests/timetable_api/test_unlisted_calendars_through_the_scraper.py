"""A group whose page leaves its index, from the scraper's first read to what a reader of the API sees."""

from datetime import UTC, datetime, timedelta

import celcat_pages
from carillon_timetable_api.ingest import Ingest
from celcat_pages import Event, Page
from scraped_into_database import PARIS, reading
from timetable_rest import opened
from upstream_server import Upstream, upstream

NOW = datetime(2026, 11, 18, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def publish(server: Upstream, *names: str) -> None:
    """The index names these groups' pages; each shows a course on the Monday of each of three weeks."""
    for name in names:
        event = Event(series=ord(name), weeks=(1, 2, 3), groups=(f"L1 {name}",))
        body = celcat_pages.xml(Page(name=f"L1 {name}", events=[event], members=(f"L1 {name}",)))
        server.serve(f"/g{ord(name)}.xml", body)
    options = "".join(f'<option value="g{ord(name)}.html">{name}, L1 {name}</option>' for name in names)
    server.serve("/gindex.html", f"<html><select>{options}</select></html>".encode())


async def test_its_coming_days_are_not_covered_until_it_is_listed_again(migrated_database, tmp_path) -> None:
    async with (
        upstream() as server,
        opened(migrated_database) as rest,
        reading(Ingest(rest.engine, PARIS), tmp_path, "celcat-xml", f"{server.url}/gindex.html", {}) as scraper,
    ):

        async def seen(name: str, *days: int) -> list[tuple[int, str | None]]:
            """How many courses a group has on days of November, and why there is none."""
            (group,) = [each["id"] for each in await rest.json("/api/groups/") if each["celcat_name"] == f"L1 {name}"]
            answers = [await rest.get(f"/api/groups/{group}/courses/days/2026/11/{day}/") for day in days]
            return [(len(answer.json()), answer.headers.get("carillon-empty-because")) for answer in answers]

        publish(server, "A", "B")
        assert (await scraper.read(NOW)).code is None
        assert await seen("B", 16, 23, 24) == [(1, None), (1, None), (0, "nothing-planned")]
        publish(server, "A")
        for hours in (1, 24):
            assert (await scraper.read(NOW + hours * HOUR)).code is None
            assert await seen("B", 16, 23) == [(1, None), (1, None)]
        assert (await scraper.read(NOW + 25 * HOUR)).code is None
        assert await seen("B", 16, 23, 24) == [(1, None), (0, "not-covered"), (0, "not-covered")]
        assert await seen("A", 23, 24) == [(1, None), (0, "nothing-planned")]
        assert [each["name"] for each in await rest.json("/api/timetables/1/groups/")] == ["L1 A"]
        publish(server, "A", "B")
        assert (await scraper.read(NOW + 26 * HOUR)).code is None
        assert await seen("B", 16, 23, 24) == [(1, None), (1, None), (0, "nothing-planned")]
