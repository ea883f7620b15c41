"""Processes of a supervisor that was killed: they end by themselves on Linux; the next start makes sure."""

import contextlib
import json
from pathlib import Path

import psutil

_END_WITHIN_S = 5


def record(file: Path, pid: int) -> None:
    """Remember a process that we started, in a file of its own."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(psutil.NoSuchProcess):  # it has ended already
        file.write_text(json.dumps({"pid": pid, "started": psutil.Process(pid).create_time()}))


def forget(file: Path) -> None:
    """The process has ended."""
    file.unlink(missing_ok=True)


def end(folder: Path) -> None:
    """End what the files of `folder` name, if it is still what was started then, and not another with its number."""
    found: list[psutil.Process] = []
    for file in folder.glob("*.json"):
        with contextlib.suppress(psutil.NoSuchProcess, ValueError, KeyError):
            known = json.loads(file.read_text())
            process = psutil.Process(known["pid"])
            if process.create_time() == known["started"]:
                process.terminate()
                found.append(process)
        forget(file)
    _, alive = psutil.wait_procs(found, _END_WITHIN_S)
    for process in alive:
        process.kill()
