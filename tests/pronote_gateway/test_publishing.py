"""A watched account's class becomes a timetable like any other; nothing of a pupil leaves the gateway."""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import nats
import pytest
from carillon_celcat_simulator import demonstration_sources
from carillon_contracts.events import Observed, SourceFailed, SourceRead
from carillon_kit.sources_file import SourcesFileError
from carillon_pronote_gateway.app import create_app
from carillon_pronote_gateway.publishing import published_sessions, watched_accounts
from carillon_pronote_gateway.publishing.class_snapshots import ClassSnapshots
from carillon_pronote_gateway.publishing.entry import OTHERS
from carillon_pronote_gateway.settings import Settings
from carillon_scraper.registry import ENTRIES
from carillon_servers import eventually
from carillon_timetable_api.migrate import migrate
from pronote_gateways import NOW
from timetable_rest import opened

ERA = "2025.2.8"
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def watched(tmp_path, monkeypatch, pronote):
    """Writes a sources file with one watched account; keys may be changed or added."""

    def write(**keys) -> Path:
        monkeypatch.setenv("SCHOOL_USER", "demonstration")
        monkeypatch.setenv("SCHOOL_PASSWORD", keys.pop("password_is", "pronotevs"))
        told = {"slug": "college", "format": "pronote", "url": pronote.root(ERA), "year": "3e", "timetable": "3A"}
        told |= {"every": "1s", **keys}
        lines = [f"{name} = {json.dumps(value)}" for name, value in told.items()]
        lines += ['username = { env = "SCHOOL_USER" }', 'password = { env = "SCHOOL_PASSWORD" }']
        path = tmp_path / "sources.toml"
        head = '[institution]\nname = "Collège"\ntimezone = "Europe/Paris"\n\n[[source]]\n'
        path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


