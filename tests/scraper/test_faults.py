"""Whatever a server does wrong, no course vanishes from the stream, and a person is told why."""

import asyncio
import gzip
import json
from datetime import time, timedelta

import celcat_pages
import pytest
from carillon_scraper.settings import Settings
from celcat_pages import Event, Page
from upstream_server import reply

GOOD = celcat_pages.xml(Page(events=[Event(), Event(series=2, weeks=(1, 2)), Event(series=3, day=3, weeks=(2, 3))]))
LOGIN = b'<!DOCTYPE html><html><form action="/login"><input name="p" type="password"></form></html>'
BOMB = b'<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><timetable>&b;</timetable>'

PACKED = gzip.compress(b" " * 50_000_000, 1)


async def hang(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n<time")
    await writer.drain()
    await asyncio.sleep(60)


async def drip(writer: asyncio.StreamWriter) -> None:
    """A byte now and then: never idle for long, never done."""
    writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


async def cut(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 5000\r\n\r\n" + GOOD[:1000])
    await writer.drain()


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\n\r\n")
    while True:
        writer.write(b"<!-- -->" * 8192)
        await writer.drain()


FAULTS = {
    "slow": (lambda _: hang, "timeout"),
    "dripping": (lambda _: drip, "timeout"),
    "cut off": (lambda _: cut, "truncated"),
    "endless": (lambda _: endless, "too-large"),
    "gzip bomb": (
        lambda _: reply(PACKED, headers={"Content-Encoding": "gzip"}),
        "too-large",
    ),
    "torn gzip": (lambda _: reply(gzip.compress(GOOD)[:-20], headers={"Content-Encoding": "gzip"}), "truncated"),
    "429": (lambda _: reply(b"", status=429, headers={"Retry-After": "0"}), "too-many-requests"),
    "429 for long": (lambda _: reply(b"", status=429, headers={"Retry-After": "3600"}), "host-busy"),
    "500": (lambda _: reply(b"<html>oops</html>", status=500), "http-status"),
    "403": (lambda _: reply(b"", status=403), "http-status"),
    "302 to login": (lambda _: reply(b"", status=302, headers={"Location": "/LdapLogin?x"}), "login-needed"),
    "302 elsewhere": (lambda _: reply(b"", status=302, headers={"Location": "/new/g1.xml"}), "redirected"),
    "200 with a login page": (lambda _: reply(LOGIN), "login-page"),
    "200 with another page": (lambda _: reply(b"<html><body>Maintenance</body></html>"), "html-page"),
    "empty": (lambda _: reply(b""), "empty"),
    "null": (lambda _: reply(b"null"), "not-xml"),
    "truncated": (lambda _: reply(GOOD[:-300]), "truncated"),
    "another encoding": (lambda _: reply(GOOD.decode("utf-8-sig").encode("utf-16")), "wrong-encoding"),
    "entity bomb": (lambda _: reply(BOMB), "dtd"),
    "no weeks": (lambda _: reply(celcat_pages.xml(Page(weeks=0, events=[]))), "no-weeks"),
    "sudden emptiness": (lambda _: reply(celcat_pages.xml(Page(events=[]))), "implausible"),
    "most courses gone": (lambda _: reply(celcat_pages.xml(Page(events=[Event()]))), "implausible"),
}


# The limit that such a fault runs into, and no good answer has to beat.
IMPATIENCE = {"slow": {"request_timeout_s": 0.3}, "dripping": {"request_timeout_s": 30.0, "answer_timeout_s": 0.5}}


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_takes_a_course_away(open_bench, fault) -> None:
    answer, code = FAULTS[fault]
    limits = {"request_tries": 2, "answer_max_bytes": 1_000_000, "failures_before_rest": 100}
    bench = await open_bench(**limits)
    bench.server.serve("/g1.xml", GOOD)
    bench.source()
    assert (await bench.read()).code is None
    before = await bench.shown()
    assert sum(map(len, before.values())) == 5
    bench.server.answers["/g1.xml"] = answer
    patient = bench
    if fault in IMPATIENCE:
        bench = await open_bench(**limits, **IMPATIENCE[fault])
        bench.source()
    outcome = await bench.read()
    failed = await bench.failed()
    assert (outcome.code, failed.code) == (code, code)
    assert failed.failed_at == bench.now
    assert failed.reason_fr
    assert failed.reason_en
    assert await bench.shown() == before
    bench.server.serve("/g1.xml", GOOD)
    if code != "host-busy":
        assert (await patient.read()).code is None


async def test_a_wrong_content_type_does_no_harm(bench) -> None:
    bench.server.serve("/g1.xml", GOOD, Content_Type="text/html")
    bench.source()
    assert (await bench.read()).code is None


async def test_a_host_that_refuses_connections_is_unreachable(bench) -> None:
    bench.source(url="http://127.0.0.1:1/g1.xml")
    assert (await bench.read()).code == "unreachable"


async def test_an_unknown_host_is_unreachable(bench) -> None:
    bench.source(url="http://nowhere.invalid/g1.xml")
    assert (await bench.read()).code == "unreachable"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "192.168.1.1"])
