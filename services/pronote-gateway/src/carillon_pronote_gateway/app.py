"""The Pronote gateway's application."""

from carillon_kit import health, problems
from fastapi import FastAPI

from carillon_pronote_gateway.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Build the service; nothing is opened before its lifespan starts."""
    app = FastAPI(title="Carillon: Pronote gateway", version="1", docs_url=None, redoc_url=None)
    app.state.settings = settings
    health.install(app, {})
    problems.install(app)
    return app
