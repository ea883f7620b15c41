"""A meeting that the timetabling office puts into another week is one change, whatever the format it is read through."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from carillon_timetable_api.ingest import Ingest
from celcat_simulators import running_celcat_simulator
from database_rows import rows, value
from scraped_into_database import PARIS, reading

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
CMA = "L1 MI s1 CMA"
FREE_DAY = "2026-12-23"
"""In a week without lessons."""

SOURCES = {
    "a page of a group": ("celcat-xml", "/{page}", {}),
    "several pages": ("celcat-xml", "/publisher/finder.xml", {"groups": [CMA, "L1 MI s1 TDA*"]}),
    "Calendar 8": ("celcat-calendar", "/calendar/toulouse-2023", {"groups": ["{federation_id}"]}),
    "Calendar 7": ("celcat-legacy", "/calendar7/default.aspx", {"groups": ["{resource_name}"]}),
    "Cloud": ("celcat-cloud", "", {"groups": ["{id}"]}),
    "iCal": ("ical", "/publisher/g{id}.ics", {}),
}


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    """Shared: each test moves a meeting of its own."""
    with running_celcat_simulator(today=date(2026, 11, 21)) as url:
        yield url


CASES = [*((what, "2026-11-23") for what in SOURCES), ("a page of a group", "2027-01-04")]


@pytest.mark.parametrize(("what", "week"), CASES)
async def test_it_is_told_as_one_change(engine, simulator, tmp_path, what, week) -> None:
    format_name, path, keys = SOURCES[what]
    async with httpx.AsyncClient(base_url=simulator) as office:
        truth = (await office.get("/truth.json")).json()
        group = next(group for group in truth["groups"] if group["name"] == CMA)
        taken = {meeting["id"] for meeting in truth["meetings"] if "2026-12-21" < meeting["begin"] < "2026-12-27"}
        meetings = [meeting for meeting in truth["meetings"] if CMA in meeting["groups"] and meeting["modules"]]
        chosen = next(each for each in meetings if each["begin"] > week and each["id"] not in taken)
        keys = {name: [value.format(**group) for value in values] for name, values in keys.items()}
        url = simulator + path.format(**group)
        async with reading(Ingest(engine, PARIS), tmp_path, format_name, url, keys) as scraper:
            assert (await scraper.read(NOW)).code is None
            known = await value(engine, "select max(number) from journal")
            move = await office.post(f"/simulator/events/{chosen['key']}/move", json={"date": FREE_DAY})
            assert move.is_success
            assert (await scraper.read(NOW + timedelta(hours=1))).code is None
    query = "select kind, before->>'begin', after->>'begin' from journal where number > :known"
    ((kind, before, after),) = await rows(engine, query, known=known)
    assert (kind, before[:10], after[:10]) == ("moved", chosen["begin"][:10], FREE_DAY)
