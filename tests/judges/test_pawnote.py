"""pawnote 1.6.2, unmodified, against the simulator of every era it speaks: sign-ins, reads and writes."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from judge_environments import run

HERE = Path(__file__).parent


@pytest.mark.parametrize("era", ["2022", "2023", "2024.3.9", "2025.2.8"])
def test_everything_pawnote_does_works_and_shows_the_week_of_the_school(era, pawnote, pronote):
    root = pronote.root(era)
    command = ("node", HERE / "pawnote_surface.mjs", pawnote, root, root.replace("/pronote", "/simulator"))
    read = json.loads(run(*command, environment={"TZ": "Europe/Paris"}))
    assert {name: each["error"] for name, each in read["results"].items() if not each["ok"]} == {}
    assert len(read["results"]) == (42 if era in ("2022", "2023") else 43)
    truth = pronote.control(era, "/lessons?of=PARENT%20Gaspard&first=2026-11-16&last=2026-11-20")
    assert sorted(map(facts, read["lessons"])) == sorted(map(facts, truth))


def facts(lesson: dict) -> tuple:
    """What both tell of a lesson; pawnote calls an outing an activity, without a subject or a state."""
    start, end = (datetime.fromisoformat(lesson[name]).timestamp() for name in ("start", "end"))
    if lesson["kind"] != "lesson":
        return start, end, "", False, ""
    return start, end, lesson["subject"], lesson["cancelled"], lesson["status"] or ""
