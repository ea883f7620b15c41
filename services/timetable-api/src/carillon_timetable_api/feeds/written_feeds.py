"""Feeds once written are kept until a change concerns them: writing one takes far longer than asking the journal."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api.changes import journal_reads
from carillon_timetable_api.feeds.meetings import Scope


@dataclass(frozen=True, slots=True)
class WrittenFeed:
    """A feed's bytes, as of the journal's `number`; `changed_at` is when something last changed that concerns it."""

    number: int
    body: bytes
    is_empty: bool
    changed_at: datetime | None


_OBJECTS_BYTES = 4096
"""What a feed takes beside its bytes, its key included."""
_CONCERNS = "(group_ids && cast(:groups as int[]) or room_ids && cast(:rooms as int[]))"


class File(NamedTuple):
    """A calendar as bytes; one that is empty has no course that takes place."""

    body: bytes
    is_empty: bool


class WrittenFeeds:
    """At most `max_bytes` of feeds; the least recently asked for go first."""

    def __init__(self, max_bytes: int = 32 * 1024**2) -> None:
        self._max_bytes, self._bytes = max_bytes, 0
        self._feeds: OrderedDict[Hashable, WrittenFeed] = OrderedDict()

    async def get(
        self, connection: AsyncConnection, key: Hashable, scope: Scope, write: Callable[[], Awaitable[File]]
    ) -> WrittenFeed:
        """The feed under `key`, written anew only if a change has concerned its groups or rooms since."""
        newest = await journal_reads.last_number(connection)
        kept = self._feeds.get(key)
        if kept is not None and kept.number != newest:
            concerned = await _last_change(connection, scope, kept.number)
            kept = replace(kept, number=newest) if concerned is None else None
        if kept is None:
            # The number is read before the courses: a change in between makes the feed be written once more.
            kept = WrittenFeed(newest, *await write(), await _last_change(connection, scope, 0))
        self._keep(key, kept)
        return kept

    def _keep(self, key: Hashable, feed: WrittenFeed) -> None:
        previous = self._feeds.pop(key, None)
        self._bytes += _size(feed) - (_size(previous) if previous else 0)
        self._feeds[key] = feed
        while self._bytes > self._max_bytes and len(self._feeds) > 1:
            _, oldest = self._feeds.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(feed: WrittenFeed) -> int:
    return len(feed.body) + _OBJECTS_BYTES


async def _last_change(connection: AsyncConnection, scope: Scope, after: int) -> datetime | None:
    """When something last changed for these groups and rooms, looking only at what came after a number."""
    query = f"select max(at) from journal where number > :after and {_CONCERNS}"  # noqa: S608 - our own text
    values = {"after": after, "groups": list(scope.groups), "rooms": list(scope.rooms)}
    found: datetime | None = (await connection.execute(text(query), values)).scalar()
    return found
