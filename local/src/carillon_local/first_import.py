"""How far the import of the sources is, read from the outside: through the edge, like everybody."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

import httpx

from carillon_local.announcements import Announcements

_POLL_S = 0.5


@dataclass
class FirstImport:
    """Which of the wanted sources were read to the end or failed; and the courses known so far."""

    client: httpx.AsyncClient
    address: str
    wanted: frozenset[str]
    """Slugs: the API may know others, of a former sources file."""
    read: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    """With the reason."""
    courses: int = 0
    _looked_at: set[int] = field(default_factory=set)

    async def observe(self) -> None:
        """Ask the API how far it is.

        Raises:
            httpx.HTTPError: it does not answer as it should.
        """
        for source in await items(self.client, f"{self.address}/api/sources/"):
            if source["id"] not in self._looked_at:
                await self._observe_source(source["id"])
        page = await _json(self.client, f"{self.address}/api/courses/")
        self.courses = len(page) if isinstance(page, list) else page["count"]

    async def _observe_source(self, source: int) -> None:
        status = await _json(self.client, f"{self.address}/api/sources/{source}/status/")
        slug = status["slug"]
        if slug not in self.wanted:
            self._looked_at.add(source)
        elif status["failing_since"] is not None:
            self.failed[slug] = f"{slug}: {status['last_failure']['reason']}"
        elif status["last_read"] is not None:
            self.failed.pop(slug, None)
            self.read.add(slug)
            self._looked_at.add(source)


async def follow(
    client: httpx.AsyncClient, address: str, sources: frozenset[str], announcements: Announcements
) -> None:
    """Show the progress until all `sources` were read or failed; an API that is away for a while is waited for."""
    state, before, wanted = FirstImport(client, address, sources), -1, len(sources)
    while len(state.read) + len(state.failed) < wanted or state.courses != before:
        before = state.courses  # what was read last may still be on its way
        with contextlib.suppress(httpx.HTTPError):
            await state.observe()
            announcements.progress(
                f"Import: {len(state.read) + len(state.failed)} of {wanted} sources, {state.courses} courses so far"
            )
        await asyncio.sleep(_POLL_S)
    announcements.progress_ends()
    for reason in state.failed.values():
        announcements.trouble(f"Source {reason}")
    announcements.line(f"Import: {len(state.read)} of {wanted} sources are read, {state.courses} courses are known.")


async def items(client: httpx.AsyncClient, url: str) -> list[dict[str, Any]]:
    """All items of a list, paginated or not."""
    found: list[dict[str, Any]] = []
    following: str | None = url
    while following:
        page = await _json(client, following)
        found += page if isinstance(page, list) else page["results"]
        following = None if isinstance(page, list) else page["next"]
    return found


async def _json(client: httpx.AsyncClient, url: str) -> Any:
    answer = await client.get(url)
    answer.raise_for_status()
    return answer.json()
