"""Run one service's application in this process."""

import asyncio
import gc
from types import FrameType

import uvicorn
from fastapi import FastAPI

from carillon_kit.forwarded import ForwardedMiddleware
from carillon_kit.settings import ServiceSettings

OBJECTS_BEFORE_COLLECTING = 10_000
"""Requests leave few cycles; looking for them after each 700 objects, as Python does, takes 6 % of a request."""


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT; what is still open after one second is cut, so that a stop is quick.

    Endless answers watch `app.state.ending`, an event that is set as soon as a stop is asked for.
    """
    gc.freeze()  # what is loaded stays: the collector need not look at it again, for 65 ms each time
    gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
    config = uvicorn.Config(
        ForwardedMiddleware(app, settings.forwarded_allow_ips),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        server_header=False,
        ws="none",
    )
    _Server(config, getattr(app.state, "ending", None)).run()


class _Server(uvicorn.Server):
    """Tells the application of the end before its connections are waited for."""

    def __init__(self, config: uvicorn.Config, ending: asyncio.Event | None) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM or SIGINT has come."""
        if self._ending is not None:
            self._ending.set()
        super().handle_exit(sig, frame)
