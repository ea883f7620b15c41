"""Run one service's application in this process."""

import uvicorn
from fastapi import FastAPI

from carillon_kit.settings import ServiceSettings


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT; open streams are ended after one second, so that a stop is quick."""
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
