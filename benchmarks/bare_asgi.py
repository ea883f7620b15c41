"""The yardstick: an ASGI application that does nothing but send the bytes it was given."""

import os
from pathlib import Path
from typing import Any


def create_app() -> Any:
    """Answer every request with the bytes of the file CARILLON_BENCHMARK_BODY, as JSON."""
    body = Path(os.environ["CARILLON_BENCHMARK_BODY"]).read_bytes()
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
    }
    answer = {"type": "http.response.body", "body": body}

    async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send(start)
            await send(answer)

    return app
