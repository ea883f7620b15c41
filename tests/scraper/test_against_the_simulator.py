"""Every format, read from the CELCAT simulator over HTTP and compared with its plain statement of the truth.

The simulator was written from the description of the formats alone, by others, and shares no code with the scraper.
"""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from carillon_scraper.known import Known
from carillon_scraper.registry import ENTRIES, FORMATS
from carillon_scraper.visit import Memory, Shown, Visit
from celcat_simulators import running_celcat_simulator

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SITES = [
    "toulouse-2023",
    "toulouse-2019",
    "iut-toulouse",
    "cergy-no-break",
    "versailles",
    "velizy",
    "bordeaux",
    "london",
]


@dataclass
class Simulator:
    url: str
    truth: dict[str, Any]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.url}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")

    def order(self, kind: str, path: str, **more: Any) -> None:
        self.ask("POST", "/simulator/faults", {"kind": kind, "path": path, **more})

    def group(self, name: str) -> dict[str, Any]:
        return next(group for group in self.truth["groups"] if group["name"] == name)


@contextmanager
def running_simulator() -> Iterator[Simulator]:
    with running_celcat_simulator(today=TODAY) as url:
        simulator = Simulator(url, {})
        simulator.truth = simulator.ask("GET", "/truth.json")
        yield simulator


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    """One whose publication no test changes."""
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    running.ask("DELETE", "/simulator/requests")
    yield running
    running.ask("DELETE", "/simulator/faults")


@pytest.fixture
def own_simulator() -> Iterator[Simulator]:
    with running_simulator() as simulator:
        yield simulator


async def readings(bench, simulator, format_name: str, path: str, **keys: Any):
    entry = ENTRIES[format_name].model_validate(
        {"slug": "s", "format": format_name, "url": f"{simulator.url}{path}", "year": "L1", "timetable": "T", **keys},
        context={"folder": bench.folder},
    )
    visit = Visit(entry, PARIS, NOW, bench.fetcher, Known(), Memory())
    found = [result async for result in FORMATS[format_name].read(visit)]
    assert all(isinstance(result, Shown) for result in found), found
    return [result.reading for result in found]


def courses(found) -> dict[str, Any]:
    return {course.event_id: course for reading in found for shown in reading.weeks for course in shown.courses}


def local(moment: datetime) -> str:
    return moment.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M:%S")


def blank_or(notes: str | None) -> str | None:
    return (notes or "").strip() or None


def told(meeting: dict[str, Any], *fields: str) -> tuple:
    modules = ", ".join(meeting["modules"])
    all_fields = {
        "times": (meeting["begin"], meeting["end"]),
        "name": modules or meeting["type"],
        "type": meeting["type"] if modules else None,
        "groups": tuple(sorted(meeting["groups"])),
        "rooms": tuple(sorted(meeting["rooms"])),
        "notes": blank_or(meeting["notes"]),
    }
    return tuple(all_fields[name] for name in fields)


def read(course, *fields: str) -> tuple:
    all_fields = {
        "times": (local(course.begin), local(course.end)),
        "name": course.name,
        "type": course.type,
        "groups": tuple(sorted(group.name for group in course.groups)),
        "rooms": tuple(sorted(course.rooms)),
        "notes": course.notes,
    }
    return tuple(all_fields[name] for name in fields)


def same(found: dict[str, Any], meetings: list[dict[str, Any]], *fields: str) -> None:
    assert sorted(map(repr, (read(course, *fields) for course in found.values()))) == sorted(
        map(repr, (told(meeting, *fields) for meeting in meetings))
    )


EVERYTHING = ("times", "name", "type", "groups", "rooms", "notes")
CMA = "L1 MI s1 CMA"


def of_cma(simulator: Simulator) -> list[dict[str, Any]]:
    return [meeting for meeting in simulator.truth["meetings"] if CMA in meeting["groups"]]


@pytest.mark.parametrize("index", ["gindex.html", "index.html", "finder.html"])
async def test_a_whole_faculty_of_web_publisher_pages(bench, simulator, index) -> None:
    found = await readings(bench, simulator, "celcat-xml", f"/publisher/{index}")
    assert len(found) == len(simulator.truth["groups"])
    same(courses(found), [m for m in simulator.truth["meetings"] if m["on_pages"]], *EVERYTHING)


