"""The application: routes, what runs beside them, and the middleware around them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version

from carillon_kit import health, outer_middleware, problems, rate_limits
from carillon_kit.background_work import BackgroundWork, Work
from carillon_kit.response_cache import ResponseCache, ResponseCacheMiddleware
from carillon_kit.sealing import Sealer
from carillon_kit.sources_file import load_institution
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from carillon_timetable_api import data_age, database_outage, described, documentation
from carillon_timetable_api.background import BusWork, forget_answers_of_old_data
from carillon_timetable_api.changes import atom_routes
from carillon_timetable_api.changes import routes as changes
from carillon_timetable_api.changes.journal_feed import JournalFeed, end_with
from carillon_timetable_api.database import engine_of
from carillon_timetable_api.feeds import personal_routes as personal_feeds
from carillon_timetable_api.feeds import routes as feeds
from carillon_timetable_api.feeds.written_feeds import WrittenFeeds
from carillon_timetable_api.pages import problem_routes
from carillon_timetable_api.pages import routes as pages
from carillon_timetable_api.periods import ImpossibleDateError
from carillon_timetable_api.routes import catalogue, common_free_time, courses, entry_point, search, source_status
from carillon_timetable_api.serving import Serving
from carillon_timetable_api.settings import Settings
from carillon_timetable_api.webhooks import routes as webhooks
from carillon_timetable_api.webhooks.sending import send_webhooks

_DATABASE_PATIENCE_S = 2
_CORS = partial(CORSMiddleware, allow_origins=["*"], allow_headers=["*"], expose_headers=["*"])


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, now: Callable[[], datetime] = _now) -> FastAPI:
    """Put the service together; nothing is connected before it starts.

    Raises:
        SourcesFileError: the sources file does not say whose days count.
    """
    settings = settings or Settings.from_environment()
    institution = load_institution(settings.sources)
    engine = engine_of(settings.database_url, institution.timezone.key)
    cache = ResponseCache(settings.cache_mib * 1024**2)
    bus_work = BusWork(engine, institution.timezone, settings)
    serving = Serving(engine, institution.timezone, settings.page_size, timedelta(seconds=settings.tombstone_s), now)
    journal_feed = JournalFeed(engine, institution.timezone)
    ending = asyncio.Event()
    background = BackgroundWork()
    sealer = Sealer(settings.secret_keys) if settings.secret_keys else None

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        works: dict[str, Work] = {
            "ingest and relay": bus_work.run,
            "kept answers": lambda: forget_answers_of_old_data(engine, cache),
            "stream of changes": journal_feed.run,
            "end of streams": lambda: end_with(ending, journal_feed),
        }
        if sealer is not None:
            works["webhooks"] = lambda: send_webhooks(serving, sealer, settings)
        async with background.running(works):
            yield
        await engine.dispose()

    app = FastAPI(
        title="Carillon – timetables",
        summary=f"The timetables of {institution.name}.",
        description=documentation.DESCRIPTION,
        version=version("carillon-timetable-api"),
        license_info={"name": "MIT", "identifier": "MIT"},
        docs_url=None,
        redoc_url=None,
        max_body_size=1024**2,
        responses=described.ERRORS | rate_limits.DESCRIBED,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nobody collects it, and asking costs 10 µs
        lifespan=lifespan,
    )
    app.state.serving = serving
    app.state.journal_feed = journal_feed
    app.state.ending = ending
    app.state.sealer = sealer
    app.state.allows_private_addresses = settings.allow_private_addresses
    app.state.written_feeds = WrittenFeeds()
    _add_routes(app, serving.page_size)
    _add_errors(app)
    pages.install(app, institution.name)
    checks: dict[str, health.Check] = {
        "database": lambda: _check_database(engine),
        "events": bus_work.check,
        "background": background.check,
    }
    health.install(app, checks)

    def today() -> bytes:
        return now().astimezone(serving.zone).date().isoformat().encode()

    def keeping(inner: ASGIApp) -> ASGIApp:
        """What is current is so for one day, which is therefore a part of what answers are kept under."""
        return ResponseCacheMiddleware(
            inner,
            cache,
            also_by=today,
            as_of_now=lambda headers: data_age.as_of_now(headers, now()),
            clock=lambda: now().timestamp(),
        )

    outer_middleware.install(app, cors=_CORS, rate_limit=settings.rate_limit, kept=keeping)
    return app


def _add_routes(app: FastAPI, page_size: int) -> None:
    # Routes are tried one after the other: those that are asked for most come first.
    app.include_router(entry_point.router, prefix="/api")
    app.include_router(courses.router(page_size), prefix="/api")
    app.include_router(catalogue.router(page_size), prefix="/api")
    app.include_router(source_status.router, prefix="/api")
    app.include_router(search.router, prefix="/api")
    app.include_router(common_free_time.router, prefix="/api")
    app.include_router(changes.router, prefix="/api")
    app.include_router(atom_routes.router, prefix="/api")
    app.include_router(webhooks.router, prefix="/api")
    app.include_router(feeds.router, prefix="/api")
    app.include_router(personal_feeds.router, prefix="/api")
    app.include_router(problem_routes.router)
    documentation.install(app)


def _add_errors(app: FastAPI) -> None:
    problems.install(app)
    database_outage.install(app)

    @app.exception_handler(ImpossibleDateError)
    async def on_impossible_date(_request: Request, error: ImpossibleDateError) -> JSONResponse:
        """These errors as celcatsanitizer tells them: French, one sentence a field."""
        return JSONResponse(error.errors, 400)


async def _check_database(engine: AsyncEngine) -> str | None:
    try:
        async with asyncio.timeout(_DATABASE_PATIENCE_S), engine.connect() as connection:
            await connection.execute(text("select 1"))
    except Exception as error:  # noqa: BLE001 - whatever it is, the service is not ready
        return f"the database does not answer ({type(error).__name__})"
    return None
