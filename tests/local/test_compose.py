"""The compose files: hardened, in step with the settings that the services know, and with the simulator."""

import re
from pathlib import Path

import pytest
import yaml
from carillon_celcat_simulator import demonstration_sources
from carillon_local import edge
from carillon_pronote_gateway.settings import Settings as GatewaySettings
from carillon_rooms.settings import RoomsSettings
from carillon_scraper.settings import Settings as ScraperSettings
from carillon_timetable_api.settings import Settings as ApiSettings

ROOT = Path(__file__).parents[2]
PLATFORM = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
DEMONSTRATION = yaml.safe_load((ROOT / "docker-compose.override.yml").read_text(encoding="utf-8"))["services"]
SIMULATORS = {name: service for name, service in DEMONSTRATION.items() if name.endswith("-simulator")}
SETTINGS = {
    "scraper": ScraperSettings,
    "timetable-api": ApiSettings,
    "rooms": RoomsSettings,
    "pronote-gateway": GatewaySettings,
}


@pytest.mark.parametrize(("name", "service"), [*PLATFORM.items(), *SIMULATORS.items()])
def test_every_container_is_hardened(name: str, service: dict) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert "privileged" not in service


@pytest.mark.parametrize("service", SETTINGS)
def test_what_a_service_is_told_is_a_setting_that_some_service_knows(service: str) -> None:
    known = {f"CARILLON_{field.upper()}" for settings in SETTINGS.values() for field in settings.model_fields}
    told = PLATFORM[service]["environment"].keys() | DEMONSTRATION[service].get("environment", {}).keys()
    assert told <= known


def test_only_the_edge_can_be_reached_from_outside() -> None:
    assert [name for name, service in PLATFORM.items() if "ports" in service] == ["edge"]
    assert PLATFORM["edge"]["ports"] == ["${CARILLON_PUBLISH:-127.0.0.1:8000}:8000"]


def test_the_caddyfiles_defaults_are_the_names_of_the_containers() -> None:
    text = edge.caddyfile().read_text(encoding="utf-8")
    upstreams = dict(re.findall(r"\{\$CARILLON_(\w+)_ADDRESS:([a-z-]+):8000\}", text))
    assert upstreams == {"ROOMS": "rooms", "PRONOTE_GATEWAY": "pronote-gateway", "TIMETABLE_API": "timetable-api"}
    assert set(upstreams.values()) <= PLATFORM.keys()


def test_every_setting_of_the_example_is_one_that_the_files_read() -> None:
    read = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) - {"COMPOSE_FILE"}
    assert names == set(re.findall(r"\$\{([A-Z_]+):", read))


def test_the_demonstration_reads_the_simulators_own_sources() -> None:
    comment, _, sources = (ROOT / "deploy/demonstration.toml").read_text(encoding="utf-8").partition("\n")
    assert comment.startswith("#")
    assert sources == demonstration_sources("http://celcat-simulator:8000")
