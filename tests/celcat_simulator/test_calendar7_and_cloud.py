"""Calendar 7 pages and the cloud's JSON, read as FORMATS.md sections 2 and 6 say."""

import html
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import golden_file

GOLDEN = Path(__file__).parent / "golden"
NAMES = {"L1 MI", "L1 MI s1 CMA", "L1 MI s1 TDA1", "L1 MI s1 TPA11", "L1 MI s1 TPA12"}


def _page(client, view="month", name="formation_ELMI_s1_TDA1", day="20261121", kind="group") -> str:
    query = {"View": view, "Type": kind, "ResourceName": name, "Date": day}
    return client.get("/calendar7/default.aspx", params={key: value for key, value in query.items() if value}).text


def _events(page: str) -> list[dict]:
    script = page.split("<script")[-2]
    (line,) = re.findall(r"^v\.events\.list = (.*);\r$", script, re.MULTILINE)
    return json.loads(line)


def _between(truth, first: str, end: str, names=NAMES) -> list[dict]:
    return [it for it in truth["meetings"] if names & set(it["groups"]) and first <= it["begin"] < end]


def test_a_month_covers_whole_weeks_and_holds_the_group_with_its_relatives(simulator, truth):
    events = [it for it in _events(_page(simulator)) if not it["text"].startswith("Global Event")]
    expected = _between(truth, "2026-10-26", "2026-12-07")
    assert {(it["start"], it["end"], it["id"]) for it in events} == {
        (it["begin"], it["end"], f"{it['id']}_{it['week']}") for it in expected
    }


def test_a_week_is_that_of_the_date_and_today_s_without_one(simulator):
    starts = {it["start"][:10] for it in _events(_page(simulator, view="week", day=""))}
    assert starts <= {f"2026-11-{day}" for day in range(16, 21)}
    assert starts


def test_the_text_tells_times_type_module_groups_rooms_and_notes(simulator, truth):
    by_id = {f"{it['id']}_{it['week']}": it for it in truth["meetings"]}
    for event in _events(_page(simulator)):
        if event["text"].startswith("Global Event"):
            continue
        meeting = by_id[event["id"]]
        pieces = [html.unescape(piece) for piece in event["text"].split("<br>")]
        head = [f"({meeting['begin'][11:16]}-{meeting['end'][11:16]})", meeting["type"]]
        tail = [*meeting["modules"], ";".join(meeting["groups"])]
        tail += [";".join(meeting["rooms"])] if meeting["rooms"] else []
        tail += [meeting["notes"]] if (meeting["notes"] or "").strip() else []
        assert pieces == head + tail
        assert re.fullmatch(r"#[0-9A-F]{6}", event["backColor"])


def test_assemblies_and_talks_tell_their_type_by_the_colour_alone(simulator):
    events = _events(_page(simulator, day="20261215"))
    assert [it["backColor"] for it in events if it["text"].startswith("L1 MI s1 CMA;")] == ["#00FF00"]


def test_a_holiday_is_a_global_event(simulator):
    holidays = [it for it in _events(_page(simulator)) if it["text"].startswith("Global Event")]
    assert [(it["start"], it["end"], it["text"]) for it in holidays] == [
        ("2026-11-01T00:00:00", "2026-11-02T00:00:00", "Global Event<br>Toussaint"),
        ("2026-11-11T00:00:00", "2026-11-12T00:00:00", "Global Event<br>Armistice 1918"),
    ]


def test_a_formation_and_a_semester_and_a_module_have_addresses_too(simulator, truth):
    every = {group["name"] for group in truth["groups"] if group["mention"] == "L1 MI"}
    first = {name for name in every if " s2 " not in name}
    for name, names in (("formation_ELMI", every), ("formation_ELMI_s1", first)):
        found = [it for it in _events(_page(simulator, view="week", name=name)) if "Global" not in it["text"]]
        assert len(found) == len(_between(truth, "2026-11-16", "2026-11-23", names)) > 0
    code = next(it for it in truth["meetings"] if it["modules"])["modules"][0].partition(" - ")[0]
    module = _events(_page(simulator, name=code, kind="module"))
    everyone = {group["name"] for group in truth["groups"]}
    expected = [
        it
        for it in _between(truth, "2026-10-26", "2026-12-07", everyone)
        if any(it.startswith(code) for it in it["modules"])
    ]
    assert len([it for it in module if "Global" not in it["text"]]) == len(expected) > 0


def test_what_is_unknown_gives_an_empty_list_and_a_bad_date_an_error(simulator):
    assert _events(_page(simulator, name="formation_NOBODY")) == []
    assert simulator.get("/calendar7/default.aspx", params={"Date": "soon"}).status_code == 500


def _cloud(client, group: int) -> dict:
    return client.get("/cal/events", params={str(group): "1001"}).json()


def test_the_cloud_tells_the_same_meetings(simulator, truth):
    group = next(it for it in truth["groups"] if it["name"] == "L1 MI s1 TPA12")
    answer = _cloud(simulator, group["id"])
    (dates,) = answer["viewableResourceDates"][str(group["id"])]
    first = datetime.fromtimestamp(dates["startDate"] / 1000, ZoneInfo("Europe/Paris")).date()
    assert first == date(2026, 8, 24)
    names = answer["names"]
    found = []
    for event in answer["events"]:
        for week, meets in enumerate(event["weeks"]):
            if meets:
                day = first + timedelta(days=7 * week + event["dayOfWeek"] - 1)
                begin = datetime.combine(day, datetime.min.time()) + timedelta(milliseconds=event["startTime"])
                found.append(
                    (
                        begin.isoformat(), (begin + timedelta(minutes=event["duration"])).isoformat(),
                        names["1105"][str(event["eventCategoryId"])]["name"],
                        *(
                            tuple(names[kind][str(it["id"])][field] for it in event[name])
                            for kind, name, field in (("1000", "modules", "description"), ("1001", "studentSets", "name"), ("1003", "facilities", "name"))
                        ),
                        event["notes"],
                    )
                )  # fmt: skip
    expected = [
        (
            it["begin"],
            it["end"],
            it["type"],
            tuple(it["modules"]),
            tuple(it["groups"]),
            tuple(it["rooms"]),
            it["notes"] or "",
        )
        for it in truth["meetings"]
        if {"L1 MI", "L1 MI s1 CMA", "L1 MI s1 TDA1", "L1 MI s1 TPA12"} & set(it["groups"])
    ]
    assert sorted(found) == sorted(expected)
    assert len({event["eventId"] for event in answer["events"]}) == len(answer["events"])


def test_the_cloud_knows_only_what_it_is_asked_for(simulator):
    assert _cloud(simulator, 1)["events"] == []
    assert simulator.get("/cal/events", params={"220502": "1003"}).json()["viewableResourceDates"] == {}


def test_the_golden_samples(simulator, truth):
    group = next(it for it in truth["groups"] if it["name"] == "M2 INF-DL s1 TDA1")
    cloud = _cloud(simulator, group["id"])
    cloud["names"] = {kind: dict(list(names.items())[:2]) for kind, names in cloud["names"].items()}
    page = _page(simulator, view="week", name=group["resource_name"], day="20261109").split("\r\n")
    golden_file.check(
        GOLDEN / "calendar7_and_cloud.json", {"calendar 7": page, "cloud": cloud | {"events": cloud["events"][:4]}}
    )
