"""Run the simulator as a process."""

from datetime import date
from pathlib import Path

import uvicorn

from carillon_celcat_simulator.app import UniversitySize, create_app


def run(
    port: int,
    host: str = "127.0.0.1",
    *,
    seed: int = 1,
    today: date | None = None,
    recorded: Path | None = None,
    size: UniversitySize | None = None,
    weeks: int = 15,
) -> None:
    """Serve until the process is told to stop; for the arguments see `create_app`.

    Raises:
        FileNotFoundError: the folder `recorded` is not there.
        ValueError: a university of that size is not possible, or two recorded files have the same name.
    """
    app = create_app(seed=seed, today=today, recorded=recorded, size=size, weeks=weeks)
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)
