"""Calendar 8: the JSON endpoints of every site."""

import html
import json
import re
from datetime import datetime
from pathlib import Path

import golden_file
import httpx
import pytest
from carillon_celcat_simulator.calendar.sites import SITES
from celcat_simulators import running_celcat_simulator

GOLDEN = Path(__file__).parent / "golden"
OPEN_SITES = [slug for slug, site in SITES.items() if not site.login]


def _ask(
    client: httpx.Client, slug: str, *identifiers: str, start="2026-11-23", end="2026-11-30", kind="103"
) -> httpx.Response:
    form = {
        "start": start,
        "end": end,
        "resType": kind,
        "calView": "month",
        "federationIds[]": list(identifiers),
        "colourScheme": "3",
    }
    return client.post(f"/calendar/{slug}/Home/GetCalendarData", data=form)


def _above(truth: dict, *names: str) -> list[dict]:
    return [it for it in truth["meetings"] if set(names) & set(it["groups"])]


@pytest.mark.parametrize("slug", OPEN_SITES)
def test_a_group_has_its_meetings_and_those_of_the_groups_above_it(simulator, truth, slug):
    events = [event for event in _ask(simulator, slug, "ELMI1TPA12").json() if event]
    expected = [
        it
        for it in _above(truth, "L1 MI", "L1 MI s1 CMA", "L1 MI s1 TDA1", "L1 MI s1 TPA12")
        if "2026-11-23" <= it["begin"] < "2026-11-30"
    ]
    assert len(expected) > 10
    assert sorted((event["start"], event["end"], event["eventCategory"]) for event in events) == sorted(
        (it["begin"], it["end"], it["type"]) for it in expected
    )
    assert len({event["id"] for event in events}) == len(events)


def _values(site, section: str, meeting: dict) -> set[str]:
    """What a section of a description must tell, by the words the truth has for it."""
    words = {
        "category": [meeting["type"]],
        "module": [name.partition(" - ")[0 if site.slug == "iut-toulouse" else 2] for name in meeting["modules"]],
        "room": meeting["rooms"],
        "notes": [meeting["notes"]] if (meeting["notes"] or " ").strip() else [],
    }
    return set(words.get(section, []))


@pytest.mark.parametrize("slug", OPEN_SITES)
def test_descriptions_have_the_sections_of_the_site_in_its_order(simulator, truth, slug):
    site = SITES[slug]
    meetings = {(it["id"], str(it["week"])): it for it in truth["meetings"]}
    for event in filter(None, _ask(simulator, slug, "ELMI1TPA12", start="2026-09-21", end="2026-11-30").json()):
        if event["allDay"]:
            continue
        meeting = meetings[tuple(event["id"].split(":")[-2:])]
        text = event["description"].replace("\u00a0", " ")
        assert text.endswith("\r\n")
        sections = [
            [html.unescape(value).replace("\u00a0", " ") for value in section.split("<br />")]
            for section in text[:-2].split("\r\n\r\n<br />\r\n\r\n")
        ]
        place = -1
        for section in site.sections:
            for value in (value.replace("\u00a0", " ") for value in _values(site, section, meeting)):
                holding = [number for number, values in enumerate(sections) if any(value in it for it in values)]
                if any("more...)" in values[-1] for values in sections) and not holding:
                    continue
                assert holding, (section, value, sections)
                if site.slug != "bordeaux":
                    assert max(holding) > place or min(holding) >= place
                    place = min(holding)


def test_bordeaux_moves_the_module_to_the_end_where_no_staff_is_named(simulator):
    events = [it for it in _ask(simulator, "bordeaux", "ELMI1CMA", start="2026-11-01", end="2026-11-20").json() if it]
    test = next(it for it in events if it["eventCategory"] == "CONTROLE CONTINU" and it["modules"])
    sections = test["description"].strip().split("\r\n\r\n<br />\r\n\r\n")
    assert sections[0] == "CONTROLE CONTINU"
    assert html.unescape(sections[-1]) == test["modules"][0]
    lecture = next(it for it in events if it["eventCategory"] == "COURS")
    assert re.search(r"<br />\r\n\r\n35-4[0-9]", lecture["description"]) or re.search(
        r"\d\d-\d\d,", lecture["description"]
    )


def test_text_is_escaped_once_with_decimal_references(simulator):
    text = json.dumps(
        _ask(simulator, "toulouse-2023", "ELMI1CMA", start="2026-09-01", end="2027-01-31").json(), ensure_ascii=False
    )
    descriptions = [event["description"] for event in json.loads(text)]
    assert any("&#233;" in it for it in descriptions)
    assert any("&amp;" in it or "&#39;" in it for it in descriptions)
    assert all(ord(sign) < 128 for it in descriptions for sign in it)


