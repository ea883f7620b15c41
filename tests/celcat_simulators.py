"""The CELCAT simulator as a real HTTP server on loopback, in a thread of the test's own process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from carillon_celcat_simulator import create_app


@contextmanager
def running_celcat_simulator(**arguments) -> Iterator[str]:
    """The address of a simulator made with these arguments of `create_app`."""
    config = uvicorn.Config(create_app(**arguments), host="127.0.0.1", port=0, log_level="critical", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the simulator did not start")
        time.sleep(0.01)
    try:
        yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
