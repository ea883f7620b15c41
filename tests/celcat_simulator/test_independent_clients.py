"""A published client that nobody here wrote reads the simulator: celcat-scraper of PyPI, in its own environment."""

import json
from pathlib import Path

import pytest
from judge_environments import JudgeEnvironmentError, python_environment, run

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def celcat_scraper() -> Path:
    """The interpreter of an environment with celcat-scraper 1.1.3."""
    return python_environment("celcat-scraper", HERE / "celcat-scraper" / "requirements.txt")


def _read(python: Path, base: str, name: str, password: str) -> list[dict]:
    """What it reads of November 2026 from the second day on."""
    script = HERE / "celcat_scraper_events.py"
    return json.loads(run(python, script, f"{base}/calendar/cergy", name, password, "2026-11-02", "2026-11-30"))


STUDENTS = [("e.aubepine", "un mot de passe", "L1 MI", "11"), ("n.zinnia", "un autre mot", "M1 INF-DL", "12")]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("student", STUDENTS)
def test_celcat_scraper_logs_in_and_reads_what_is_published(simulator, truth, celcat_scraper, student):
    name, password, mention, digits = student
    found = _read(celcat_scraper, str(simulator.base_url).rstrip("/"), name, password)
    groups = {mention, *(f"{mention} s1 {it}" for it in ("CMA", f"TDA{digits[0]}", f"TPA{digits}"))}
    expected = [
        (it["begin"], it["end"], it["type"], tuple(it["rooms"]), _course(it["modules"]), it["notes"] or "")
        for it in truth["meetings"]
        if groups & set(it["groups"]) and "2026-11-02" <= it["begin"] < "2026-11-30"
    ]
    assert len(expected) > 40
    assert sorted(_told(it) for it in found if not it["all_day"]) == sorted(expected)
    assert [it["notes"] for it in found if it["all_day"]] == ["Armistice 1918"]


def _told(event: dict) -> tuple:
    begin, end = (event[name].replace(" ", "T") for name in ("start", "end"))
    return begin, end, event["category"], tuple(event["rooms"]), event["course"], event["notes"]


def _course(modules: list[str]) -> str:
    """A module as the side bar writes it: `label [CODE]`."""
    return "".join(f"{label} [{code}]" for code, _, label in (module.partition(" - ") for module in modules))


@pytest.mark.timeout(600)
def test_celcat_scraper_is_refused_with_a_wrong_password(simulator, celcat_scraper):
    with pytest.raises(JudgeEnvironmentError, match="invalid credentials"):
        _read(celcat_scraper, str(simulator.base_url).rstrip("/"), "e.aubepine", "wrong")