def test_a_site_writes_no_break_spaces_even_in_the_breaks(simulator):
    event = _ask(simulator, "cergy-no-break", "ELMI1CMA").json()[0]
    assert "<br\u00a0/>" in event["description"]
    assert " " not in event["description"]


@pytest.mark.parametrize(("slug", "shown"), [("toulouse-2023", 5), ("versailles", 2)])
def test_a_long_list_is_cut_and_the_side_bar_has_the_rest(simulator, truth, slug, shown):
    meeting = next(it for it in truth["meetings"] if len(it["groups"]) == 8)
    day = meeting["begin"][:10]
    (event,) = [
        it
        for it in _ask(simulator, slug, "ELMI1CMA", start=day, end="2027-08-01").json()
        if it["start"] == meeting["begin"]
    ]
    assert f"<br />({8 - shown} more...)" in event["description"]
    answer = simulator.post(f"/calendar/{slug}/Home/GetSideBarEvent", data={"eventId": event["id"]}).json()
    groups = [it for it in answer["elements"] if it["entityType"] == 103]
    assert [it["content"] for it in groups] == meeting["groups"]
    assert [it["assignmentContext"] for it in groups] == ["a-start", *["a"] * 6, "a-end-0"]
    assert [it["label"] for it in groups] == ["Groupes", *[None] * 7]


def test_events_have_the_keys_of_the_recorded_ones(celcat_samples, simulator):
    event = _ask(simulator, "toulouse-2023", "ELMI1CMA").json()[0]
    for name in ("ut3_event_2023.json", "cy_event_2021.json", "cy_event_2022.json", "velizy_event_2024.json"):
        recorded = json.loads((celcat_samples / "json_calendar" / name).read_bytes())
        assert list(event) == list(recorded)
    assert re.fullmatch(r"-\d+:-\d+:8:\d+:14", event["id"])
    old = _ask(simulator, "iut-toulouse", "ELMI1CMA").json()[0]
    assert re.fullmatch(r"1:\d+:14", old["id"])
    assert isinstance(old["module"], str)
    assert "modules" not in old


def test_a_side_bar_has_the_elements_of_the_recorded_one(celcat_samples, simulator):
    recorded = json.loads((celcat_samples / "json_sidebar" / "cy_sidebar_elements_2021.json").read_bytes())
    empty = json.loads((celcat_samples / "json_sidebar" / "cy_sidebar_empty.json").read_bytes())
    event = _ask(simulator, "toulouse-2023", "ELMI1TDA1").json()[0]
    # Some clients write the name of the field in small letters.
    answer = simulator.post("/calendar/toulouse-2023/Home/GetSideBarEvent", data={"eventid": event["id"]}).json()
    assert list(answer) == list(empty)
    assert [list(it) for it in answer["elements"]] == [list(recorded[0])] * len(answer["elements"])
    assert answer["elements"][0]["content"] == _american(event["start"], event["end"])
    assert [it["isNotes"] for it in answer["elements"]].count(True) == 1
    assert {it["entityType"] for it in answer["elements"]} == {0, 100, 101, 102, 103}
    unknown = simulator.post("/calendar/toulouse-2023/Home/GetSideBarEvent", data={"eventId": "-1:-1:8:1:1"})
    assert unknown.json() == empty
    expired = simulator.post("/calendar/toulouse-2023/Home/GetSideBarEvent", data={"eventId": "expired"})
    assert (expired.status_code, expired.headers["content-type"]) == (500, "text/html; charset=utf-8")


def _american(start: str, end: str) -> str:
    hours = [datetime.fromisoformat(moment).strftime("%I:%M %p").lstrip("0") for moment in (start, end)]
    return datetime.fromisoformat(start).strftime("%-m/%-d/%Y ") + "-".join(hours)


def test_the_end_of_a_range_is_exclusive_and_holidays_are_all_day(simulator):
    events = _ask(simulator, "toulouse-2023", "ELMI1CMA", start="2026-11-11", end="2026-11-12").json()
    assert [(it["start"], it["end"], it["allDay"], it["eventCategory"]) for it in events] == [
        ("2026-11-11T00:00:00", "2026-11-12T00:00:00", True, "FERIE")
    ]
    assert (
        _ask(simulator, "toulouse-2023", "ELMI1CMA", start="2026-11-10", end="2026-11-11").json()[-1]["start"]
        < "2026-11-11"
    )
    (holiday, nothing) = _ask(simulator, "bordeaux", "ELMI1CMA", start="2026-11-11", end="2026-11-12").json()
    assert (holiday["end"], nothing) == (None, None)


def test_unknown_types_and_identifiers_give_nothing_and_not_an_error(simulator):
    assert _ask(simulator, "toulouse-2023", "NOBODY").json() == []
    assert _ask(simulator, "toulouse-2023", "ELMI1CMA", kind="107").json() == []
    assert _ask(simulator, "toulouse-2023").json() == []
    assert _ask(simulator, "bordeaux", "NOBODY").json() is None


