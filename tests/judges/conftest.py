"""The judges: published clients nobody here wrote, each in an environment of its own, and the simulator they try.

The environments lie in `.venv-judges/` (ignored by Git), are made from the hash-locked files beside this one, and are
reused until those change. Needed on the PATH: `node` and `npm` (Debian: `apt-get install nodejs npm`).
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from carillon_pronote_simulator import ERAS
from judge_environments import node_packages, python_environment, run
from pronote_api_server import ENVIRONMENT, pronote_api_packages
from pronote_servers import Site, running_simulator

HERE = Path(__file__).parent
# A host that pronote-api's table of portals knows; nobody talks to it.
PORTAL = "https://ent.iledefrance.fr/cas/login"


@pytest.fixture(scope="module")
def pronote(tmp_path_factory) -> Iterator[Site]:
    """The simulator with every era at its own path; one a module, because judges write too."""
    with running_simulator(tmp_path_factory.mktemp("pronote")) as site:
        yield site
        # Whatever a judge sends is understood, or refused for a reason; it never trips the simulator up.
        stumbled = {era: site.control(era, "/counters").get("unreadable-requests", 0) for era in ERAS}
        assert set(stumbled.values()) == {0}, stumbled


@pytest.fixture(scope="module")
def pronote_behind_portal(tmp_path_factory) -> Iterator[Site]:
    """The simulator with a portal before the sign-in."""
    with running_simulator(tmp_path_factory.mktemp("portal"), "--cas-url", PORTAL, era="2022") as site:
        yield site


def pronotepy_python(version: str) -> Path:
    """The interpreter of an environment that holds this version of pronotepy, made if needed."""
    name = f"pronotepy-{version}"
    return python_environment(name, HERE / name / "requirements.txt")


@pytest.fixture(scope="session")
def newest_pronotepy() -> Path:
    """Pronotepy 2.15.7, which speaks the protocol from 2026.2.5 on."""
    return pronotepy_python("2.15.7")


@pytest.fixture(scope="session")
def previous_pronotepy() -> Path:
    """Pronotepy 2.15.6, which speaks the protocol from 2025.1.3 to 2026.2.4."""
    return pronotepy_python("2.15.6")


@pytest.fixture(scope="session")
def pronote_api() -> Path:
    return pronote_api_packages()


@pytest.fixture(scope="session")
def pawnote() -> Path:
    """A folder in which `import('pawnote')` gives pawnote 1.6.2."""
    return node_packages("pawnote", HERE / "pawnote")


@pytest.fixture(scope="module")
def surface(pronote_api: Path, pronote: Site, pronote_behind_portal: Site) -> dict[str, Any]:
    """What every function of pronote-api gave on the profile of 2022."""
    ticket = f"ST-{base64.urlsafe_b64encode(b'demonstration').decode().rstrip('=')}-judge1"
    roots = (pronote.root("2022"), pronote_behind_portal.root("2022"))
    command = ("node", HERE / "pronote_api_surface.cjs", pronote_api, *roots, ticket)
    return json.loads(run(*command, environment=ENVIRONMENT))


@pytest.fixture(scope="module")
def results(surface: dict[str, Any]) -> dict[str, Any]:
    """The same, by function, where it gave something."""
    return {name: result.get("value") for name, result in surface["results"].items()}
