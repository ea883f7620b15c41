"""Run the simulator as a process."""

import uvicorn

from carillon_pronote_simulator.app import create_app


def run(port: int, host: str = "127.0.0.1", era: str | None = None, cas_url: str | None = None) -> None:
    """Serve until the process is told to stop.

    Raises:
        KeyError: unknown era.
    """
    app = create_app(era, cas_url=cas_url)
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)