def test_a_bad_parameter_gives_500_with_html(simulator):
    for bad in ({"start": "soon"}, {"resType": "group"}, {"end": ""}):
        form = {"start": "2026-11-23", "end": "2026-11-24", "resType": "103", "federationIds[]": "ELMI1CMA"} | bad
        answer = simulator.post("/calendar/toulouse-2023/Home/GetCalendarData", data=form)
        assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")


def test_forms_may_be_multipart_and_the_brackets_may_lack(simulator):
    expected = _ask(simulator, "toulouse-2023", "ELMI1CMA").json()
    fields = {
        "start": "2026-11-23",
        "end": "2026-11-30",
        "resType": "103",
        "calView": "agendaDay",
        "federationIds": "ELMI1CMA",
    }
    parts = {name: (None, value) for name, value in fields.items()}
    assert simulator.post("/calendar/toulouse-2023/Home/GetCalendarData", files=parts).json() == expected


@pytest.mark.parametrize("kind", [100, 101, 102])
def test_modules_staff_and_rooms_can_be_asked_for_too(simulator, truth, kind):
    listed = simulator.get(
        "/calendar/toulouse-2023/Home/ReadResourceListItems",
        params={"myResources": "false", "searchTerm": "___", "pageSize": 5, "pageNumber": 1, "resType": kind},
    ).json()["results"][0]
    events = _ask(simulator, "toulouse-2023", listed["id"], kind=str(kind), start="2026-09-01", end="2027-01-31").json()
    field = {100: "modules", 101: "staff", 102: "rooms"}[kind]
    name = listed["text"].removeprefix("FSI / ").upper()
    expected = [
        it
        for it in truth["meetings"]
        if name in [it.upper() for it in it[field]] and "2026-09-01" <= it["begin"] < "2027-01-31"
    ]
    assert len(events) == len(expected) > 0


def _list(client: httpx.Client, slug: str, term: str, size: int, *, number: int = 1, method: str = "GET") -> dict:
    fields = {"myResources": "false", "searchTerm": term, "pageSize": size, "pageNumber": number, "resType": 103}
    where = f"/calendar/{slug}/Home/ReadResourceListItems"
    answer = client.get(where, params=fields) if method == "GET" else client.post(where, data=fields)
    return answer.json()


def test_a_list_is_read_page_by_page_because_the_server_sends_fewer_than_asked(simulator, truth):
    pages = [_list(simulator, "toulouse-2023", "___", 100_000, number=number) for number in (1, 2, 3, 4)]
    assert {page["total"] for page in pages} == {len(truth["groups"])}
    assert [len(page["results"]) for page in pages] == [100, 100, 6, 0]
    found = [it for page in pages for it in page["results"]]
    assert [it["id"] for it in found] == [group["federation_id"] for group in truth["groups"]]
    assert found[1] == {"id": "ELMI1CMA", "text": "ELMI1CMA - L1 MI s1 CMA", "dept": "FSI - L1"}
    assert _list(simulator, "toulouse-2023", "___", 40, number=6, method="POST")["results"] == found[200:]


def test_wildcards_and_least_lengths_are_those_of_the_site(simulator):
    assert _list(simulator, "toulouse-2023", "__", 10)["total"] == 0
    assert _list(simulator, "iut-toulouse", "__", 10)["total"] == 206
    assert _list(simulator, "bordeaux", "%", 10)["total"] == 206
    assert _list(simulator, "toulouse-2023", "%%%", 10)["total"] == 0
    level = _list(simulator, "toulouse-2019", "l3_", 100)
    assert 0 < level["total"] == len(level["results"])
    assert all(it["text"].startswith("L3 INFO") and it["text"].endswith(f"({it['id']})") for it in level["results"])


def test_names_of_identifiers_are_given(simulator):
    answer = simulator.post(
        "/calendar/toulouse-2023/Home/LoadDisplayNames",
        data={"resType": "103", "federationIds[]": ["ELMI1CMA", "NOBODY"]},
    )
    assert answer.json() == [{"federationId": "ELMI1CMA", "displayName": "ELMI1CMA - L1 MI s1 CMA"}]


def test_an_unknown_site_is_not_found(simulator):
    assert simulator.get("/calendar/nowhere/LdapLogin").status_code == 404


def _token(page: str) -> str:
    return re.search(r'<input name="__RequestVerificationToken" type="hidden" value="([^"]+)" />', page).group(1)


def _log_in(client: httpx.Client, **changed: str) -> httpx.Response:
    page = client.get("/calendar/cergy/LdapLogin")
    form = {"Name": "e.aubepine", "Password": "un mot de passe", "__RequestVerificationToken": _token(page.text)}
    form |= changed
    return client.post("/calendar/cergy/LdapLogin/Logon", data=form)