async def test_chosen_groups_of_a_faculty(bench, simulator) -> None:
    found = await readings(bench, simulator, "celcat-xml", "/publisher/finder.xml", groups=["L1 MI s1 TD*"])
    wanted = [group["name"] for group in simulator.truth["groups"] if group["name"].startswith("L1 MI s1 TD")]
    assert sorted(reading.calendar.name for reading in found) == sorted(wanted)


@pytest.mark.parametrize("dialect", ["iut", "reims", "2015", "merged"])
async def test_web_publisher_pages_of_other_sites(bench, simulator, dialect) -> None:
    page = simulator.group("L1 MI")["page"].rpartition("/")[2]
    plain = courses(await readings(bench, simulator, "celcat-xml", f"/publisher/{page}"))
    found = courses(await readings(bench, simulator, "celcat-xml", f"/publisher/{dialect}/{page}"))
    assert sorted(map(repr, (read(c, "times", "groups") for c in found.values()))) == sorted(
        map(repr, (read(c, "times", "groups") for c in plain.values()))
    )


@pytest.mark.parametrize("folder", ["", "latin1/", "floating/"])
async def test_static_feeds(bench, simulator, folder) -> None:
    page = f"/publisher/{folder}g{simulator.group(CMA)['id']}.ics"
    found = courses(await readings(bench, simulator, "ical", page))
    mine = {key: course for key, course in found.items() if CMA in {group.name for group in course.groups}}
    same(mine, of_cma(simulator), *EVERYTHING)


async def test_a_token_feed(bench, simulator) -> None:
    (bench.folder / "address").write_text(f"{simulator.url}/{simulator.group(CMA)['token_feed']}")
    found = await readings(bench, simulator, "ical", "", url={"file": "address"}, group=CMA)
    same(courses(found), of_cma(simulator), "times", "name", "type", "groups", "rooms")


async def test_the_cloud(bench, simulator) -> None:
    found = await readings(bench, simulator, "celcat-cloud", "", groups=[str(simulator.group(CMA)["id"])])
    same(courses(found), of_cma(simulator), "times", "type", "groups", "rooms", "notes")


async def test_calendar_7(bench, simulator) -> None:
    name = simulator.group(CMA)["resource_name"]
    found = await readings(bench, simulator, "celcat-legacy", "/calendar7/default.aspx", groups=[name])
    mine = {key: course for key, course in courses(found).items() if CMA in {group.name for group in course.groups}}
    assert any(course.notes and not course.rooms for course in mine.values())
    same(mine, of_cma(simulator), "times", "type", "groups", "rooms", "notes")
    taught = [meeting for meeting in of_cma(simulator) if meeting["modules"]]
    same({key: course for key, course in mine.items() if course.type}, taught, *EVERYTHING)


@pytest.mark.parametrize("site", SITES)
async def test_calendar_8_whatever_the_site_writes_into_descriptions(bench, simulator, site) -> None:
    found = courses(
        await readings(
            bench, simulator, "celcat-calendar", f"/calendar/{site}", groups=[simulator.group(CMA)["federation_id"]]
        )
    )
    names_groups = site not in ("iut-toulouse", "cergy-no-break")
    fields = ("times", "name", "type", *(("groups",) if names_groups else ()))
    same(found, of_cma(simulator), *fields)
    for meeting in of_cma(simulator):
        (course,) = [c for c in found.values() if read(c, "times") == told(meeting, "times")]
        assert len(course.rooms) == len(meeting["rooms"])
        assert all(any(room in ours for ours in course.rooms) for room in meeting["rooms"])
        assert course.notes in (None, blank_or(meeting["notes"]))
        assert course.teachers == ()
        assert not any(person in course.model_dump_json() for person in meeting["staff"])
    asked = simulator.ask("GET", "/simulator/requests")
    side_bars = [each for each in asked["requests"] if each["path"].endswith("GetSideBarEvent")]
    assert len(side_bars) < len(found) / 4
    assert set(asked["max_concurrency"].values()) <= {1}


@pytest.fixture
def account(monkeypatch):
    monkeypatch.setenv("CELCAT_USER", "e.aubepine")
    monkeypatch.setenv("CELCAT_PASSWORD", "un mot de passe")
    return {"user": {"env": "CELCAT_USER"}, "password": {"env": "CELCAT_PASSWORD"}}


def calendar(bench, simulator, site: str = "toulouse-2023", **keys: Any) -> None:
    bench.source(
        url=f"{simulator.url}/calendar/{site}",
        format="celcat-calendar",
        groups=[simulator.group(CMA)["federation_id"]],
        **keys,
    )


