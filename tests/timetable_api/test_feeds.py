"""Calendars that others can read: complete, stable, in the institution's time, and told apart when they change."""

import asyncio
import io
import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from carillon_timetable_api.ingest import Ingest
from ical.calendar_stream import IcsCalendarStream
from snapshots import NOON, course, day_of, observed, read_to_the_end

PARIS = ZoneInfo("Europe/Paris")
CMA, TPA11, TPA21 = "L1 PS s1 CMA", "L1 PS s1 TPA11", "L1 PS s1 TPA21"


@pytest.fixture
async def ingest(rest):
    rest.clock["now"] = NOON
    return Ingest(rest.engine, PARIS)


async def feed(rest, path: str = "/api/groups/1/courses.ics", **parameters) -> icalendar.Calendar:
    answer = await rest.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content)


def summaries(calendar: icalendar.Calendar) -> list[str]:
    return [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")]


async def test_an_event_says_all_that_a_calendar_can_show(rest, ingest) -> None:
    await ingest(observed(course(notes="Amener une calculatrice ; et\nun stylo", rooms=("U2-217", "Amphi, AMPERE"))))
    calendar = await feed(rest)
    (event,) = calendar.walk("VEVENT")
    assert event["SUMMARY"] == "EPMAS1D1 - Algèbre (TD)"
    assert event["LOCATION"] == "Amphi, AMPERE, U2-217"
    assert "Amener une calculatrice ; et\nun stylo" in event["DESCRIPTION"]
    assert event.start == datetime(2026, 11, 17, 9, tzinfo=PARIS)
    assert (event["STATUS"], event["SEQUENCE"], event.categories) == ("CONFIRMED", 0, ["TD"])
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == NOON
    assert str(calendar["NAME"]) == "L1 PS s1 TDA1"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]


async def test_the_uid_stays_and_the_sequence_grows_when_a_course_changes(rest, ingest) -> None:
    await ingest(observed(course()))
    (before,) = (await feed(rest)).walk("VEVENT")
    await ingest(observed(course(hour=10), at=1))
    (after,) = (await feed(rest)).walk("VEVENT")
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


async def test_a_removed_course_is_cancelled_in_the_feed_for_a_while(rest, ingest) -> None:
    await ingest(observed(course()))
    await ingest(observed(at=1))
    await ingest(read_to_the_end(1))
    (event,) = (await feed(rest)).walk("VEVENT")
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 1)
    rest.clock["now"] = NOON + timedelta(days=61)
    assert summaries(await feed(rest, past=100)) == []


async def test_how_long_a_removed_course_is_shown_is_a_setting_and_its_uid_outlives_it(open_rest) -> None:
    async with open_rest(tombstone_s=3600) as rest:
        rest.clock["now"], ingest = NOON, Ingest(rest.engine, PARIS)
        await ingest(observed(course()))
        (before,) = (await feed(rest)).walk("VEVENT")
        await ingest(observed(at=1))
        await ingest(read_to_the_end(1))
        assert summaries(await feed(rest)) == ["EPMAS1D1 - Algèbre (TD)"]
        rest.clock["now"] = NOON + timedelta(days=1)
        assert summaries(await feed(rest)) == []
        await ingest(observed(course(), at=2))
        await ingest(read_to_the_end(2))
        (back,) = (await feed(rest)).walk("VEVENT")
    assert (back["UID"], back["STATUS"]) == (before["UID"], "CONFIRMED")
    assert back["SEQUENCE"] > before["SEQUENCE"]


async def test_a_calendar_without_courses_is_a_calendar_still(rest, ingest) -> None:
    await ingest(observed(course()))
    nothing = {"past": 0, "future": 0}
    calendar = await feed(rest, **nothing)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    answer = await rest.get("/api/groups/1/courses.ics", params=nothing)
    assert (await asyncio.to_thread(IcsCalendarStream.calendar_from_ics, answer.text)).events == []
    group = await rest.json("/api/groups/1/courses.ics", params=nothing | {"format": "jscalendar"})
    assert (group["entries"], group["updated"]) == ([], "1970-01-01T00:00:00Z")


