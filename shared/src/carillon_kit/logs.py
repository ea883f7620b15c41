"""One JSON line a record, on standard output, with the correlation id; a fixed message, values beside it."""

import io
import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

from carillon_kit import correlation


class _StandardOutput(io.TextIOBase):
    """Where a disk is full, or the reader of a pipe gone, a record is lost, but not the work that was to be noted."""

    def write(self, text: str, /) -> int:
        """Try to write."""
        with suppress(OSError):
            sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        """Try to write what is held back."""
        with suppress(OSError):
            sys.stdout.flush()


def _add_correlation_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    found = correlation.current()
    if found is not None:
        event["correlation_id"] = found
    return event


def configure(service: str, level: str = "INFO") -> None:
    """Send structlog's and the standard library's records the same way, marked with the service's name."""

    def add_service(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    before: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _add_correlation_id,
        add_service,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *before,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _StandardOutput())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore"):  # they log whole addresses, and addresses may hold a token
        logging.getLogger(noisy).setLevel(logging.WARNING)
