"""How far the import of the sources is, read from the outside: through the edge, like everybody."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from carillon_local.announcements import Announcements

_POLL_S = 0.5


@dataclass(frozen=True)
class State:
    """Of the sources: how many were read to the end at least once; and the courses known so far."""

    read: int
    courses: int


async def observe(client: httpx.AsyncClient, address: str) -> State:
    """Ask the API at `address`.

    Raises:
        httpx.HTTPError: it does not answer as it should.
    """
    sources = await items(client, f"{address}/api/sources/")
    read = sum(1 for source in sources if source["last_update_date"] is not None)
    return State(read, await _count(client, f"{address}/api/courses/"))


async def follow(client: httpx.AsyncClient, address: str, sources: int, announcements: Announcements) -> None:
    """Show the progress until all `sources` were read; an API that is away for a while is waited for."""
    while True:
        try:
            state = await observe(client, address)
        except httpx.HTTPError:
            await asyncio.sleep(_POLL_S)
            continue
        text = f"Import: {state.read} of {sources} sources read, {state.courses} courses so far"
        if state.read >= sources:
            announcements.progress_ends()
            announcements.line(f"Import: {state.read} sources are read, {state.courses} courses are known.")
            return
        announcements.progress(text)
        await asyncio.sleep(_POLL_S)


async def items(client: httpx.AsyncClient, url: str) -> list[dict[str, Any]]:
    """All items of a list, paginated or not."""
    found: list[dict[str, Any]] = []
    following: str | None = url
    while following:
        page = await _json(client, following)
        found += page if isinstance(page, list) else page["results"]
        following = None if isinstance(page, list) else page["next"]
    return found


async def _count(client: httpx.AsyncClient, url: str) -> int:
    page = await _json(client, url)
    return len(page) if isinstance(page, list) else int(page["count"])


async def _json(client: httpx.AsyncClient, url: str) -> Any:
    answer = await client.get(url)
    answer.raise_for_status()
    return answer.json()
