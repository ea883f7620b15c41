"""The README is true: every setting stands in its table, its commands and links exist."""

import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
from carillon_kit.settings import ServiceSettings
from carillon_local.settings import LocalSettings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
AMONG_THEMSELVES = {"CARILLON_HOST", "CARILLON_DATABASE_URL", "CARILLON_NATS_URL"}
SERVICES = ("scraper", "timetable_api", "rooms", "pronote_gateway")


def settings_of_all_parts() -> set[str]:
    for service in SERVICES:
        import_module(f"carillon_{service}.settings")
    classes = [LocalSettings, *ServiceSettings.__subclasses__()]
    return {f"CARILLON_{name.upper()}" for one in classes for name in one.model_fields}


def documented() -> set[str]:
    table = README.partition("<!-- settings -->")[2].partition("<!-- /settings -->")[0]
    return set(re.findall(r"^\| `(CARILLON_\w+)`", table, re.MULTILINE))


def test_every_setting_is_in_the_table_and_no_other() -> None:
    for service in SERVICES:
        assert any(one.__module__.startswith(f"carillon_{service}") for one in _loaded()), service
    assert documented() == settings_of_all_parts() - AMONG_THEMSELVES


def _loaded() -> list[type]:
    settings_of_all_parts()
    return ServiceSettings.__subclasses__()


@pytest.mark.parametrize(
    "document",
    ["README.md", "CONTRIBUTING.md", *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/**/*.md"))],
)
def test_links_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text()
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert ((ROOT / document).parent / target).exists(), f"{document}: {target}"


def test_the_make_words_exist() -> None:
    for word in set(re.findall(r"make (\w+)", README + (ROOT / "CONTRIBUTING.md").read_text())):
        made = subprocess.run(["make", "-n", word], cwd=ROOT, capture_output=True, text=True, check=False)
        assert "No rule to make target" not in made.stderr, word