NEAR = ("2026-W47", "2026-W48", "2026-W49")


async def test_a_server_that_asks_for_a_login_gets_one_and_again_when_the_session_ends(
    bench, simulator, account
) -> None:
    calendar(bench, simulator, "cergy", **account)
    assert (await bench.read(weeks=NEAR)).code is None
    before = await bench.shown()
    assert sum(map(len, before.values())) > 3
    simulator.order("session-expired", "/calendar/cergy/Home/GetCalendarData")
    assert (await bench.read(weeks=NEAR)).code is None
    assert await bench.shown() == before


async def test_without_an_account_or_with_a_wrong_one_a_person_is_told(bench, simulator, account, monkeypatch) -> None:
    calendar(bench, simulator, "cergy")
    assert (await bench.read(weeks=NEAR)).code == "login-needed"
    monkeypatch.setenv("CELCAT_PASSWORD", "swordfish")
    calendar(bench, simulator, "cergy", **account)
    outcome = await bench.read(weeks=NEAR)
    assert outcome.code == "login-refused"
    assert outcome.retry_at - bench.now == timedelta(hours=6)
    assert "swordfish" not in (await bench.failed()).model_dump_json()


FAULTS = {
    "slow": {"seconds": 60},
    "drip": {"seconds": 60},
    "rate-limited": {"retry_after": "300"},
    "redirect": {"location": "/elsewhere"},
    "login-redirect": {},
    "session-expired": {},
    "login-page": {},
    "truncated": {},
    "cut-connection": {},
    "null": {},
    "wrong-encoding": {},
    "server-error": {},
    "unauthorized": {},
    "forbidden": {},
    "not-found": {},
    "empty": {},
    "half-empty": {},
    "huge": {"megabytes": 50},
}


# The limit that such a fault runs into, and no good answer has to beat.
IMPATIENCE = {"slow": {"request_timeout_s": 0.3}, "drip": {"request_timeout_s": 30.0, "answer_timeout_s": 0.5}}


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_of_a_calendar_8_server_takes_a_course_away(open_bench, simulator, fault) -> None:
    limits = {"request_tries": 1, "failures_before_rest": 100, "answer_max_bytes": 3_000_000, "plausible_drop": 0.3}
    bench = await open_bench(**limits)
    calendar(bench, simulator)
    assert (await bench.read(weeks=NEAR)).code is None
    before = await bench.shown()
    assert sum(map(len, before.values())) > 3
    simulator.order(fault, "/calendar/toulouse-2023/Home/GetCalendarData", times=None, **FAULTS[fault])
    if fault in IMPATIENCE:
        bench = await open_bench(**limits, **IMPATIENCE[fault])
        calendar(bench, simulator)
    assert (await bench.read(weeks=NEAR)).code is not None
    assert await bench.shown() == before
    assert (await bench.failed()).reason_fr


async def test_a_wrong_content_type_is_passed_over(bench, simulator) -> None:
    calendar(bench, simulator)
    await bench.read(weeks=NEAR)
    before = await bench.shown()
    simulator.order("wrong-content-type", "/calendar/toulouse-2023/Home/GetCalendarData")
    assert (await bench.read(weeks=NEAR)).code is None
    assert await bench.shown() == before


@pytest.mark.parametrize("format_name", ["celcat-xml", "celcat-calendar"])
async def test_moved_renamed_and_deleted_events_arrive(bench, own_simulator, format_name) -> None:
    chosen = [m for m in of_cma(own_simulator) if "2026-11-23" <= m["begin"] < "2026-11-28" and m["modules"]]
    moved, deleted = chosen[0], chosen[1]
    if format_name == "celcat-xml":
        bench.source(url=f"{own_simulator.url}/{own_simulator.group(CMA)['page']}")
    else:
        calendar(bench, own_simulator)
    await bench.read()
    before = (await bench.shown())[next(key for key in await bench.shown() if key.endswith("2026-W48"))]
    own_simulator.ask("POST", f"/simulator/events/{moved['key']}/move", {"begin": "19:00", "end": "20:00"})
    own_simulator.ask("POST", f"/simulator/events/{deleted['key']}/delete")
    outcome = await bench.read()
    assert (outcome.code, outcome.changed_weeks) == (None, {"2026-W48"})
    shown = await bench.shown()
    after = shown[next(key for key in shown if key.endswith("2026-W48"))]
    assert len(after) == len(before) - 1
    assert set(after) < set(before), "a moved event keeps its id"