async def test_a_group_s_feed_has_its_parents_courses_and_a_timetable_s_has_all(rest, ingest) -> None:
    await ingest(
        observed(course("1:2026-11-16", name="CM", groups=(CMA,)), course("2:2026-11-16", name="TP", groups=(TPA11,)))
    )
    ids = {group["name"]: group["id"] for group in await rest.json("/api/groups/")}
    assert sorted(summaries(await feed(rest, f"/api/groups/{ids[TPA11]}/courses.ics"))) == ["CM (TD)", "TP (TD)"]
    assert summaries(await feed(rest, f"/api/groups/{ids[CMA]}/courses.ics")) == ["CM (TD)"]
    assert sorted(summaries(await feed(rest, "/api/timetables/1/courses.ics"))) == ["CM (TD)", "TP (TD)"]
    assert len(summaries(await feed(rest, "/api/rooms/1/courses.ics"))) == 2


async def test_past_and_future_are_bounded_by_parameters(rest, ingest) -> None:
    await ingest(observed(course("1:2026-11-16", day_of("2026-W47", 0)), course("2:2026-11-16", day_of("2026-W47", 6))))
    assert len(summaries(await feed(rest))) == 2
    assert len(summaries(await feed(rest, past=1))) == 1
    assert len(summaries(await feed(rest, past=1, future=0))) == 0


