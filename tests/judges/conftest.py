"""The judges: published clients nobody here wrote, each in an environment of its own, and the simulator they try.

The environments lie in `.venv-judges/` (ignored by Git), are made from the hash-locked files beside this one, and are
reused until those change. Needed on the PATH: `node` and `npm` (Debian: `apt-get install nodejs npm`).
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from carillon_pronote_simulator import ERAS
from pronote_servers import Site, running_simulator

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".venv-judges"
# A host that pronote-api's table of portals knows; nobody talks to it.
PORTAL = "https://ent.iledefrance.fr/cas/login"


class JudgeEnvironmentError(RuntimeError):
    """An environment of a judge cannot be made."""


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


@contextmanager
def _once(name: str, *inputs: Path) -> Iterator[tuple[Path, bool]]:
    """The folder of an environment, and whether it is already made from these very files; one maker at a time."""
    ENVIRONMENTS.mkdir(exist_ok=True)
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in inputs)).hexdigest()
    folder = ENVIRONMENTS / name
    with (ENVIRONMENTS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = folder / "made-from"
        made = mark.is_file() and mark.read_text() == digest
        if not made:
            shutil.rmtree(folder, ignore_errors=True)
        yield folder, made
        mark.write_text(digest)


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise JudgeEnvironmentError(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def pronotepy_python(version: str) -> Path:
    """The interpreter of an environment that holds this version of pronotepy, made if needed."""
    requirements = HERE / f"pronotepy-{version}" / "requirements.txt"
    with _once(f"pronotepy-{version}", requirements) as (folder, made):
        python = folder / "bin" / "python"
        if not made:
            _run(sys.executable, "-m", "venv", folder)
            _run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements)
    return python


@pytest.fixture(scope="session")
def newest_pronotepy() -> Path:
    """Pronotepy 2.15.7, which speaks the protocol from 2026.2.5 on."""
    return pronotepy_python("2.15.7")


@pytest.fixture(scope="session")
def previous_pronotepy() -> Path:
    """Pronotepy 2.15.6, which speaks the protocol from 2025.1.3 to 2026.2.4."""
    return pronotepy_python("2.15.6")


def node_packages(name: str) -> Path:
    """A folder whose `node_modules` hold what `package-lock.json` of this judge names, made if needed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise JudgeEnvironmentError(f"the judge {name} needs node and npm on the PATH (apt-get install nodejs npm)")
    files = [HERE / name / file for file in ("package.json", "package-lock.json", ".npmrc")]
    with _once(name, *files) as (folder, made):
        if not made:
            folder.mkdir(parents=True)
            for file in files:
                shutil.copy(file, folder)
            _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
    return folder


@pytest.fixture(scope="session")
def pronote_api() -> Path:
    """A folder in which `require('pronote-api-maintained')` gives pronote-api 2.4.1."""
    return node_packages("pronote-api")


@pytest.fixture(scope="session")
def pawnote() -> Path:
    """A folder in which `import('pawnote')` gives pawnote 1.6.2."""
    return node_packages("pawnote")
