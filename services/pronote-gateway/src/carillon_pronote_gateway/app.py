"""Puts the Pronote gateway together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import httpx
import structlog
from carillon_kit import bus, health, problems, sealing
from carillon_kit.correlation import HEADER as REQUEST_ID
from carillon_kit.correlation import CorrelationMiddleware
from carillon_pronote import Pronote, proxy_from_environment
from carillon_pronote.ent import EntTable
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.middleware.cors import CORSMiddleware

from carillon_pronote_gateway import seed_routes
from carillon_pronote_gateway.addresses import GuardedTransport
from carillon_pronote_gateway.gateway import Clock, Gateway
from carillon_pronote_gateway.sessions import gateway_sessions, store
from carillon_pronote_gateway.settings import Settings
from carillon_pronote_gateway.sign_in_limits import SignInLimits

log = structlog.get_logger()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, clock: Clock = _utc_now) -> FastAPI:
    """Build the service; nothing is opened before its lifespan starts.

    Raises:
        ValueError: a setting cannot be used.
    """
    chosen = Settings.from_environment() if settings is None else settings
    app = FastAPI(
        title="Carillon: Pronote",
        version="1",
        description="Pronote for apps, as GraphQL and REST.",
        lifespan=_lifespan_of(chosen, clock),
        docs_url=None,
        redoc_url=None,
        max_body_size=chosen.max_body_bytes,
    )
    app.state.settings = chosen
    app.include_router(seed_routes.router)
    problems.install(app)
    health.install(app, {"sessions": _check(app)})
    origins = [origin.strip() for origin in chosen.cors_origins.split(",") if origin.strip()]
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Token", "Authorization", "Content-Type", "Accept-Language"],
            expose_headers=[REQUEST_ID, "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"],
        )
    app.add_middleware(CorrelationMiddleware)
    return app


def _check(app: FastAPI) -> health.Check:
    async def check() -> str | None:
        return None if hasattr(app.state, "gateway") else "the bucket of sessions is not open yet"

    return check


def _keys(settings: Settings) -> SecretStr:
    if settings.secret_keys is not None:
        return settings.secret_keys
    log.warning("no_secret_keys", consequence="sessions will not survive a restart: set CARILLON_SECRET_KEYS")
    return SecretStr(sealing.new_key())


def _lifespan_of(settings: Settings, clock: Clock) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    def guard(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        return GuardedTransport(inner, allow_private=settings.allow_private_addresses)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        limits = SignInLimits.of(settings.sign_ins_per_address, settings.sign_ins_per_account)
        keys = _keys(settings)
        async with (
            bus.connection(settings.nats_url, "pronote-gateway") as client,
            Pronote(proxy=proxy_from_environment(), guard=guard) as pronote,
        ):
            js = await bus.ready(client, settings.nats_replicas)
            kv = await store.bucket(js, settings.nats_replicas)
            async with gateway_sessions.opened(settings, keys, client, kv, pronote) as sessions:
                portals = EntTable.load(settings.ent_table)
                app.state.gateway = Gateway(settings, sessions, pronote, portals, limits, clock)
                task = asyncio.create_task(sessions.caretaker.run())
                try:
                    yield
                finally:
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await task

    return lifespan
