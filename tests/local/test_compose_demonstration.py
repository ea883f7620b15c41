"""The demonstration in containers reads what the simulator publishes there."""

from pathlib import Path

from carillon_celcat_simulator import demonstration_sources

ROOT = Path(__file__).parents[2]


def test_its_sources_are_those_of_the_simulator() -> None:
    comment, _, sources = (ROOT / "deploy/demonstration.toml").read_text(encoding="utf-8").partition("\n")
    assert comment.startswith("#")
    assert sources == demonstration_sources("http://celcat-simulator:8000")
