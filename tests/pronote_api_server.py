"""pronote-api's own server, as its judge installs it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from carillon_local import loopback
from carillon_servers import running_process
from judge_environments import node_packages

# pronote-api reads every date in the zone of its process.
ENVIRONMENT = {"TZ": "Europe/Paris"}


def pronote_api_packages() -> Path:
    """A folder in which `require('pronote-api-maintained')` gives pronote-api 2.4.1."""
    return node_packages("pronote-api", Path(__file__).parent / "judges" / "pronote-api")


@contextmanager
def running_pronote_api(packages: Path, folder: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    """Its address and process; it logs into `folder`."""
    port, log = loopback.free_port(), folder / "pronote-api.log"
    program = packages / "node_modules" / "pronote-api-maintained" / "bin" / "server.js"
    command = [shutil.which("node"), program, str(port), "127.0.0.1"]
    with running_process(command, log, lambda: str(port) in log.read_text(), environment=ENVIRONMENT) as process:
        yield f"http://127.0.0.1:{port}", process
