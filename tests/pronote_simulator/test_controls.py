"""The control addresses: what they change is what the site then shows."""

import icalendar
import pytest
from pronote_wire import Wire

WEEK = {"of": "3A", "first": "2026-11-16", "last": "2026-11-20"}


async def ordinary_lesson(http) -> dict:
    lessons = (await http.get("/simulator/lessons", params=WEEK)).json()
    return next(each for each in lessons if each["status"] is None and each["kind"] == "lesson")


async def shown(wire: Wire, lesson: dict) -> dict:
    """The lesson as the pupil's page shows it: the one with the same subject and start."""
    answer = await wire.call("PageEmploiDuTemps", {"NumeroSemaine": 12}, 16)
    year, month, day = lesson["start"][:10].split("-")
    start = f"{day}/{month}/{year} {lesson['start'][11:19]}"
    return next(
        each
        for each in answer["ListeCours"]
        if each["DateDuCours"]["V"] == start and each["ListeContenus"]["V"][0]["L"] == lesson["subject"]
    )


async def test_a_cancelled_lesson_is_cancelled_on_the_page_and_in_the_calendar(pupil):
    lesson = await ordinary_lesson(pupil.http)
    cancelled = await pupil.http.post(f"/simulator/lessons/{lesson['key']}/cancel", params={"status": "Prof. absent"})
    assert cancelled.json()["cancelled"] is True
    entry = await shown(pupil, lesson)
    assert (entry["estAnnule"], entry["Statut"]) == (True, "Prof. absent")
    personal = await pupil.call("PageInfosPerso", {}, 49)
    token = personal["iCal"]["liste"]["V"][0]["paramICal"]
    text = (await pupil.http.get("/pronote/ical/mesinformations.ics", params={"icalsecurise": token})).text
    events = {str(event["UID"]): event for event in icalendar.Calendar.from_ical(text).walk("VEVENT")}
    assert events[f"{lesson['key']}@pronote.example.org"]["STATUS"] == "CANCELLED"
    await pupil.http.post(f"/simulator/lessons/{lesson['key']}/restore")
    assert "estAnnule" not in await shown(pupil, lesson)


async def test_a_moved_lesson_keeps_its_length_and_its_identity(pupil):
    lesson = await ordinary_lesson(pupil.http)
    before = await shown(pupil, lesson)
    change = {
        "start": "2026-11-18T16:00:00+01:00",
        "rooms": ["104"],
        "teachers": ["M. WEBER Hugo"],
        "memo": "Salle 104",
    }
    moved = (await pupil.http.patch(f"/simulator/lessons/{lesson['key']}", json=change)).json()
    assert moved["end"] == "2026-11-18T17:00:00+01:00"
    after = await shown(pupil, moved)
    assert after["N"] == before["N"]
    assert [each["L"] for each in after["ListeContenus"]["V"]] == [lesson["subject"], "M. WEBER Hugo", "104"]
    assert after["memo"] == "Salle 104"
    assert after["DateDuCoursFin"]["V"] == "18/11/2026 17:00:00"


async def test_a_lesson_is_added_and_taken_away(pupil):
    new = {
        "start": "2026-11-18T15:00:00",
        "end": "2026-11-18T16:30:00",
        "subject": "MATHEMATIQUES",
        "audience": "3A",
        "rooms": ["101"],
    }
    added = (await pupil.http.post("/simulator/lessons", json=new)).json()
    assert (await shown(pupil, added))["duree"] == 3
    await pupil.http.delete(f"/simulator/lessons/{added['key']}")
    lessons = (await pupil.http.get("/simulator/lessons", params=WEEK)).json()
    assert added["key"] not in {each["key"] for each in lessons}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/simulator/lessons/none", {"memo": "x"}),
        ("/simulator/lessons/{key}", {"rooms": ["999"]}),
        ("/simulator/lessons/{key}", {"subject": "ASTROLOGIE"}),
    ],
)
async def test_a_name_that_does_not_exist_changes_nothing(path, body, http):
    lesson = await ordinary_lesson(http)
    answer = await http.patch(path.format(key=lesson["key"]), json={**body, "start": "2026-11-18T16:00:00"})
    assert answer.status_code == 404
    assert await ordinary_lesson(http) == lesson


async def test_counters_count_pages_calls_and_sign_ins(pupil):
    counters = (await pupil.http.get("/simulator/counters")).json()
    assert counters["pages"] == counters["sign-ins"] == counters["open-sessions"] == 1
    assert counters["calls"] == 4
    assert counters["call:Identification"] == 1
    assert (await pupil.http.delete("/simulator/counters")).json() == {"open-sessions": 1}


async def test_all_sessions_can_be_ended(pupil):
    assert (await pupil.http.delete("/simulator/sessions")).json() == {"expired": 1}
    assert (await pupil.post("Navigation", {})).json()["Erreur"]["G"] == 8


async def test_every_account_that_is_listed_can_sign_in(http):
    summary = (await http.get("/simulator")).json()
    accounts = summary["accounts"]
    assert len({(each["space"], each["username"]) for each in accounts}) == len(accounts)
    for account in accounts[:: len(accounts) // 12]:
        wire = Wire(http)
        user = await wire.sign_in(account["username"], f"{account['space']}.html")
        assert user["ressource"]["L"] == account["name"]


async def test_a_qr_code_is_made_for_whom_it_is_wanted(http):
    wanted = {"address": "http://pronote.test/pronote/eleve.html", "pin": "2580"}
    code = (await http.post("/simulator/qr-code", json=wanted)).json()
    assert code["url"] == wanted["address"]
    assert set(code) == {"login", "jeton", "url", "avecPageConnexion"}
    assert (await http.post("/simulator/qr-code", json=wanted | {"username": "nobody"})).status_code == 404


async def test_the_front_page_leads_to_the_school(http):
    assert (await http.get("/")).headers["location"] == "/pronote/eleve.html"


@pytest.mark.parametrize("era", [None])
async def test_without_an_era_every_one_lies_at_its_own_path(http):
    page = (await http.get("/")).text
    for name in ("2022", "2023", "2024.3.9", "2025.2.8", "2026.2.4", "2026.2.5"):
        assert f'href="/{name}/pronote/eleve.html"' in page
        wire = Wire(http, f"/{name}/pronote", name)
        await wire.sign_in()
        assert (await http.get(f"/{name}/simulator/counters")).json()["sign-ins"] == 1
