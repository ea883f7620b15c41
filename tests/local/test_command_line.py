"""The command line, run as its user runs it."""

import subprocess
import sys
from pathlib import Path

import pytest
from carillon_local import loopback
from carillon_servers import eventually, stop

CARILLON = Path(sys.executable).with_name("carillon")


def carillon(*words: str, **settings: str) -> subprocess.CompletedProcess:
    environment = {"PATH": "/usr/bin:/bin", "COLUMNS": "400", **settings}
    return subprocess.run([CARILLON, *words], env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
async def simulator():
    """A CELCAT simulator, started by its command; gives its address."""
    port = loopback.free_port()
    process = subprocess.Popen([CARILLON, "simulate", "celcat", "--port", str(port), "--today", "2026-11-20"])
    await eventually(lambda: loopback.is_taken("127.0.0.1", port), 60)
    yield f"http://127.0.0.1:{port}"
    stop(process, 15)


@pytest.fixture
def sources(tmp_path: Path, simulator: str) -> Path:
    file = tmp_path / "sources.toml"
    entry = '[[source]]\nslug = "{}"\nformat = "celcat-xml"\nurl = "{}/publisher/{}"\nyear = "L1"\ntimetable = "{}"\n'
    file.write_text(
        '[institution]\nname = "X"\ntimezone = "Europe/Paris"\n'
        + entry.format("good", simulator, "g220501.xml", "A")
        + entry.format("gone", simulator, "g1.xml", "B")
    )
    return file


def cells(line: str) -> list[str]:
    """The cells of a table's line."""
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_help_names_every_command() -> None:
    shown = carillon("--help").stdout
    for word in ("up", "simulate", "sources", "scrape", "ent"):
        assert f"│ {word} " in shown


def test_sources_check_says_for_each_source_what_it_shows_or_what_is_wrong(sources: Path) -> None:
    done = carillon(
        "sources", "check", CARILLON_SOURCES=str(sources), CARILLON_ALLOW_PRIVATE_ADDRESSES="true", CARILLON_REQUEST_PAUSE_S="0"
    )  # fmt: skip
    good, gone = (cells(line) for line in done.stdout.splitlines() if line.startswith(("│ good", "│ gone")))
    assert int(good[1]) > 100
    assert good[2] == "1"
    assert good[3].startswith("2026-W47 to 2027-W")
    assert good[5] == "nothing"
    assert gone[1:5] == ["0", "0", "none", "not said"]
    assert gone[5].startswith("http-status: ")
    assert done.returncode == 1


def test_sources_check_says_every_mistake_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text('[institution]\nname = "X"\ntimezone = "Europe/Pari"\n[[source]]\nslug = "A"\n')
    done = carillon("sources", "check", "--sources", str(file))
    assert done.returncode == 2
    assert 'key "timezone"' in done.stderr
    assert 'key "format"' in done.stderr


def test_scrape_shows_the_courses_of_one_source(sources: Path) -> None:
    told = {"CARILLON_SOURCES": str(sources), "CARILLON_ALLOW_PRIVATE_ADDRESSES": "true"}
    done = carillon("scrape", "good", "--dry-run", **told)
    begins = [cells(line)[0] for line in done.stdout.splitlines() if line.startswith("│ 20")]
    (summary,) = (cells(line) for line in done.stdout.splitlines() if line.startswith("│ good"))
    assert done.returncode == 0
    assert len(begins) == int(summary[1])
    assert begins == sorted(begins)
    assert (
        carillon("scrape", "none", "--dry-run", **told).stderr
        == f"{sources} has no source none that the scraper reads.\n"
    )
    assert "add --dry-run" in carillon("scrape", "good", **told).stderr


def test_ent_list_shows_the_portals_that_match() -> None:
    lines = carillon("ent", "list", "nantes").stdout.splitlines()
    assert any(line.startswith("ac-nantes ") for line in lines)
    assert len(lines) < len(carillon("ent", "list").stdout.splitlines())


async def test_ent_detect_recognises_a_pronote_without_a_portal() -> None:
    port = loopback.free_port()
    process = subprocess.Popen([CARILLON, "simulate", "pronote", "--port", str(port), "--era", "2025.2.8"])
    try:
        await eventually(lambda: loopback.is_taken("127.0.0.1", port), 60)
        address = f"http://127.0.0.1:{port}/pronote/"
        assert carillon("ent", "detect", address, "--allow-http").stdout.startswith("none")
        refused = carillon("ent", "detect", address)
        assert (refused.returncode, refused.stdout) == (1, "")
    finally:
        stop(process, 15)
