"""pronotepy, unmodified, against the simulator: every way to sign in, and its own published test-suite."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from judge_environments import run
from pronote_servers import running_simulator

HERE = Path(__file__).parent
DEMONSTRATION = {"username": "demonstration", "password": "pronotevs"}
# Each version with the eras it can speak.
PAIRS = [("previous_pronotepy", "2025.2.8"), ("previous_pronotepy", "2026.2.4"), ("newest_pronotepy", "2026.2.5")]
IDS = ["2.15.6 on 2025.2.8", "2.15.6 on 2026.2.4", "2.15.7 on 2026.2.5"]


@pytest.fixture(params=PAIRS, ids=IDS)
def pair(request, pronote):
    """An interpreter with pronotepy, and the era to try it on."""
    fixture, era = request.param
    return request.getfixturevalue(fixture), era


def sign_in(python: Path, root: str, way: str, given: dict) -> dict:
    return json.loads(run(python, HERE / "pronotepy_sign_ins.py", root, way, json.dumps(given)))


def true_lessons(pronote, era: str, of: str) -> list[dict]:
    """What the simulator itself says about the week that pronotepy reads, in pronotepy's words."""
    lessons = pronote.control(era, f"/lessons?of={of.replace(' ', '%20')}&first=2026-11-16&last=2026-11-20")
    return [
        {
            "start": lesson["start"][:19],
            "end": lesson["end"][:19],
            "subject": None if lesson["kind"] == "detention" else lesson["subject"],
            "teachers": lesson["teachers"],
            "rooms": lesson["rooms"],
            "cancelled": lesson["cancelled"],
            "status": lesson["status"],
            "exempted": "pupil-0" in lesson["exempted"],
        }
        for lesson in lessons
    ]


def in_order(lessons: list[dict]) -> list[dict]:
    return sorted(lessons, key=lambda lesson: (lesson["start"], str(lesson["subject"])))


def test_password_gives_the_week_the_school_holds(pair, pronote):
    python, era = pair
    read = sign_in(python, pronote.root(era), "by_password", DEMONSTRATION)
    assert read["logged_in"]
    assert read["name"] == "PARENT Gaspard"
    truth = true_lessons(pronote, era, "PARENT Gaspard")
    assert in_order(read["lessons"]) == in_order(truth)
    statuses = {lesson["status"] for lesson in read["lessons"]}
    assert {"Prof. absent", "Cours annulé", "Cours déplacé", "Remplacement"} <= statuses
    assert any(lesson["exempted"] for lesson in read["lessons"])


def test_a_wrong_password_is_refused(pair, pronote):
    python, era = pair
    assert not sign_in(python, pronote.root(era), "refused", DEMONSTRATION | {"password": "wrong"})["logged_in"]
    assert not sign_in(python, pronote.root(era), "refused", DEMONSTRATION | {"username": "nobody"})["logged_in"]


def test_a_parent_sees_each_child_by_itself(pair, pronote):
    python, era = pair
    read = sign_in(python, pronote.root(era), "parent", DEMONSTRATION)
    assert read["children"] == ["PARENT Gaspard", "PARENT Fanny"]
    for which, name in (("first", "PARENT Gaspard"), ("second", "PARENT Fanny")):
        truth = true_lessons(pronote, era, name)
        if which == "second":
            truth = [lesson | {"exempted": False} for lesson in truth]
        assert in_order(read[which]["lessons"]) == in_order(truth)


def test_a_qr_code_gives_a_token_and_each_token_gives_the_next(pair, pronote):
    python, era = pair
    read = sign_in(python, pronote.root(era), "qr_code_then_token", DEMONSTRATION)
    assert read["scanned"] == "PARENT Gaspard"
    assert read["token"]["logged_in"]
    assert read["again"]
    assert read["tokens_differ"]
    assert not read["old_token_works"]


def test_the_second_factor_asks_once_for_pin_and_device_name(pair, pronote):
    python, era = pair
    pronote.control(era, "/faults", method="POST", body={"fault": "two-factor", "pin": "4321"})
    try:
        read = sign_in(python, pronote.root(era), "second_factor", DEMONSTRATION | {"pin": "4321"})
    finally:
        pronote.control(era, "/faults", method="DELETE")
    assert read["without"] == "MFAError: PIN is required for this account"
    assert read["wrong"] == "MFAError: Invalid PIN"
    assert read["right"] is True
    assert read["known"] is True


# The settings that the profiles do not already have by themselves.
@pytest.mark.parametrize(
    ("judge", "era", "settings"),
    [
        ("previous_pronotepy", "2025.2.8", "none"),
        ("previous_pronotepy", "2025.2.8", "encrypt"),
        ("previous_pronotepy", "2025.2.8", "compress"),
        ("newest_pronotepy", "2026.2.5", "encrypt"),
        ("newest_pronotepy", "2026.2.5", "compress"),
        ("newest_pronotepy", "2026.2.5", "encrypt compress"),
    ],
)
def test_every_setting_of_encryption_and_compression_is_understood(judge, era, settings, request, tmp_path):
    python = request.getfixturevalue(judge)
    switches = [f"--{'' if name in settings.split() else 'no-'}{name}" for name in ("encrypt", "compress")]
    with running_simulator(tmp_path, *switches, era=era) as site:
        read = sign_in(python, site.root(era), "by_password", DEMONSTRATION)
        assert read["lessons"]


def test_the_published_test_suite_passes_whole(pair, pronote, tmp_path):
    """The suite is that of the installed release; only the host it names is replaced."""
    python, era = pair
    where = "import pronotepy.test_grade_parsing as m; print(m.__file__)"
    folder = Path(run(python, "-c", where).strip()).parent
    suite = (folder / "test_pronotepy.py").read_text()
    assert "https://demo.index-education.net/pronote/" in suite
    (tmp_path / "test_pronotepy.py").write_text(
        suite.replace("https://demo.index-education.net/pronote", pronote.root(era))
    )
    for module, number in (("test_pronotepy", suite.count("    def test_")), ("pronotepy.test_grade_parsing", 10)):
        done = subprocess.run(
            [python, "-m", "unittest", "-v", module],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        ran = re.search(r"Ran (\d+) tests", done.stderr)
        assert ran is not None
        assert int(ran.group(1)) == number
        assert "skipped" not in done.stderr
        assert "collection empty" not in done.stderr
