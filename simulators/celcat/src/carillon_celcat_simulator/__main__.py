"""`python -m carillon_celcat_simulator --port N`: see `--help`."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import uvicorn

from carillon_celcat_simulator.app import UniversitySize, create_app


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments (by default the process's) and serve until the process is told to stop."""
    parser = argparse.ArgumentParser(
        prog="carillon_celcat_simulator", description="A CELCAT server which publishes a made-up faculty."
    )
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--recorded", type=Path, metavar="FOLDER", help="serve its *.xml, *.ics, *.json at /recorded/")
    parser.add_argument("--seed", type=int, default=1, help="another number, another faculty")
    parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today in Paris")
    parser.add_argument("--weeks", type=int, default=15, help="weeks on a Web Publisher page (default: 15)")
    parser.add_argument("--university", action="store_true", help="a made-up university in place of the faculty")
    parser.add_argument("--courses", type=int, default=44_000, help="with --university (default: %(default)s)")
    parser.add_argument("--groups", type=int, default=390, help="with --university (default: %(default)s)")
    parser.add_argument("--rooms", type=int, default=600, help="with --university (default: %(default)s)")
    parser.add_argument("--university-weeks", type=int, default=30, help="with --university (default: %(default)s)")
    given = parser.parse_args(arguments)
    size = UniversitySize(given.courses, given.groups, given.rooms, given.university_weeks)
    app = create_app(
        seed=given.seed,
        today=given.today,
        recorded=given.recorded,
        size=size if given.university else None,
        weeks=given.weeks,
    )
    uvicorn.run(app, host=given.host, port=given.port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
