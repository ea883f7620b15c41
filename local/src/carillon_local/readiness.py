"""How the supervisor learns that a part can do its work."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

Check = Callable[[], Awaitable[str | None]]
"""Says what is missing, or None."""


def http(client: httpx.AsyncClient, url: str) -> Check:
    """It answers this address with 200."""

    async def check() -> str | None:
        try:
            answer = await client.get(url)
        except httpx.HTTPError as error:
            return f"no answer yet ({type(error).__name__})"
        return None if answer.status_code == httpx.codes.OK else _waiting_for(answer)

    return check


def _waiting_for(answer: httpx.Response) -> str:
    try:
        return ", ".join(f"{name} {wrong}" for name, wrong in answer.json()["waiting_for"].items())
    except (ValueError, TypeError, LookupError, AttributeError):
        return answer.text[:200]


def tcp(port: int) -> Check:
    """It accepts connections at this loopback port."""

    async def check() -> str | None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return f"port {port} is not open yet"
        writer.close()
        await writer.wait_closed()
        return None

    return check


def postgresql(data: Path) -> Check:
    """Its postmaster.pid says so, in the line that pg_ctl reads (PostgreSQL's utils/pidfile.h, PM_STATUS)."""

    async def check() -> str | None:
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return "it has not started yet"
        status = lines[7].strip() if len(lines) > 7 else "starting"  # noqa: PLR2004
        return None if status == "ready" else status

    return check
