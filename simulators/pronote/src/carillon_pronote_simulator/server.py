"""Run the simulator as a process."""

from datetime import date

import uvicorn

from carillon_pronote_simulator.app import create_app
from carillon_pronote_simulator.sessions import DEFAULT_IDLE_SECONDS


def run(
    port: int,
    host: str = "127.0.0.1",
    era: str | None = None,
    *,
    today: date | None = None,
    seed: int = 1,
    cas_url: str | None = None,
    idle_seconds: float = DEFAULT_IDLE_SECONDS,
    encrypt: bool | None = None,
    compress: bool | None = None,
) -> None:
    """Serve until the process is told to stop; the other arguments are those of `create_app`.

    Raises:
        KeyError: unknown era.
    """
    app = create_app(
        era,
        today=today,
        seed=seed,
        cas_url=cas_url,
        idle_seconds=idle_seconds,
        encrypt=encrypt,
        compress=compress,
    )
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)
