"""A published reader that nobody here wrote gets the same events from the simulator as our scraper does."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from carillon_scraper.known import Known
from carillon_scraper.registry import ENTRIES, FORMATS
from carillon_scraper.visit import Memory, Visit
from celcat_simulators import running_celcat_simulator
from judge_environments import python_environment, run

JUDGE = Path(__file__).parents[1] / "celcat_simulator"
PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 21)
WEEKS = tuple(f"2026-W{week}" for week in range(45, 49))  # 2 to 29 November
USER, PASSWORD = "e.aubepine", "un mot de passe"


async def ours(bench, url: str, groups: list[str], monkeypatch) -> set[tuple]:
    monkeypatch.setenv("CELCAT_USER", USER)
    monkeypatch.setenv("CELCAT_PASSWORD", PASSWORD)
    entry = ENTRIES["celcat-calendar"].model_validate(
        {
            "slug": "s",
            "format": "celcat-calendar",
            "url": f"{url}/calendar/cergy",
            "groups": groups,
            "user": {"env": "CELCAT_USER"},
            "password": {"env": "CELCAT_PASSWORD"},
            "year": "L1",
            "timetable": "T",
        }
    )
    now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    visit = Visit(entry, PARIS, now, bench.fetcher, Known(), Memory(), WEEKS)
    results = [result async for result in FORMATS["celcat-calendar"].read(visit)]
    return {
        (
            course.begin.astimezone(PARIS).strftime("%Y-%m-%d %H:%M:%S"),
            course.end.astimezone(PARIS).strftime("%Y-%m-%d %H:%M:%S"),
            course.type or course.name,
            len(course.rooms),
            course.name.partition(" - ")[0] if course.type else "",
        )
        for result in results
        for shown in result.reading.weeks
        for course in shown.courses
    }


@pytest.mark.timeout(600)
async def test_both_get_the_same_meetings(open_bench, monkeypatch) -> None:
    bench = await open_bench(request_timeout_s=20)
    python = python_environment("celcat-scraper", JUDGE / "celcat-scraper" / "requirements.txt")
    with running_celcat_simulator(today=TODAY) as url:
        async with httpx.AsyncClient() as client:
            truth = (await client.get(f"{url}/truth.json")).json()
        names = {"L1 MI", "L1 MI s1 CMA", "L1 MI s1 TDA1", "L1 MI s1 TPA11"}
        groups = [group["federation_id"] for group in truth["groups"] if group["name"] in names]
        mine = await ours(bench, url, groups, monkeypatch)
        script = JUDGE / "celcat_scraper_events.py"
        told = run(python, script, f"{url}/calendar/cergy", USER, PASSWORD, "2026-11-02", "2026-11-30")
    theirs = {
        (
            event["start"],
            event["end"],
            event["category"],
            len(event["rooms"]),
            event["course"].rpartition("[")[2].rstrip("]"),
        )
        for event in json.loads(told)
        if not event["all_day"]
    }
    assert len(theirs) > 40
    assert mine == theirs
