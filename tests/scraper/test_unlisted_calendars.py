"""A calendar that its source lists no longer: when it is called gone, when not, and how it comes back."""

import json
from datetime import timedelta

import celcat_pages
import pytest
from celcat_pages import Event, Page
from upstream_server import Answer, Request, reply

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def list_pages(bench, *numbers: int) -> None:
    """The index names these pages; every page answers whether it is named or not."""
    options = "".join(f'<option value="g{number}.html">G{number}, L1 {number}</option>' for number in numbers)
    bench.server.serve("/gindex.html", f"<html><select>{options}</select></html>".encode())


def page(number: int) -> Answer:
    """A page that need not be sent again to those who have it."""
    body, tag = celcat_pages.xml(Page(name=f"L1 {number}", events=[Event(series=number)])), f'"{number}"'

    def answer(request: Request) -> bytes:
        known = request.headers.get("if-none-match") == tag
        return reply(b"", status=304) if known else reply(body, headers={"ETag": tag})

    return answer


async def faculty(bench, *numbers: int) -> None:
    for number in numbers:
        bench.server.answers[f"/g{number}.xml"] = page(number)
    list_pages(bench, *numbers)
    bench.source("/gindex.html")
    assert (await bench.read()).code is None


async def gone(bench, later: timedelta = HOUR) -> tuple[str, ...]:
    assert (await bench.read(later)).code is None
    read = await bench.was_read()
    assert read is not None
    assert read.observed_at == bench.now
    return read.gone


async def test_a_page_that_leaves_the_index_is_gone_after_a_day_and_stays_so(bench) -> None:
    await faculty(bench, 1, 2, 3)
    list_pages(bench, 1, 2)
    assert await gone(bench) == ()
    assert await gone(bench, later=DAY - HOUR) == ()
    assert await gone(bench, later=HOUR) == ("g3",)
    for _ in range(3):
        assert await gone(bench) == ("g3",)
    read = await bench.was_read()
    assert ([calendar.key for calendar in read.calendars], read.courses) == (["g1", "g2"], 2)
    assert [type(event).__name__ for event in bench.events] == ["SourceRead"], "no empty snapshot is published"
    assert (await bench.shown())["g3 2026-W47"] == ["3:2026-11-16"], "the stream keeps what was last shown"


async def test_a_page_that_comes_back_within_the_day_was_never_gone(bench) -> None:
    await faculty(bench, 1, 2)
    list_pages(bench, 1)
    assert await gone(bench) == ()
    list_pages(bench, 1, 2)
    assert await gone(bench, later=DAY) == ()
    list_pages(bench, 1)
    assert await gone(bench) == ()
    assert await gone(bench, later=DAY - HOUR) == (), "the day is counted anew"
    assert await gone(bench, later=HOUR) == ("g2",)


async def test_a_page_that_comes_back_later_is_published_anew_though_it_is_as_it_was(bench) -> None:
    await faculty(bench, 1, 2)
    list_pages(bench, 1)
    await gone(bench)
    assert await gone(bench, later=DAY) == ("g2",)
    list_pages(bench, 1, 2)
    assert await gone(bench) == ()
    told = [event.subject for event in bench.events]
    assert told[:-1] == [f"observed.s.g2.2026-W{week}" for week in (47, 48, 49)], "whatever its ETag says"
    assert bench.events[0].courses[0].event_id == "2:2026-11-16"
    assert (await bench.was_read()).courses == 2
    assert await gone(bench) == ()
    assert len(bench.events) == 1


async def test_what_comes_back_smaller_is_not_doubted(bench) -> None:
    await faculty(bench, 1, 2)
    list_pages(bench, 1)
    await gone(bench)
    await gone(bench, later=DAY)
    bench.server.serve("/g2.xml", celcat_pages.xml(Page(name="L1 2", events=[])))
    list_pages(bench, 1, 2)
    assert await gone(bench) == ()
    assert (await bench.shown())["g2 2026-W47"] == []


async def test_failed_and_doubted_reads_tell_nothing_of_the_list(bench) -> None:
    await faculty(bench, 1, 2, 3)
    list_pages(bench, 1, 2)
    bench.server.serve("/g1.xml", b"torn")
    assert (await bench.read()).code == "not-xml"
    bench.server.answers["/g1.xml"] = page(1)
    assert await gone(bench, later=DAY) == (), "the day begins with the first complete read"
    bench.server.serve("/g1.xml", celcat_pages.xml(Page(name="L1 1", events=[])))
    assert (await bench.read(later=DAY)).doubtful
    assert (await bench.was_read()).gone == ()
    bench.server.answers["/gindex.html"] = lambda _: reply(b"", status=500)
    assert (await bench.read(later=DAY)).code == "http-status"
    bench.server.answers["/g1.xml"] = page(1)
    list_pages(bench, 1, 2)
    assert await gone(bench) == ("g3",)


async def test_a_page_that_an_incomplete_read_met_was_listed(bench) -> None:
    await faculty(bench, 1, 2, 3)
    list_pages(bench, 1, 2)
    assert await gone(bench) == ()
    list_pages(bench, 1, 2, 3)
    bench.server.serve("/g1.xml", b"", status=404)
    assert (await bench.read()).code == "http-status"
    bench.server.answers["/g1.xml"] = page(1)
    list_pages(bench, 1, 2)
    assert await gone(bench, later=DAY) == ()


