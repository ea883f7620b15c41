"""Puts the rooms service together."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial

from carillon_kit import health, outer_middleware, problems, rate_limits
from carillon_kit.background_work import BackgroundWork
from carillon_kit.response_cache import ResponseCacheMiddleware
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from carillon_rooms import availability_routes, freshness, qsjps_routes
from carillon_rooms.pages import free_rooms_routes
from carillon_rooms.rooms_state import Clock, RoomsState
from carillon_rooms.settings import RoomsSettings

POLICY_CHECK_S = 1.0
_CORS = partial(
    CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD"], allow_headers=["*"], expose_headers=["*"]
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: RoomsSettings | None = None, clock: Clock = _utc_now) -> FastAPI:
    """Build the service; nothing but the room policy is opened before its lifespan starts.

    Raises:
        RoomPolicyError: the room policy cannot be used.
    """
    chosen = RoomsSettings.from_environment() if settings is None else settings
    state = RoomsState(chosen.room_policy, clock)
    background = BackgroundWork()
    app = FastAPI(
        title="Carillon: salles libres",
        version="1",
        description="Which rooms are free, answered from memory.",
        responses=rate_limits.DESCRIBED,
        lifespan=_lifespan_of(chosen, state, background),
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nobody collects it, and asking costs 10 µs
    )
    app.state.rooms = state
    app.include_router(qsjps_routes.router)
    app.include_router(availability_routes.router)
    app.include_router(free_rooms_routes.router)
    problems.install(app)
    health.install(app, {"occupancy": _occupancy_check(state), "background": background.check})

    def keeping(inner: ASGIApp) -> ASGIApp:
        """Data that grow too old change what is said of rooms without any event: answers are kept by that too."""
        kept = ResponseCacheMiddleware(
            inner,
            state.answers,
            also_by=lambda: b"stale" if state.stale() else b"",
            clock=lambda: clock().timestamp(),
        )
        return freshness.FreshnessMiddleware(kept, state)

    outer_middleware.install(app, cors=_CORS, rate_limit=chosen.rate_limit, kept=keeping)
    return app


def _occupancy_check(state: RoomsState) -> health.Check:
    async def check() -> str | None:
        return None if state.watch.index is not None else "the rooms' data have not been read yet"

    return check


def _lifespan_of(
    settings: RoomsSettings, state: RoomsState, background: BackgroundWork
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        works = {
            "occupancy": partial(state.watch.run, settings.nats_url, settings.nats_replicas),
            "room policy": partial(state.policy_file.watch, POLICY_CHECK_S),
        }
        async with background.running(works):
            with _on_sighup(state.policy_file.reload):
                yield

    return lifespan


@contextmanager
def _on_sighup(action: Callable[[], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only the main thread may listen to signals
        yield
        return
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, action)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