@pytest.fixture
def visitor(simulator):
    """A client with cookies of its own."""
    with httpx.Client(base_url=str(simulator.base_url)) as client:
        yield client


def test_without_a_session_every_endpoint_leads_to_the_login(visitor):
    for path in ("GetCalendarData", "GetSideBarEvent", "ReadResourceListItems", "LoadDisplayNames"):
        answer = visitor.post(f"/calendar/cergy/Home/{path}")
        assert (answer.status_code, answer.headers["location"]) == (302, "/calendar/cergy/LdapLogin")
    assert visitor.get("/calendar/cergy/cal").status_code == 302


def test_a_good_login_gives_cookies_and_the_federation_id(visitor, truth):
    answer = _log_in(visitor)
    assert answer.status_code == 302
    identifier = re.search(r"FederationIds=(\d+)", answer.headers["location"]).group(1)
    assert {".Calendar.Cookies", ".Celcat.Calendar.Session"} <= set(visitor.cookies)
    assert any(name.startswith(".AspNetCore.Antiforgery.") for name in visitor.cookies)
    page = visitor.get(answer.headers["location"]).text
    assert f'<span class="small">- {identifier}</span>' in page
    events = _ask(visitor, "cergy", identifier, kind="104").json()
    expected = _above(truth, "L1 MI", "L1 MI s1 CMA", "L1 MI s1 TDA1", "L1 MI s1 TPA11")
    assert [it["start"] for it in events] == sorted(
        it["begin"] for it in expected if "2026-11-23" <= it["begin"] < "2026-11-30"
    )
    visitor.get("/calendar/cergy/Login/Logout")
    assert _ask(visitor, "cergy", identifier, kind="104").status_code == 302


def test_a_bad_login_shows_the_form_again_and_a_bad_token_is_refused(visitor):
    refused = _log_in(visitor, Password="wrong")
    assert refused.status_code == 200
    assert _token(refused.text)
    assert _log_in(visitor, __RequestVerificationToken="forged").status_code == 400
    assert ".Calendar.Cookies" not in visitor.cookies


def test_recorded_events_can_be_asked_for_as_at_a_site(celcat_samples):
    recorded = [json.loads(path.read_bytes()) for path in (celcat_samples / "json_calendar").glob("*_event_*.json")]
    with (
        running_celcat_simulator(recorded=celcat_samples) as url,
        httpx.Client(base_url=f"{url}/recorded-calendar") as client,
    ):
        form = {"start": "2021-09-01", "end": "2025-01-01", "resType": "103", "federationIds[]": "any"}
        events = client.post("/Home/GetCalendarData", data=form).json()
        assert sorted(it["id"] for it in events) == sorted(it["id"] for it in recorded)
        assert all(event in recorded for event in events)
        day = {"start": "2023-09-04", "end": "2023-09-05"}
        assert [it["eventCategory"] for it in client.post("/Home/GetCalendarData", data=form | day).json()] == [
            "REUNION / RENCONTRE"
        ]
        elements = json.loads((celcat_samples / "json_sidebar" / "cy_sidebar_elements_2021.json").read_bytes())
        assert client.post("/Home/GetSideBarEvent", data={"eventId": events[0]["id"]}).json()["elements"] == elements
        assert client.post("/Home/GetSideBarEvent", data={"eventId": "1"}).json()["elements"] == []
        assert client.get("/Home/ReadResourceListItems").json() == {"total": 0, "results": []}


def test_a_student_whose_id_is_not_announced_finds_it_on_the_page(visitor):
    answer = _log_in(visitor, Name="n.zinnia", Password="un autre mot")
    assert "FederationIds" not in answer.headers["location"]
    page = visitor.get(answer.headers["location"]).text
    assert re.search(r'<span class="small">- (\d+)</span>', page).group(1) == "21800002"
    assert "var federationIdStr = '21800002'" in page


def test_a_range_that_is_too_large_is_not_answered_in_time(simulator):
    with pytest.raises(httpx.ReadTimeout):
        simulator.post(
            "/calendar/bordeaux/Home/GetCalendarData",
            data={"start": "2026-09-01", "end": "2027-08-31", "resType": "103", "federationIds[]": "ELMI1CMA"},
            timeout=0.3,
        )


def test_the_golden_samples(simulator):
    samples = {
        slug: _ask(simulator, slug, "MINDL7TPA12", start="2026-11-09", end="2026-11-14").json() for slug in OPEN_SITES
    }
    event = samples["toulouse-2023"][0]["id"]
    samples["side bar"] = simulator.post("/calendar/toulouse-2023/Home/GetSideBarEvent", data={"eventId": event}).json()
    samples["list"] = _list(simulator, "toulouse-2019", "M1 INF-DL s1", 5)
    golden_file.check(GOLDEN / "calendar.json", samples)
