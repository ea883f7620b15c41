"""Environments of judges: published clients nobody here wrote, each installed from a hash-locked file of its own.

They lie in `.venv-judges/` (ignored by Git) and are used again until the files they were made from change.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ENVIRONMENTS = Path(__file__).parents[1] / ".venv-judges"


class JudgeEnvironmentError(RuntimeError):
    """An environment of a judge cannot be made."""


@contextmanager
def made_once(name: str, *inputs: Path) -> Iterator[tuple[Path, bool]]:
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


def run(*command: str | Path, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    """What a command prints; its errors are in the exception. `environment` is added to ours."""
    told = {**os.environ, **(environment or {})}
    done = subprocess.run(command, cwd=cwd, env=told, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise JudgeEnvironmentError(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def python_environment(name: str, requirements: Path) -> Path:
    """The interpreter of an environment with these requirements, made if needed."""
    with made_once(name, requirements) as (folder, made):
        python = folder / "bin" / "python"
        if not made:
            uv = (sys.executable, "-m", "uv", "--quiet")
            run(*uv, "venv", "--python", sys.executable, folder)
            run(*uv, "pip", "install", "--python", python, "--require-hashes", "-r", requirements)
    return python


def node_packages(name: str, described: Path) -> Path:
    """A folder whose `node_modules` hold what `package-lock.json` in `described` names, made if needed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise JudgeEnvironmentError(f"the judge {name} needs node and npm on the PATH (apt-get install nodejs npm)")
    files = [described / file for file in ("package.json", "package-lock.json", ".npmrc")]
    with made_once(name, *files) as (folder, made):
        if not made:
            folder.mkdir(parents=True)
            for file in files:
                shutil.copy(file, folder)
            run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
    return folder
