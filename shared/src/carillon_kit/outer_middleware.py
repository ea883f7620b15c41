"""What lies around every service's routes, outside of Starlette's own middleware."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from carillon_kit import problems
from carillon_kit.correlation import CorrelationMiddleware
from carillon_kit.rate_limits import Layer, RateLimitMiddleware
from carillon_kit.settings import RateLimit


def nothing(app: ASGIApp) -> ASGIApp:
    """No layer."""
    return app


def install(app: FastAPI, *, cors: Layer, rate_limit: RateLimit | None, kept: Layer = nothing) -> None:
    """From the outside: the request's id, the rate limit, `kept` answers, `cors`, and only then Starlette's own.

    So kept answers pass nothing else, and a crash, which Starlette answers outermost, has its id and origin too.
    """
    inner = app.build_middleware_stack

    def build_middleware_stack() -> ASGIApp:
        answering = kept(cors(problems.with_problem_of_size(inner())))
        if rate_limit is not None:
            answering = RateLimitMiddleware(answering, rate_limit, cors)
        return CorrelationMiddleware(answering)

    app.build_middleware_stack = build_middleware_stack  # type: ignore[method-assign]