async def test_an_unchanged_feed_is_not_sent_again(rest, ingest) -> None:
    await ingest(observed(course()))
    first = await rest.get("/api/groups/1/courses.ics")
    again = await rest.get("/api/groups/1/courses.ics", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await ingest(observed(course(hour=9), at=1))
    changed = await rest.get("/api/groups/1/courses.ics", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    head = await rest.client.head("/api/groups/1/courses.ics")
    assert (head.headers["etag"], head.content) == (changed.headers["etag"], b"")


async def test_if_modified_since_is_answered_rightly_after_a_removal_too(rest, ingest) -> None:
    await ingest(observed(course()))
    first = await rest.get("/api/groups/1/courses.ics")
    since = {"If-Modified-Since": first.headers["last-modified"]}
    assert (await rest.get("/api/groups/1/courses.ics", headers=since)).status_code == 304
    await ingest(observed(at=1))
    await ingest(read_to_the_end(1))
    after = await rest.get("/api/groups/1/courses.ics", headers=since)
    assert after.status_code == 200
    assert after.headers["last-modified"] != first.headers["last-modified"]


async def test_if_modified_since_is_answered_rightly_on_the_day_on_which_a_course_comes_near(rest, ingest) -> None:
    await ingest(observed(course(day=day_of("2026-W48", 0)), week="2026-W48"))
    tomorrow = {"future": 1}
    first = await rest.get("/api/groups/1/courses.ics", params=tomorrow)
    assert b"BEGIN:VEVENT" not in first.content
    rest.clock["now"] += timedelta(days=1)
    since = {"If-Modified-Since": first.headers["last-modified"]}
    assert b"BEGIN:VEVENT" in (await rest.get("/api/groups/1/courses.ics", params=tomorrow, headers=since)).content


async def test_a_feed_is_written_again_only_when_a_change_concerns_it(rest, ingest, monkeypatch) -> None:
    written: list[str] = []
    from carillon_timetable_api.feeds import icalendar_file

    write = icalendar_file.write
    monkeypatch.setattr(icalendar_file, "write", lambda *given: written.append("again") or write(*given))
    await ingest(observed(course()))
    await feed(rest)
    await feed(rest)
    await ingest(observed(course(), course("9:2026-11-16", groups=("M1 INF",), rooms=("U9",)), at=1))
    await ingest(read_to_the_end(1))
    await feed(rest)
    assert len(written) == 1
    await ingest(observed(course(hour=9), course("9:2026-11-16", groups=("M1 INF",), rooms=("U9",)), at=2))
    await feed(rest)
    assert len(written) == 2


async def test_jscalendar_says_the_same(rest, ingest) -> None:
    await ingest(observed(course()))
    answer = await rest.get("/api/groups/1/courses.ics", params={"format": "jscalendar"})
    assert answer.headers["content-type"] == "application/jscalendar+json;type=group"
    (event,) = json.loads(answer.content)["entries"]
    (ics,) = (await feed(rest)).walk("VEVENT")
    assert (event["uid"], event["title"]) == (ics["UID"], ics["SUMMARY"])
    assert (event["start"], event["timeZone"], event["duration"]) == ("2026-11-17T09:00:00", "Europe/Paris", "PT2H")


async def test_a_course_from_midnight_to_midnight_is_all_day(rest, ingest) -> None:
    begin = datetime(2026, 11, 16, 23, tzinfo=UTC)
    await ingest(observed(course(day=begin.date(), hour=23, end=begin + timedelta(days=1))))
    (event,) = (await feed(rest)).walk("VEVENT")
    assert event.start == date(2026, 11, 17)
    assert event["DTEND"].dt == date(2026, 11, 18)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_a_course_over_the_change_of_the_clocks_keeps_its_true_length(rest, ingest, day) -> None:
    week = f"{day.isocalendar().year}-W{day.isocalendar().week:02d}"
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    await ingest(observed(course(day=day, hour=0, end=begin + timedelta(hours=4)), week=week))
    (event,) = (await feed(rest, past=400)).walk("VEVENT")
    length = event["DTEND"].dt.astimezone(UTC) - event["DTSTART"].dt.astimezone(UTC)
    assert length == timedelta(hours=4)


async def test_clients_that_nobody_here_wrote_read_it(rest, ingest) -> None:
    courses = [course(f"{n}:2026-11-16", hour=6 + n, name=f"Œuvre n°{n} ; « à, l’été » " + "é" * 80) for n in range(8)]
    await ingest(observed(*courses))
    answer = await rest.get("/api/groups/1/courses.ics")
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75
    strict = await asyncio.to_thread(IcsCalendarStream.calendar_from_ics, answer.text)
    assert [event.summary for event in strict.timeline] == [f"{one.name} (TD)" for one in courses]
    assert strict.events[0].dtstart == datetime(2026, 11, 17, 7, tzinfo=PARIS)
    (old,) = vobject.readComponents(io.StringIO(answer.text))
    assert [event.summary.value for event in old.vevent_list] == [f"{one.name} (TD)" for one in courses]
    assert old.vevent_list[0].dtstart.value.astimezone(UTC) == datetime(2026, 11, 17, 6, tzinfo=UTC)


async def test_strict_clients_read_it_whatever_the_source_has_written(rest, ingest) -> None:
    odd = course(
        name="Alg\x07èbre", notes="a\x0bb\rc\r\nd", rooms=("U1\x7f",), end=datetime(2026, 11, 17, 8, tzinfo=UTC)
    )
    await ingest(observed(odd))
    answer = await rest.get("/api/groups/1/courses.ics")
    (event,) = (await asyncio.to_thread(IcsCalendarStream.calendar_from_ics, answer.text)).events
    assert (event.summary, event.location) == ("Alg\N{REPLACEMENT CHARACTER}èbre (TD)", "U1\N{REPLACEMENT CHARACTER}")
    assert (event.dtstart, event.dtend) == (datetime(2026, 11, 17, 9, tzinfo=PARIS), None)
    jscalendar = await rest.json("/api/groups/1/courses.ics", params={"format": "jscalendar"})
    assert jscalendar["entries"][0]["duration"] == "PT0M"


async def make(rest, **choice) -> dict:
    answer = await rest.client.post("/api/feeds/", json={"name": "Ma licence", "choice": choice})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def groups(rest) -> dict[str, int]:
    return {group["name"]: group["id"] for group in await rest.json("/api/groups/")}


async def test_a_personal_feed_joins_groups_and_leaves_out_what_its_rules_say(rest, ingest) -> None:
    shown = [("CM", "COURS", CMA), ("Anglais", "TD", TPA11), ("Anglais oral", "TD", TPA21), ("TP", "TP", TPA21)]
    await ingest(
        observed(
            *(
                course(f"{n}:2026-11-16", hour=6 + n, name=name, type=type_, groups=(group,))
                for n, (name, type_, group) in enumerate(shown)
            )
        )
    )
    ids = await groups(rest)
    rules = [
        {"action": "include", "name": "anglais ORAL"},
        {"action": "exclude", "name": "Anglais*"},
        {"action": "exclude", "type": "cours"},
    ]
    made = await make(rest, groups=[ids[TPA11], ids[TPA21]], rules=rules)
    path = made["address"].removeprefix("http://testserver")
    assert summaries(await feed(rest, path)) == ["Anglais oral (TD)", "TP (TP)"]
    preview = await rest.client.post("/api/feeds/preview/", json={"choice": made["choice"]})
    assert [one["name"] for one in preview.json()] == ["Anglais oral", "TP"]
    assert made["webcal"].startswith("webcal://")


async def test_a_personal_feed_that_was_changed_is_another_at_once_whoever_asks_how(open_rest) -> None:
    async with open_rest(cache_mib=8) as rest:
        rest.clock["now"] = NOON
        await Ingest(rest.engine, PARIS)(observed(course(groups=(TPA11,)), course("2:2026-11-16", groups=(TPA21,))))
        ids = await groups(rest)
        made = await make(rest, groups=[ids[TPA11]])
        first = await rest.get(made["address"])
        tagged = await rest.get(made["address"], headers={"If-None-Match": first.headers["etag"]})
        assert (tagged.status_code, tagged.headers["cache-control"]) == (304, "private, no-cache")
        rest.clock["now"] += timedelta(seconds=1)
        changed = {"name": "Ma licence", "choice": {"groups": [ids[TPA21]]}}
        key = {"Feed-Key": made["key"]}
        assert (await rest.client.put("/api/feeds/", json=changed, headers=key)).status_code == 204
        since = {"If-Modified-Since": first.headers["last-modified"]}
        second = await rest.get(made["address"], headers=since)
        assert (second.status_code, second.headers["etag"] == first.headers["etag"]) == (200, False)
        assert (await rest.client.delete("/api/feeds/", headers=key)).status_code == 204
        assert (await rest.get(made["address"])).status_code == 404


async def test_a_personal_feed_s_address_can_be_changed_and_ended_with_its_key_only(rest, ingest) -> None:
    await ingest(observed(course()))
    made = await make(rest, groups=[1])
    path = made["address"].removeprefix("http://testserver")
    assert (await rest.client.delete("/api/feeds/", headers={"Feed-Key": "wrong"})).status_code == 404
    key = {"Feed-Key": made["key"]}
    rotated = (await rest.client.post("/api/feeds/rotate-address/", headers=key)).json()
    assert (await rest.get(path)).status_code == 404
    new_path = rotated["address"].removeprefix("http://testserver")
    assert len(summaries(await feed(rest, new_path))) == 1
    wanted = {"name": "Rien", "choice": {"groups": [1], "rules": [{"action": "exclude", "name": "*"}]}}
    assert (await rest.client.put("/api/feeds/", json=wanted, headers=key)).status_code == 204
    assert summaries(await feed(rest, new_path)) == []
    assert (await rest.client.delete("/api/feeds/", headers=key)).status_code == 204
    assert (await rest.get(new_path)).status_code == 404


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"groups": [99]},
        {"groups": [1], "rules": [{"action": "exclude"}]},
        {"groups": [1], "rules": [{"action": "eat"}]},
    ],
)
async def test_a_feed_that_makes_no_sense_is_refused(rest, ingest, choice) -> None:
    await ingest(observed(course()))
    answer = await rest.client.post("/api/feeds/", json={"choice": choice})
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_feed_of_what_is_not_there_is_a_404(rest) -> None:
    for path in ("groups/7/courses.ics", "rooms/7/courses.ics", "timetables/7/courses.ics", "feeds/nothing.ics"):
        assert (await rest.get(f"/api/{path}")).status_code == 404
