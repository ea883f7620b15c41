"""Puts the Pronote gateway together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from functools import partial

import structlog
from carillon_kit import bus, health, outer_middleware, problems, rate_limits, sealing
from carillon_kit.background_work import BackgroundWork, Work
from carillon_kit.response_cache import ResponseCache, ResponseCacheMiddleware
from carillon_kit.sources_file import Institution, load_sources
from carillon_pronote import Pronote, proxy_from_environment
from carillon_pronote.ent import EntTable
from fastapi import FastAPI
from nats.js import JetStreamContext
from pydantic import SecretStr
from starlette.middleware.cors import CORSMiddleware

from carillon_pronote_gateway import pronote_api_routes
from carillon_pronote_gateway.addresses import GuardedTransport
from carillon_pronote_gateway.gateway import Clock, Gateway
from carillon_pronote_gateway.publishing.class_snapshots import ClassSnapshots
from carillon_pronote_gateway.publishing.entry import FORMAT, OTHERS, PronoteEntry
from carillon_pronote_gateway.publishing.published_sessions import PublishedSessions
from carillon_pronote_gateway.publishing.watched_accounts import WatchedAccount
from carillon_pronote_gateway.rest import (
    calendar_feed,
    file_routes,
    look_up_routes,
    page_routes,
    problem_answers,
    session_routes,
    sign_in_routes,
    write_routes,
)
from carillon_pronote_gateway.sessions import gateway_sessions, store
from carillon_pronote_gateway.settings import Settings
from carillon_pronote_gateway.sign_in_limits import SignInLimits

STORE_TIMEOUT_S = 2.0
"""A caller waits; what is published may wait longer."""

EVENTS = "pronote-events"
"""The bucket of the ids that published courses were given."""

log = structlog.get_logger()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, clock: Clock = _utc_now) -> FastAPI:
    """Build the service; nothing is opened before its lifespan starts.

    Raises:
        ValueError: a setting cannot be used.
        SourcesFileError: the sources file cannot be used.
    """
    chosen = Settings.from_environment() if settings is None else settings
    background = BackgroundWork()
    app = FastAPI(
        title="Carillon: Pronote",
        version="1",
        description="Pronote for apps, as GraphQL and REST.",
        responses=rate_limits.DESCRIBED,
        lifespan=_lifespan_of(chosen, clock, background),
        docs_url=None,
        redoc_url=None,
        max_body_size=chosen.max_body_bytes,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nobody collects it
    )
    app.state.settings = chosen
    routers = (
        pronote_api_routes,
        look_up_routes,
        sign_in_routes,
        session_routes,
        page_routes,
        write_routes,
        file_routes,
        calendar_feed,
    )
    for part in routers:
        app.include_router(part.router)
    problems.install(app)
    problem_answers.install(app)
    health.install(app, {"sessions": _check(app), "background": background.check})
    # Nothing is kept of what is somebody's own, but it has a tag, and callers are told so.
    tagging = partial(ResponseCacheMiddleware, cache=ResponseCache(max_bytes=0))
    outer_middleware.install(app, cors=_cors(chosen.cors_origins), rate_limit=chosen.rate_limit, kept=tagging)
    return app


def _cors(said: str) -> rate_limits.Layer:
    origins = [origin.strip() for origin in said.split(",") if origin.strip()]
    if not origins:
        return outer_middleware.nothing
    return partial(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Token", "Authorization", "Content-Type", "Accept-Language"],
        expose_headers=["*"],
    )


def _check(app: FastAPI) -> health.Check:
    async def check() -> str | None:
        return None if hasattr(app.state, "gateway") else "the bucket of sessions is not open yet"

    return check


async def _snapshots(js: JetStreamContext, settings: Settings, institution: Institution) -> ClassSnapshots:
    async def publish(event: bus.Event) -> None:
        await bus.publish(js, event)

    known_events = await store.bucket(js, settings.nats_replicas, EVENTS)
    return ClassSnapshots(publish, known_events, institution.timezone, settings.watch_pause_s)


def _watched(settings: Settings) -> tuple[Institution, tuple[PronoteEntry, ...]]:
    """The institution and its watched accounts; SourcesFileError if the file cannot be used."""
    if settings.sources is None:
        return Institution(name="Carillon", timezone=settings.timezone), ()
    found = load_sources(settings.sources, {FORMAT: PronoteEntry}, OTHERS)
    return found.institution, tuple(entry for entry in found.entries if isinstance(entry, PronoteEntry))


def _keys(settings: Settings) -> SecretStr:
    if settings.secret_keys is not None:
        return settings.secret_keys
    log.warning("no_secret_keys", consequence="sessions will not survive a restart: set CARILLON_SECRET_KEYS")
    return SecretStr(sealing.new_key())


def _lifespan_of(
    settings: Settings, clock: Clock, background: BackgroundWork
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    institution, entries = _watched(settings)
    transport = GuardedTransport(proxy_from_environment(), allow_private=settings.allow_private_addresses)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        limits = SignInLimits.of(settings.sign_ins_per_address, settings.sign_ins_per_account)
        keys = _keys(settings)
        portals = EntTable.load(settings.ent_file)
        async with (
            bus.connection(settings.nats_url, "pronote-gateway") as client,
            Pronote(transport=transport) as pronote,
        ):
            js = await bus.ready(client, settings.nats_replicas)
            quick = client.jetstream(timeout=STORE_TIMEOUT_S)
            kv = await store.bucket(quick, settings.nats_replicas)
            async with gateway_sessions.opened(
                settings, keys, (client, quick, kv), (pronote, portals, institution.timezone)
            ) as sessions:
                serving = Gateway(settings, sessions, pronote, portals, limits, clock)
                snapshots = await _snapshots(js, settings, institution)
                published = PublishedSessions(sessions, snapshots, clock)
                watched = [
                    WatchedAccount(entry, institution, settings, snapshots, sign_in=(pronote, portals), clock=clock)
                    for entry in entries
                ]
                app.state.gateway = serving
                works: dict[str, Work] = {
                    "leases": sessions.caretaker.extend_leases,
                    "sweeps": sessions.caretaker.sweep_often,
                    "publishing": partial(published.run, settings.session_sweep_s),
                    **{entry.slug: account.run for entry, account in zip(entries, watched, strict=True)},
                }
                async with background.running(works):
                    yield

    return lifespan
