"""`/livez`, `/readyz` and `/metrics` of every service."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from pydantic import BaseModel, Field

Check = Callable[[], Awaitable[str | None]]
"""Says what is wrong, or None."""


class Readiness(BaseModel):
    """Whether a service can do its work, and what it waits for otherwise."""

    ready: bool
    waiting_for: dict[str, str] = Field(default_factory=dict, description="What is missing, by name.")


def install(app: FastAPI, checks: dict[str, Check]) -> None:
    """Add the three routes; a service is ready while every check says None."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> dict[str, bool]:
        """The process answers."""
        return {"alive": True}

    @router.get("/readyz")
    async def readyz(response: Response) -> Readiness:
        """The service can do its work; 503 otherwise."""
        waiting = {name: wrong for name, check in checks.items() if (wrong := await check()) is not None}
        if waiting:
            response.status_code = 503
        return Readiness(ready=not waiting, waiting_for=waiting)

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus text."""
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    app.include_router(router)
