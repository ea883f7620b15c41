"""What the log promises besides its form: it never stops the work."""

import subprocess
import sys
from pathlib import Path

NOTES = """
import logging, sys
import structlog
from carillon_kit import logs
logs.configure("test")
for log in (structlog.get_logger(), logging.getLogger("library")):
    log.warning("note")
    try:
        raise ValueError("wrong")
    except ValueError:
        log.exception("crashed")
print("went on", file=sys.stderr)
"""


def test_a_full_disk_does_not_stop_the_work() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-uc", NOTES], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.stderr.endswith("went on\n")
