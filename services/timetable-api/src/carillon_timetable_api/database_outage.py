"""A database that does not answer is told as a 503 that says when to try again, and not as our crash."""

import asyncpg
import structlog
from carillon_kit.languages import Text
from carillon_kit.problems import ProblemError, answer
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from carillon_timetable_api.database import LOST

RETRY_AFTER_S = 5
_TITLE = Text("La base de données ne répond pas pour l’instant.", "The database does not answer at the moment.")
_OURS = (ProgrammingError, DataError, IntegrityError, asyncpg.SyntaxOrAccessError, asyncpg.DataError)
"""The database did answer: these are defects of ours."""

log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Answer what SQLAlchemy, the driver and the sockets below them raise."""

    async def on_outage(request: Request, error: Exception) -> JSONResponse:
        if isinstance(error, _OURS):
            raise error
        log.warning("database_unavailable", path=request.url.path, error=repr(error))
        headers = {"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"}
        return answer(request, ProblemError("database-unavailable", 503, _TITLE, headers=headers))

    for kind in LOST:  # refused connections and timeouts arrive as OSError
        app.add_exception_handler(kind, on_outage)
