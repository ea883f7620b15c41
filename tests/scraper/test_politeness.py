"""What the servers notice of us: pauses, one request at a time, validators, obedience, and a name with a contact."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import celcat_pages
import httpx
import pytest
from carillon_scraper import metrics
from carillon_scraper.failures import ReadFailedError
from upstream_server import reply


async def test_one_request_at_a_time_and_a_pause_between_them(open_bench) -> None:
    bench = await open_bench(request_pause_s=0.05)
    bench.server.serve("/x", b"x")
    started = time.monotonic()
    await asyncio.gather(*(bench.fetcher.request("GET", f"{bench.server.url}/x") for _ in range(6)))
    assert time.monotonic() - started >= 5 * 0.05
    assert bench.server.most_open == 1


async def test_the_servers_owner_can_see_who_we_are(open_bench) -> None:
    bench = await open_bench(operator_contact="mailto:edt@univ.test")
    bench.server.serve("/x", b"x")
    await bench.fetcher.request("GET", f"{bench.server.url}/x")
    assert bench.server.requests[0].headers["user-agent"] == "Carillon/0.1 (+mailto:edt@univ.test)"


async def test_an_unchanged_page_is_asked_for_with_its_validators_and_counts_as_read(bench) -> None:
    body = celcat_pages.xml()

    def answer(request):
        if request.headers.get("if-none-match") == '"v1"':
            return reply(b"", status=304)
        return reply(body, headers={"ETag": '"v1"', "Last-Modified": "Sat, 21 Nov 2026 00:41:39 GMT"})

    bench.server.answers["/g1.xml"] = answer
    bench.source()
    await bench.read()
    outcome = await bench.read()
    assert bench.server.requests[1].headers["if-modified-since"] == "Sat, 21 Nov 2026 00:41:39 GMT"
    read = await bench.was_read()
    assert (outcome.code, read.observed_at, read.courses) == (None, bench.now, 1)
    assert [calendar.key for calendar in read.calendars] == ["g1"]
    assert [type(event).__name__ for event in bench.events] == ["SourceRead"]


async def test_a_doubted_page_is_asked_for_without_validators(bench) -> None:
    bench.server.serve("/g1.xml", celcat_pages.xml(), ETag='"v1"')
    bench.source()
    await bench.read()
    bench.server.serve("/g1.xml", celcat_pages.xml(celcat_pages.Page(events=[])), ETag='"v2"')
    await bench.read()
    await bench.read()
    assert "if-none-match" not in bench.server.requests[2].headers


@pytest.mark.parametrize("form", ["seconds", "date", "absent"])
async def test_retry_after_is_obeyed(open_bench, form, monkeypatch) -> None:
    monkeypatch.setattr("carillon_scraper.fetching.answer.DEFAULT_RETRY_AFTER_S", 1.0)
    bench = await open_bench()
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    headers = {"seconds": {"Retry-After": "1"}, "date": {"Retry-After": soon}, "absent": {}}[form]
    moments = []

    def answer(_request):
        moments.append(time.monotonic())
        return reply(b"", status=429, headers=headers) if len(moments) == 1 else reply(b"done")

    bench.server.answers["/x"] = answer
    assert (await bench.fetcher.request("GET", f"{bench.server.url}/x")).body == b"done"
    assert moments[1] - moments[0] >= 0.9


async def test_a_host_that_fails_again_and_again_is_left_alone_and_this_shows(open_bench) -> None:
    bench = await open_bench(failures_before_rest=3, rest_s=0.3, request_tries=1)
    host = bench.server.url.removeprefix("http://")
    bench.server.serve("/g1.xml", b"", status=500)
    bench.source()
    assert [(await bench.read()).code for _ in range(4)] == ["http-status"] * 3 + ["circuit-open"]
    assert len(bench.server.requests) == 3
    assert "failed 3 times in a row" in (await bench.failed()).reason_en
    assert metrics.CIRCUIT_OPEN.labels(host)._value.get() == 1
    bench.server.serve("/g1.xml", celcat_pages.xml())
    await asyncio.sleep(0.4)
    assert (await bench.read()).code is None
    assert metrics.CIRCUIT_OPEN.labels(host)._value.get() == 0


async def test_a_host_still_down_after_its_rest_rests_longer(open_bench) -> None:
    bench = await open_bench(failures_before_rest=2, rest_s=0.2, request_tries=1)
    bench.server.serve("/g1.xml", b"", status=503)
    bench.source()
    await bench.read()
    await bench.read()
    await asyncio.sleep(0.25)
    assert (await bench.read()).code == "http-status"
    outcome = await bench.read()
    assert outcome.code == "circuit-open"
    assert outcome.retry_at is not None
    await asyncio.sleep(0.25)
    assert (await bench.read()).code == "circuit-open"


async def test_a_passing_trouble_is_tried_again_within_one_read(bench) -> None:
    replies = [reply(b"", status=502), reply(b"", status=500), reply(celcat_pages.xml())]
    bench.server.answers["/g1.xml"] = lambda _: replies.pop(0)
    bench.source()
    assert (await bench.read()).code is None


async def test_a_feed_may_redirect_but_not_to_a_login_nor_without_end(bench) -> None:
    feed = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
    bench.server.serve("/new.ics", feed)
    bench.server.serve("/old.ics", b"", status=301, Location="/new.ics")
    bench.server.serve("/loop.ics", b"", status=302, Location="/loop.ics")
    bench.server.serve("/closed.ics", b"", status=302, Location="https://cas.univ.test/cas/login")
    bench.server.serve("/dossouk.ics", feed)
    bench.server.serve("/moved.ics", b"", status=302, Location="/dossouk.ics")
    codes = []
    for path in ("/old.ics", "/loop.ics", "/closed.ics", "/moved.ics"):
        bench.source(path, format="ical")
        codes.append((await bench.read()).code)
    assert codes == [None, "redirected", "login-needed", None]


async def test_cookies_of_one_source_are_not_sent_for_another(bench) -> None:
    bench.server.serve("/x", b"x", Set_Cookie="session=1")
    mine = httpx.Cookies()
    await bench.fetcher.request("GET", f"{bench.server.url}/x", cookies=mine)
    await bench.fetcher.request("GET", f"{bench.server.url}/x", cookies=mine)
    await bench.fetcher.request("GET", f"{bench.server.url}/x")
    assert [request.headers.get("cookie") for request in bench.server.requests] == [None, "session=1", None]


async def test_what_is_no_address_is_a_failure_like_any_other(bench) -> None:
    with pytest.raises(ReadFailedError):
        await bench.fetcher.request("GET", "http://exa mple\x00/")
