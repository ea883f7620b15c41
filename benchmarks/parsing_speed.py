"""How fast a year's publications are parsed, beside published parsers fed with the same bytes."""

import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import icalendar
from carillon_contracts.course import GroupName
from carillon_scraper.formats import celcat_calendar, celcat_description, celcat_meeting, celcat_xml, ical
from carillon_scraper.formats.celcat_description import Lists, Names
from judge_environments import python_environment
from lxml import etree

from benchmarks.figures import Figure
from benchmarks.running import running

ROOT = Path(__file__).parents[1]
PARIS = ZoneInfo("Europe/Paris")
SITE = "calendar/toulouse-2023"
ROUNDS = 5

# celcat-scraper asks the side bar for each event and never reads a description: here the side bar costs it nothing.
CELCAT_SCRAPER = """
import asyncio, json, sys, time
from celcat_scraper import CelcatConfig, CelcatScraperAsync

body = open(sys.argv[1], "rb").read()

async def no_side_bar(*_):
    return {"elements": []}

async def main():
    scraper = CelcatScraperAsync(CelcatConfig(url="https://edt.test", username="a", password="b"))
    scraper.api.get_side_bar_event_raw_data = no_side_bar
    best = 1e9
    for _ in range(int(sys.argv[2])):
        started = time.perf_counter()
        await scraper._process_event_batch(json.loads(body))
        best = min(best, time.perf_counter() - started)
    print(best)

asyncio.run(main())
"""


def main() -> list[Figure]:
    """Made-up data of the simulator, a year each."""
    simulator = ["-m", "carillon_celcat_simulator", "--port", "{port}", "--weeks", "52"]
    with (
        running(simulator, {}, ready="/truth.json") as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        truth = client.get("/truth.json").json()
        mentions = [group for group in truth["groups"] if group["semester"] is None]
        xml = max((client.get(f"/{group['page']}").content for group in mentions), key=len)
        feed = max((client.get(f"/publisher/g{group['id']}.ics").content for group in mentions), key=len)
        first = date.fromisoformat(truth["first_monday"])
        events = _events(client, [group["federation_id"] for group in truth["groups"]], first)
        lists = Lists(**{name: _names(client, kind) for name, kind in KINDS.items()})
    first, last = first - timedelta(days=30), first + timedelta(days=400)
    return [
        _figure("a year's Web Publisher XML to courses", xml, lambda: celcat_xml.parse(xml, "g1", PARIS),
                "lxml alone, to its tree", lambda: etree.fromstring(xml)),
        _beside_celcat_scraper(events, lists),
        _figure("a year's iCalendar to courses", feed, lambda: ical.parse(feed, PARIS, first, last),
                "icalendar alone, to its objects", lambda: icalendar.Calendar.from_ical(feed)),
    ]  # fmt: skip


KINDS = {"modules": 100, "staff": 101, "rooms": 102, "groups": 103}


def _events(client: httpx.Client, groups: list[str], first: date) -> bytes:
    form = {
        "start": first.isoformat(),
        "end": (first + timedelta(days=370)).isoformat(),
        "resType": "103",
        "calView": "month",
        "federationIds[]": groups,
        "colourScheme": "3",
    }
    return client.post(f"/{SITE}/Home/GetCalendarData", data=form).raise_for_status().content


def _names(client: httpx.Client, kind: int) -> Names:
    form = {"searchTerm": "___", "pageSize": "100000", "pageNumber": "1", "resType": str(kind), "myResources": "false"}
    body = client.post(f"/{SITE}/Home/ReadResourceListItems", data=form).raise_for_status().content
    return Names(celcat_calendar.parse_resources(body).resources)


def _beside_celcat_scraper(body: bytes, lists: Lists) -> Figure:
    asked = (GroupName(name="L1"),)

    def ours() -> None:
        for event in celcat_calendar.parse_events(body)[0]:
            lines = celcat_description.classified(event.lines, event.category, event.modules, lists)
            celcat_meeting.course(event, lines, None, lists, asked=asked, zone=PARIS)

    seconds = _best(ours)
    requirements = ROOT / "tests" / "celcat_simulator" / "celcat-scraper" / "requirements.txt"
    python = python_environment("celcat-scraper", requirements)
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        command = [python, "-W", "ignore", "-c", CELCAT_SCRAPER, file.name, str(ROUNDS)]
        theirs = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    megabytes = len(body) / 1e6
    measured = (
        f"{megabytes / seconds:.1f} MB/s ({megabytes:.1f} MB); celcat-scraper, which leaves descriptions unread: "
        f"{megabytes / theirs:.1f} MB/s"
    )
    return Figure("a year's Calendar 8 JSON to courses, descriptions included", measured, theirs / seconds)


def _figure(what: str, body: bytes, ours: Callable[[], object], other: str, theirs: Callable[[], object]) -> Figure:
    seconds, yardstick = _best(ours), _best(theirs)
    megabytes = len(body) / 1e6
    measured = f"{megabytes / seconds:.1f} MB/s ({megabytes:.1f} MB); {other}: {megabytes / yardstick:.1f} MB/s"
    return Figure(what, measured, yardstick / seconds)


def _best(work: Callable[[], object]) -> float:
    """The shortest of several rounds, in seconds: the others were disturbed."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)
