"""pronote-api 2.4.1, unmodified, against the simulator of 2022: every function it publishes, its program that fetches too.

Its server is asked every query in `test_same_answers_as_pronote_api_server.py`.
"""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from judge_environments import run
from pronote_api_server import ENVIRONMENT

ERA = "2022"
PARIS = ZoneInfo("Europe/Paris")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(PARIS)


def test_every_published_function_works(surface):
    failed = {name: result["error"] for name, result in surface["results"].items() if "error" in result}
    assert failed == {}
    assert set(surface["exported"]) <= set(surface["results"])
    for account in ("student", "parent"):
        assert {f"{account}.{method}" for method in surface["methods"]} <= set(surface["results"])


@pytest.mark.parametrize(("account", "pupil"), [("student", "PARENT Gaspard"), ("parent", "PARENT Fanny")])
def test_the_timetable_is_that_of_the_school(account, pupil, results, pronote):
    of = pupil.replace(" ", "%20")
    truth = pronote.control(ERA, f"/lessons?of={of}&first=2026-11-16&last=2026-11-20")
    read = results[f"{account}.timetable"]
    assert sorted((moment(each["from"]), moment(each["to"]), each["subject"]) for each in read) == sorted(
        (moment(each["start"]), moment(each["end"]), each["subject"]) for each in truth
    )
    # A lesson whose teacher is absent is away, not cancelled, for pronote-api.
    gone = [(moment(each["from"]), each["subject"]) for each in read if each.get("isCancelled") or each.get("isAway")]
    assert sorted(gone) == sorted((moment(each["start"]), each["subject"]) for each in truth if each["cancelled"])
    by_start = {(each["start"], each["subject"]): each for each in truth}
    for each in read:
        lesson = by_start[moment(each["from"]).isoformat(), each["subject"]]
        assert each["room"] == (lesson["rooms"][0] if lesson["rooms"] else None)
        assert each["teacher"] == lesson["teachers"][0]


@pytest.mark.parametrize("account", ["student", "parent"])
def test_every_page_shows_something(account, results):
    for method in ("timetable", "evaluations", "infos", "contents", "homeworks", "menu"):
        assert len(results[f"{account}.{method}"]) > 0, method
    assert results[f"{account}.marks"]["subjects"]
    assert results[f"{account}.marks"]["averages"]["student"] > 0
    absences = results[f"{account}.absences"]
    for kind in ("absences", "delays", "punishments", "other", "totals"):
        assert len(absences[kind]) > 0, kind
    # pronote-api offers files to pupils only.
    assert (results[f"{account}.files"] is None) == (account == "parent")


def test_the_low_level_reads_the_same_week(results):
    assert results["toPronoteWeek"] == 12
    assert 12 in results["fetchTimetableDaysAndWeeks"]["filledWeeks"]
    assert len(results["fetchTimetable"]["lessons"]) == len(results["student.timetable"])
    assert results["iCal"] == "BEGIN:VCALENDAR"
    assert results["http"] == "%PDF-"
    assert results["request"]["donnees"]["Informations"]["numeroINE"] == "001"


def test_refusals_and_ends_have_the_codes_of_the_library(results):
    assert results["wrong password"] == 3
    assert results["unknown user"] == 3
    assert results["student.logout"] == results["parent.logout"] == 5


def test_portals_are_told_by_their_host_and_their_tickets_accepted(results):
    assert results["getCAS"] == ["none", "iledefrance"]
    assert results["auth after a portal"] == "PARENT Gaspard"


def test_geolocation_finds_the_school(results):
    assert results["geo"][0]["nomEtab"] == "COLLEGE DES TROIS COLLINES"


@pytest.mark.parametrize("account", ["student", "parent"])
def test_the_fetch_program_writes_everything(account, pronote_api, pronote, tmp_path):
    program = pronote_api / "node_modules" / "pronote-api-maintained" / "bin" / "fetch.js"
    command = ("node", program, pronote.root(ERA), "demonstration", "pronotevs", "none", account)
    run(*command, cwd=tmp_path, environment=ENVIRONMENT)
    written = json.loads((tmp_path / "result.json").read_text())
    assert written["name"] == ("PARENT Gaspard" if account == "student" else "Mme PARENT Claude")
