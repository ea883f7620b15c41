"""Changes of single meetings: every format shows them, and the footer advances."""

import re

import httpx
import icalendar
import pytest
from lxml import etree


@pytest.fixture
def group(truth) -> dict:
    """The section whose meetings are changed; every simulator of that day has the same."""
    return next(it for it in truth["groups"] if it["name"] == "L1 MI s1 CMA")


@pytest.fixture
def meeting(truth) -> dict:
    """A lecture of next week that nobody shares."""
    return next(
        it
        for it in truth["meetings"]
        if it["groups"] == ["L1 MI s1 CMA"]
        and it["rooms"]
        and it["modules"]
        and "2026-11-23" <= it["begin"] < "2026-11-28"
    )


def _shown(client: httpx.Client, group: dict, begin: str) -> dict[str, list[str]]:
    """In each format, the words of the meeting of L1 MI s1 CMA which begins then."""
    root = etree.fromstring(client.get(f"/{group['page']}").content)
    mondays = {it.findtext("alleventweeks"): it.get("date") for it in root.iter("span")}
    day, month, year = begin[8:10], begin[5:7], begin[:4]
    xml = [
        event
        for event in root.iter("event")
        if event.findtext("starttime") == begin[11:16]
        and int(mondays[event.findtext("rawweeks")][:2]) + int(event.findtext("day")) == int(day)
        and mondays[event.findtext("rawweeks")][3:] == f"{month}/{year}"
        and "L1 MI s1 CMA" in [it.text for it in event.iterfind("resources/group/item")]
    ]
    form = {"start": begin[:10], "end": "2026-11-30", "resType": "103", "federationIds[]": group["federation_id"]}
    calendar = client.post("/calendar/versailles/Home/GetCalendarData", data=form).json()
    page = client.get(
        "/calendar7/default.aspx", params={"View": "month", "Type": "group", "ResourceName": group["resource_name"]}
    ).text
    utc = f"{year}{month}{day}T{int(begin[11:13]) - 1:02}{begin[14:16]}00Z"
    static = icalendar.Calendar.from_ical(client.get(f"/publisher/g{group['id']}.ics").content).walk("VEVENT")
    feed = icalendar.Calendar.from_ical(client.get(f"/{group['token_feed']}").content).walk("VEVENT")
    return {
        "xml": [etree.tostring(it, encoding="unicode") for it in xml],
        "calendar 8": [it["description"] for it in calendar if it["start"] == begin],
        "calendar 7": re.findall(rf'"start": "{begin}", "end": "[^"]+", "text": "([^"]+L1 MI s1 CMA[^"]*)"', page),
        "static": [f"{it['SUMMARY']} {it['LOCATION']}" for it in static if it["DTSTART"].to_ical().decode() == utc and "s1 CMA" in it["SUMMARY"]],
        "token": [f"{it['SUMMARY']} {it['LOCATION']}" for it in feed if it["DTSTART"].dt.isoformat()[:19] == begin],
    }  # fmt: skip


def _footer(client: httpx.Client, group: dict) -> str:
    return re.search(r"Publié (\S+ \S+)", client.get(f"/{group['page']}").text).group(1)


def test_a_meeting_is_moved(own_simulator, group, meeting):
    before = _footer(own_simulator, group)
    answer = own_simulator.post(
        f"/simulator/events/{meeting['key']}/move", json={"date": "2026-11-26", "begin": "18:10", "end": "20:10"}
    ).json()
    assert (answer["begin"], answer["end"], answer["key"]) == (
        "2026-11-26T18:10:00",
        "2026-11-26T20:10:00",
        meeting["key"],
    )
    assert all(len(found) == 1 for found in _shown(own_simulator, group, "2026-11-26T18:10:00").values())
    assert not any(_shown(own_simulator, group, meeting["begin"]).values())
    assert before < _footer(own_simulator, group) == "21/11/2026 01:42:39"