class Heard:
    """Every event since the beginning, in order."""

    def __init__(self, subscription) -> None:
        self._subscription = subscription
        self.bodies: list[bytes] = []
        self.events: list = []

    async def listen(self) -> None:
        async for message in self._subscription.messages:
            kinds = {"observed": Observed, "source.read": SourceRead, "source.failed": SourceFailed}
            kind = next(kind for start, kind in kinds.items() if message.subject.startswith(start))
            self.bodies.append(message.data)
            self.events.append(kind.model_validate_json(message.data))

    def all(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def listening(url: str):
    client = await nats.connect(url)
    heard = [Heard(await client.subscribe(subject)) for subject in ("observed.>", "source.>")]
    tasks = [asyncio.create_task(each.listen()) for each in heard]
    heard[1].bodies = heard[0].bodies
    heard[1].events = heard[0].events
    yield heard[0]
    for task in tasks:
        task.cancel()
    await client.close()


def future_lesson(pronote) -> dict:
    """A lesson of the class 3A later this week or next week, held as planned."""
    found = pronote.control(ERA, "/lessons?of=3A&first=2026-11-23&last=2026-11-27")
    return next(each for each in found if not each["cancelled"] and not each["status"])


async def test_the_class_is_published_and_nothing_of_a_pupil(own_nats_url, gateway, pronote, watched):
    path = watched(weeks=2)
    async with listening(own_nats_url) as heard, gateway(own_nats_url, sources=path):
        await eventually(lambda: heard.all(SourceRead))
        weeks = {event.week: event for event in heard.all(Observed)}
    assert set(weeks) == {"2026-W47", "2026-W48"}
    event = weeks["2026-W48"]
    assert event.calendar.name == "3A"
    assert [(group.name, group.mention) for group in event.calendar.groups] == [("3A", "3e")]
    truth = [
        each
        for each in pronote.control(ERA, "/lessons?of=PARENT%20Gaspard&first=2026-11-23&last=2026-11-29")
        if each["kind"] != "detention"
    ]
    told = {(each["start"], each["subject"]) for each in truth if each["status"] != "Cours déplacé"}
    shown = {(course.begin.astimezone(PARIS).isoformat(), course.name) for course in event.courses}
    assert told <= shown
    assert {course.status for course in event.courses} == {"planned", "cancelled"}
    assert all(course.teachers == () for course in event.courses)
    assert any(course.rooms for course in event.courses)
    assert all(group.mention == "3e" for course in event.courses for group in course.groups)
    said = b"".join(heard.bodies).decode()
    summary = pronote.control(ERA)
    people = [account["name"] for account in summary["accounts"]] + summary["teachers"]
    assert [name for name in people if name in said] == []
    assert "pronotevs" not in said


async def test_teachers_are_published_only_where_asked_for(own_nats_url, gateway, pronote, watched):
    path = watched(weeks=1, publish_teachers=True)
    async with listening(own_nats_url) as heard, gateway(own_nats_url, sources=path):
        await eventually(lambda: heard.all(SourceRead))
    assert any(course.teachers for event in heard.all(Observed) for course in event.courses)


async def test_a_parent_s_child_is_read_by_name(own_nats_url, gateway, pronote, watched):
    keys = {"account": "parent", "student": "PARENT Fanny", "weeks": 1}
    path = watched(**keys)
    async with listening(own_nats_url) as heard, gateway(own_nats_url, sources=path):
        await eventually(lambda: heard.all(SourceRead))
    assert {event.calendar.name for event in heard.all(Observed)} == {"4B"}


async def test_a_moved_and_a_cancelled_lesson_keep_their_ids(own_nats_url, gateway, pronote, watched):
    path = watched(weeks=2)
    lesson = future_lesson(pronote)
    start, end = (datetime.fromisoformat(lesson[name]) for name in ("start", "end"))
    later = start.replace(hour=18)
    async with listening(own_nats_url) as heard, gateway(own_nats_url, sources=path):
        await eventually(lambda: heard.all(SourceRead))

        def course_at(moment: datetime):
            newest = {event.week: event for event in heard.all(Observed)}["2026-W48"]
            found = [one for one in newest.courses if one.begin == moment and one.name == lesson["subject"]]
            return found[0] if found else None

        first = course_at(start)
        others = {one.event_id for one in heard.all(Observed)[-1].courses} - {first.event_id}
        change = {"start": later.isoformat(), "end": (later + (end - start)).isoformat()}
        pronote.control(ERA, f"/lessons/{lesson['key']}", method="PATCH", body=change)
        try:
            await eventually(lambda: course_at(later))
            assert course_at(later).event_id == first.event_id
            assert others <= {one.event_id for one in heard.all(Observed)[-1].courses}
            pronote.control(ERA, f"/lessons/{lesson['key']}/cancel", method="POST")
            await eventually(lambda: course_at(later).status == "cancelled")
            assert course_at(later).event_id == first.event_id
        finally:
            pronote.control(ERA, f"/lessons/{lesson['key']}/restore", method="POST")
            back = {"start": lesson["start"], "end": lesson["end"]}
            pronote.control(ERA, f"/lessons/{lesson['key']}", method="PATCH", body=back)


async def test_ids_outlive_a_restart(own_nats_url, gateway, pronote, watched):
    path = watched(weeks=1)
    seen = []
    for _ in range(2):
        async with listening(own_nats_url) as heard, gateway(own_nats_url, sources=path):
            await eventually(lambda heard=heard: heard.all(SourceRead))
        seen.append({(one.event_id, one.begin, one.name) for one in heard.all(Observed)[-1].courses})
    assert seen[0] == seen[1]
    assert len({event_id for event_id, _, _ in seen[0]}) == len(seen[0])


async def test_an_unchanged_week_is_not_published_again(own_nats_url, gateway, pronote, watched):
    path = watched(weeks=1)
    async with listening(own_nats_url) as heard, gateway(own_nats_url, sources=path):
        await eventually(lambda: len(heard.all(SourceRead)) >= 3)
    assert len(heard.all(Observed)) == 1


async def test_a_changed_lesson_reaches_the_timetable_api_within_two_seconds(
    own_nats_url, own_database, gateway, pronote, watched
):
    path = watched(weeks=1)
    await migrate(own_database)
    lesson = next(
        each
        for each in pronote.control(ERA, "/lessons?of=3A&first=2026-11-16&last=2026-11-20")
        if not each["cancelled"] and not each["status"]
    )
    async with opened(own_database, nats_url=own_nats_url) as api, listening(own_nats_url) as heard:
        api.clock["now"] = NOW
        began = time.monotonic()
        async with gateway(own_nats_url, clock=lambda: NOW + timedelta(seconds=time.monotonic() - began), sources=path):

            async def group_id():
                groups = await api.json("/api/groups/", params={"search": "3A"})
                return next((group["id"] for group in groups if group["name"] == "3A"), None)

            wanted = await eventually(group_id)
            address = f"/api/groups/{wanted}/courses/weeks/current/"
            await eventually(lambda: _rooms(api, address, lesson))
            body = {"rooms": ["CDI"]}
            pronote.control(ERA, f"/lessons/{lesson['key']}", method="PATCH", body=body)
            try:
                count = len(heard.all(Observed))
                await eventually(lambda: len(heard.all(Observed)) > count)
                polled = time.monotonic()

                async def changed():
                    return await _rooms(api, address, lesson) == ["CDI"]

                await eventually(changed, seconds=2)
                assert time.monotonic() - polled < 2
            finally:
                pronote.control(ERA, f"/lessons/{lesson['key']}", method="PATCH", body={"rooms": lesson["rooms"]})


async def _rooms(api, address: str, lesson: dict) -> list[str]:
    found = await api.json(address)
    courses = found["results"] if isinstance(found, dict) else found
    begin = datetime.fromisoformat(lesson["start"])
    for course in courses:
        if datetime.fromisoformat(course["begin"]) == begin and course["name"] == lesson["subject"]:
            return [room["name"] for room in course["rooms"]]
    return []


@pytest.mark.parametrize(
    "case",
    [("suspended-ip", "suspended-address"), ("closed", "site-closed"), ("busy", "site-busy")],
)
async def test_a_site_that_does_not_answer_is_told_and_what_is_known_stays(
    case, own_nats_url, gateway, pronote, watched
):
    fault, code = case
    path = watched(weeks=1)
    pronote.control(ERA, "/faults", method="POST", body={"fault": fault, "times": 0, "function": "page"})
    try:
        async with listening(own_nats_url) as heard, gateway(own_nats_url, sources=path):
            await eventually(lambda: heard.all(SourceFailed))
    finally:
        pronote.control(ERA, "/faults", method="DELETE")
    assert heard.all(SourceFailed)[0].code == code
    assert heard.all(Observed) == []


async def test_a_wrong_password_is_tried_once_only(own_nats_url, gateway, pronote, watched):
    path = watched(password_is="wrong")
    pronote.control(ERA, "/counters", method="DELETE")
    async with listening(own_nats_url) as heard, gateway(own_nats_url, sources=path):
        await eventually(lambda: heard.all(SourceFailed))
        await asyncio.sleep(1.5)  # longer than the interval: nothing may happen
    assert pronote.control(ERA, "/counters")["call:Identification"] == 1
    assert [event.code for event in heard.all(SourceFailed)] == ["wrong-credentials"]


async def test_a_failure_that_cannot_be_published_at_once_is_published_later(
    own_nats_url, gateway, pronote, watched, monkeypatch
):
    """So that the watch goes on: a school and NATS fall silent together when a network does."""
    publish, tries = ClassSnapshots.failed, []

    async def fails_at_first(*told) -> None:
        tries.append(told)
        if len(tries) == 1:
            raise nats.errors.TimeoutError
        await publish(*told)

    monkeypatch.setattr(ClassSnapshots, "failed", fails_at_first)
    monkeypatch.setattr(watched_accounts, "TELL_AGAIN_S", 0)
    path = watched(password_is="wrong")
    async with listening(own_nats_url) as heard, gateway(own_nats_url, sources=path):
        await eventually(lambda: heard.all(SourceFailed))


async def test_at_night_nothing_is_read(own_nats_url, gateway, pronote, watched):
    path = watched()
    pronote.control(ERA, "/counters", method="DELETE")
    night = (NOW - timedelta(hours=8)).time(), (NOW + timedelta(hours=8)).time()
    async with gateway(own_nats_url, sources=path, quiet_hours=night):
        await asyncio.sleep(1)
    assert pronote.control(ERA, "/counters").get("sign-ins", 0) == 0


async def test_a_user_who_consents_publishes_the_class_and_others_do_not(own_nats_url, gateway, pronote, monkeypatch):
    """Again and again, also when the session has left the memory meanwhile."""
    monkeypatch.setattr(published_sessions, "EVERY", timedelta(0))
    quick = {"session_sweep_s": 0.1, "session_park_s": 0.1}
    async with listening(own_nats_url) as heard, gateway(own_nats_url, **quick) as caller:
        await caller.sign_in(pronote.root(ERA))
        await asyncio.sleep(0.5)
        assert heard.events == []
        await caller.sign_in(pronote.root(ERA), publish=True)
        await eventually(lambda: len(heard.all(SourceRead)) > 2)
    assert {event.calendar.name for event in heard.all(Observed)} == {"3A"}
    assert "Gaspard" not in b"".join(heard.bodies).decode()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"zone": "D"}, "zone"),
        ({"weeks": 0}, "weeks"),
        ({"acount": "parent"}, 'did you mean "account"'),
        ({"account": "teacher"}, "account"),
    ],
)
def test_a_wrong_sources_file_is_told(keys, words, watched):
    path = watched(**keys)
    with pytest.raises(SourcesFileError, match=words):
        create_app(Settings(sources=path))


def test_it_passes_over_exactly_what_the_scraper_reads():
    assert set(ENTRIES) == OTHERS


def test_the_demonstration_s_sources_are_accepted(tmp_path):
    path = tmp_path / "demonstration.toml"
    path.write_text(demonstration_sources("http://127.0.0.1:1"), encoding="utf-8")
    assert create_app(Settings(sources=path))