async def test_private_addresses_are_refused_unless_allowed(open_bench, host) -> None:
    bench = await open_bench(allow_private_addresses=False)
    bench.source(url=f"http://{host}:{bench.server.url.rpartition(':')[2]}/g1.xml")
    assert (await bench.read()).code == "private-address"
    assert "CARILLON_ALLOW_PRIVATE_ADDRESSES" in (await bench.failed()).reason_en
    assert bench.server.requests == []


async def test_an_emptied_page_is_believed_when_a_later_read_confirms_it(bench) -> None:
    bench.server.serve("/g1.xml", GOOD)
    bench.source()
    await bench.read()
    bench.server.serve("/g1.xml", celcat_pages.xml(Page(events=[])))
    assert (await bench.read()).doubtful
    assert (await bench.read(later=timedelta(seconds=5))).doubtful, "too soon after the first"
    assert (await bench.read(later=timedelta(minutes=10))).code is None
    assert set(map(tuple, (await bench.shown()).values())) == {()}


async def test_a_week_that_loses_other_courses_each_time_is_not_believed(bench) -> None:
    courses = [Event(series=n, day=n % 5) for n in range(1, 7)]
    bench.server.serve("/g1.xml", celcat_pages.xml(Page(events=courses)))
    bench.source()
    await bench.read()
    before = await bench.shown()
    for survivor in courses[:3]:
        bench.server.serve("/g1.xml", celcat_pages.xml(Page(events=[survivor])))
        assert (await bench.read()).doubtful
    assert await bench.shown() == before


async def test_an_ordinary_change_and_a_deletion_pass_at_once(bench) -> None:
    events = [Event(series=n, day=n % 5, weeks=(1, 2)) for n in range(1, 7)]
    bench.server.serve("/g1.xml", celcat_pages.xml(Page(events=events)))
    bench.source()
    await bench.read()
    events[0].day, events[1].weeks = 4, (2,)
    bench.server.serve("/g1.xml", celcat_pages.xml(Page(events=events)))
    outcome = await bench.read()
    assert (outcome.code, outcome.changed_weeks) == (None, {"2026-W47", "2026-W48"})
    assert len((await bench.shown())["g1 2026-W47"]) == 5


async def test_the_guard_remembers_over_a_restart_what_the_stream_holds(bench) -> None:
    bench.server.serve("/g1.xml", GOOD)
    bench.source()
    await bench.read()
    before = await bench.shown()
    bench.server.serve("/g1.xml", celcat_pages.xml(Page(events=[])))
    bench.source()  # a new process: nothing in memory
    assert (await bench.read()).doubtful
    assert await bench.shown() == before


async def test_the_failing_answer_is_kept_for_the_operator_and_bounded(bench) -> None:
    bench.server.serve("/g1.xml", b"not xml" + b" " * 6_000_000)
    bench.source()
    await bench.read()
    kept = (bench.folder / "failed" / "s.answer").read_bytes()
    assert kept.startswith(b"not xml")
    assert len(kept) == 5_000_000
    about = json.loads((bench.folder / "failed" / "s.json").read_text())
    assert (about["code"], about["bytes"]) == ("not-xml", 6_000_007)


async def test_nothing_secret_is_in_a_failure(bench, monkeypatch) -> None:
    monkeypatch.setenv("FEED", f"{bench.server.url}/cal/ical/G1-swordfish/schedule.ics")
    bench.source(format="ical", url={"env": "FEED"})
    await bench.read()
    failed = await bench.failed()
    assert failed.code == "http-status"
    assert "swordfish" not in failed.model_dump_json()


async def test_one_broken_page_of_a_faculty_does_not_hide_the_others(bench) -> None:
    index = b'<html><select><option value="g1.html">A, L1 A</option><option value="g2.html">B, L1 B</option></select>'
    bench.server.serve("/gindex.html", index)
    bench.server.serve("/g1.xml", b"torn")
    bench.server.serve("/g2.xml", GOOD)
    bench.source("/gindex.html")
    outcome = await bench.read()
    assert outcome.code == "not-xml"
    assert (await bench.failed()).reason_en.startswith("1 of 2 pages: g1: ")
    assert {place.split()[0] for place in await bench.shown()} == {"g2"}


def test_quiet_hours_are_two_times(monkeypatch) -> None:
    monkeypatch.setenv("CARILLON_QUIET_HOURS", "22:00-05:00")
    assert Settings.from_environment().quiet_hours == (time(22), time(5))
    monkeypatch.setenv("CARILLON_QUIET_HOURS", "")
    assert Settings.from_environment().quiet_hours is None


def test_the_settings_name_what_is_wrong(monkeypatch, capsys) -> None:
    monkeypatch.setenv("CARILLON_QUIET_HOURS", "at night")
    monkeypatch.setenv("CARILLON_REQUEST_PAUSE_S", "-1")
    with pytest.raises(SystemExit):
        Settings.from_environment()
    told = capsys.readouterr().err
    assert "CARILLON_QUIET_HOURS" in told
    assert "CARILLON_REQUEST_PAUSE_S" in told