def test_a_meeting_moved_to_another_week_gets_that_week(own_simulator, meeting):
    refused = own_simulator.post(f"/simulator/events/{meeting['key']}/move", json={"date": "2026-12-02"})
    assert (refused.status_code, "meets in week 15 already" in refused.text) == (422, True)
    answer = own_simulator.post(f"/simulator/events/{meeting['key']}/move", json={"date": "2026-12-23"}).json()
    assert answer["key"] == f"{meeting['id']}-18"
    keys = {it["key"] for it in own_simulator.get("/truth.json").json()["meetings"]}
    assert answer["key"] in keys
    assert meeting["key"] not in keys


def test_a_meeting_is_deleted(own_simulator, group, meeting):
    assert all(len(found) == 1 for found in _shown(own_simulator, group, meeting["begin"]).values())
    assert own_simulator.post(f"/simulator/events/{meeting['key']}/delete").status_code == 200
    assert not any(_shown(own_simulator, group, meeting["begin"]).values())
    assert own_simulator.post(f"/simulator/events/{meeting['key']}/delete").status_code == 404


def test_a_meeting_is_renamed_and_its_rooms_are_changed(own_simulator, group, meeting, truth):
    room = next(it for it in truth["rooms"] if it not in meeting["rooms"])
    where = f"/simulator/events/{meeting['key']}"
    assert own_simulator.post(f"{where}/rename", json={"module": "EIIND9Z1 - Astronomie"}).json()["modules"] == [
        "EIIND9Z1 - Astronomie"
    ]
    assert own_simulator.post(f"{where}/rooms", json={"rooms": [room]}).json()["rooms"] == [room]
    for kind, found in _shown(own_simulator, group, meeting["begin"]).items():
        assert ("Astronomie" in found[0], room in found[0]) == (True, True), kind
    listed = own_simulator.get(
        "/calendar/toulouse-2023/Home/ReadResourceListItems",
        params={"searchTerm": "Astronomie", "pageSize": 10, "pageNumber": 1, "resType": 100},
    ).json()
    assert [it["id"] for it in listed["results"]] == ["EIIND9Z1"]


def test_a_meeting_is_added(own_simulator, group):
    order = {
        "date": "2026-11-27", "begin": "18:10", "end": "20:10", "groups": ["L1 MI s1 CMA"], "category": "EXAMEN",
        "module": "EIIND9Z1 - Astronomie", "rooms": ["U2-151"], "notes": "sans\ndocuments",
    }  # fmt: skip
    answer = own_simulator.post("/simulator/events/add", json=order).json()
    assert answer["on_pages"]
    shown = _shown(own_simulator, group, "2026-11-27T18:10:00")
    assert all(len(found) == 1 and "Astronomie" in found[0] for found in shown.values())
    assert "<notes>sans<br/>documents</notes>" in shown["xml"][0]


def test_what_is_unknown_or_impossible_is_refused_with_the_reason(own_simulator, meeting):
    key = meeting["key"]
    good = {"date": "2026-11-27", "begin": "18:10", "end": "20:10", "groups": ["L1 MI s1 CMA"]}
    for path, body, reason in (
        (f"{key}/rooms", {"rooms": ["nowhere"]}, "no room nowhere"),
        (f"{key}/move", {"begin": "23:00"}, "the end must be after the begin"),
        (f"{key}/move", {"date": "2030-01-01"}, "is not in the year"),
        ("add", good | {"groups": ["nobody"]}, "no group nobody"),
        ("add", good | {"category": "FETE"}, "no category FETE"),
        ("add", good | {"end": "18:00"}, "the end must be after the begin"),
        ("add", good | {"groups": []}, "at least 1 item"),
    ):
        answer = own_simulator.post(f"/simulator/events/{path}", json=body)
        assert (answer.status_code, reason in answer.text) == (422, True), answer.text
    assert own_simulator.get("/truth.json").json()["published"] == "2026-11-21T01:41:39"