async def test_a_calendar_that_is_gone_stays_so_over_a_restart(bench) -> None:
    await faculty(bench, 1, 2)
    list_pages(bench, 1)
    await gone(bench)
    assert await gone(bench, later=DAY) == ("g2",)
    bench.source("/gindex.html")  # a new process: nothing in memory
    assert await gone(bench) == ("g2",)


async def test_a_calendar_that_came_back_is_so_over_a_restart_whatever_the_last_complete_read_said(bench) -> None:
    await faculty(bench, 1, 2)
    list_pages(bench, 1)
    await gone(bench)
    assert await gone(bench, later=DAY) == ("g2",)
    list_pages(bench, 1, 2)
    bench.server.serve("/g1.xml", b"", status=404)
    assert (await bench.read()).code == "http-status"
    assert "g2" in [event.calendar.key for event in bench.events[:-1]]
    bench.source("/gindex.html")
    bench.server.answers["/g1.xml"] = page(1)
    list_pages(bench, 1)
    assert await gone(bench) == (), "the day is counted anew"


async def test_a_restart_begins_the_count_anew(bench) -> None:
    await faculty(bench, 1, 2)
    list_pages(bench, 1)
    await gone(bench)
    bench.source("/gindex.html")
    assert await gone(bench, later=DAY) == ()
    assert await gone(bench, later=DAY) == ("g2",)


async def test_a_list_that_lost_more_than_half_is_doubted_aloud_and_believed_after_two_days(bench) -> None:
    await faculty(bench, 1, 2, 3, 4, 5, 6, 7)
    list_pages(bench, 1, 2, 3)
    for later in (HOUR, HOUR, DAY):
        outcome = await bench.read(later)
        assert (outcome.code, outcome.doubtful, outcome.partial) == ("implausible", False, True)
    assert "4 calendars are no longer in the list (g4, g5, g6 …)" in (await bench.failed()).reason_en
    assert "4 calendriers ne sont plus dans la liste" in (await bench.failed()).reason_fr
    assert (await bench.was_read()).gone == ()
    assert await gone(bench, later=DAY) == ("g4", "g5", "g6", "g7")


async def test_a_list_that_heals_leaves_no_trace(bench) -> None:
    await faculty(bench, 1, 2, 3, 4, 5)
    list_pages(bench, 1)
    before = await bench.shown()
    assert (await bench.read()).code == "implausible"
    list_pages(bench, 1, 2, 3, 4, 5)
    assert await gone(bench) == ()
    assert await bench.shown() == before
    assert len(bench.events) == 1


@pytest.mark.parametrize(("before", "after"), [(4, 1), (8, 4)])
async def test_three_or_half_may_leave_without_a_word(bench, before, after) -> None:
    await faculty(bench, *range(1, before + 1))
    list_pages(bench, *range(1, after + 1))
    assert await gone(bench) == ()
    assert await gone(bench, later=DAY) == tuple(f"g{number}" for number in range(after + 1, before + 1))


async def test_a_calendar_that_the_operator_chooses_no_longer_is_gone_too(bench) -> None:
    await faculty(bench, 1, 2)
    bench.source("/gindex.html", groups=["g1"])
    assert await gone(bench) == ()
    assert await gone(bench, later=DAY) == ("g2",)


def serve_calendar_8(bench, *groups: str, total: int | None = None) -> None:
    """A list of groups, and of each group one course in the first week that is asked for."""

    def resources(request: Request) -> bytes:
        if request.form["resType"] != ["103"]:
            return reply(b'{"total": 0, "results": []}')
        listed = [{"id": group, "text": f"{group} - L1 {group}"} for group in groups]
        results = listed if request.form["pageNumber"] == ["1"] else []
        return reply(json.dumps({"total": total or len(listed), "results": results}).encode())

    def events(request: Request) -> bytes:
        (group,), (start,) = request.form["federationIds[]"], request.form["start"]
        event = {"id": f"{group}:{start}", "start": f"{start}T08:00:00", "end": f"{start}T10:00:00"}
        return reply(json.dumps([event]).encode())

    bench.server.answers |= {"/Home/ReadResourceListItems": resources, "/Home/GetCalendarData": events}


async def gone_near(bench, later: timedelta = HOUR) -> tuple[str, ...]:
    assert (await bench.read(later, weeks=("2026-W47",))).code is None
    return (await bench.was_read()).gone


async def test_a_group_that_leaves_the_list_of_calendar_8_is_gone_whichever_weeks_are_read(bench) -> None:
    serve_calendar_8(bench, "A", "B")
    bench.source("/", format="celcat-calendar")
    assert await gone_near(bench) == ()
    serve_calendar_8(bench, "A")
    assert await gone_near(bench) == (), "the list is read once a day"
    assert await gone_near(bench, later=DAY) == ()
    assert await gone_near(bench, later=DAY) == ("B",)
    serve_calendar_8(bench, "A", "B")
    assert await gone_near(bench, later=DAY) == ()
    assert [event.subject for event in bench.events[:-1]] == ["observed.s.B.2026-W47"]


async def test_of_a_list_that_is_shorter_than_it_says_nothing_is_gone(bench) -> None:
    serve_calendar_8(bench, "A", "B")
    bench.source("/", format="celcat-calendar")
    assert await gone_near(bench) == ()
    serve_calendar_8(bench, "A", total=2)
    for _ in range(4):
        assert await gone_near(bench, later=DAY) == ()
    serve_calendar_8(bench, "A")
    assert await gone_near(bench, later=DAY) == ()
    assert await gone_near(bench, later=DAY) == ("B",)
