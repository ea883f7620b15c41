"""New changes as they are committed, read once a process and handed to all who listen.

A listener's queue is bounded: one who reads too slowly is ended, and can go on from its last change later.
"""

import asyncio
from collections import deque
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from carillon_timetable_api.changes import journal_reads
from carillon_timetable_api.changes.change import Change
from carillon_timetable_api.changes.filters import ChangeFilter
from carillon_timetable_api.database import LOST
from carillon_timetable_api.notifications import Notifications

QUEUE_LENGTH = 1000
_BATCH = 500
_PATIENCE_S = 30
EVERYTHING = ChangeFilter(None, None, None, None, None)
log = structlog.get_logger()


class Told:
    """A change with its text, which is written once for all listeners."""

    __slots__ = ("_text", "change")

    def __init__(self, change: Change) -> None:
        self.change = change
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The change as one line of JSON."""
        if self._text is None:
            self._text = self.change.text()
        return self._text


class Listener:
    """One reader; `start` is the number after which it is told of changes."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.ended = False
        self._waiting: deque[Told] = deque()
        self._wake = asyncio.Event()

    def offer(self, told: Told) -> None:
        """Hand over a change; a full queue ends the listener."""
        if len(self._waiting) >= QUEUE_LENGTH:
            self.end()
        else:
            self._waiting.append(told)
            self._wake.set()

    def end(self) -> None:
        """Nothing more will come."""
        self.ended = True
        self._wake.set()

    async def next(self) -> Told | None:
        """The next change; None once the listener is ended."""
        while not self._waiting and not self.ended:
            self._wake.clear()
            await self._wake.wait()
        return None if self.ended else self._waiting.popleft()


class JournalFeed:
    """Follows the journal while the application runs."""

    def __init__(self, engine: AsyncEngine, zone: ZoneInfo) -> None:
        self._engine, self._zone = engine, zone
        self._listeners: set[Listener] = set()
        self._position: int | None = None
        self._ending = False

    def end(self) -> None:
        """The application stops: all listeners are ended."""
        self._ending = True
        for listener in self._listeners:
            listener.end()

    async def listen(self) -> Listener:
        """Begin to listen at the newest change of now; call `leave` at the end."""
        if self._position is None:
            async with self._engine.connect() as connection:
                newest = await journal_reads.last_number(connection)
            self._position = newest if self._position is None else self._position
        listener = Listener(self._position)
        listener.ended = self._ending
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Listen no longer."""
        self._listeners.discard(listener)

    async def run(self) -> None:
        """Hand on changes until cancelled; an outage of the database is waited out, and nothing is left out."""
        while True:
            try:
                async with Notifications(self._engine) as notifications:
                    while True:
                        await self._hand_on()
                        await notifications.wait(_PATIENCE_S)
            except LOST as error:
                log.warning("journal_feed_interrupted", error=repr(error))
                await asyncio.sleep(0.5)

    async def _hand_on(self) -> None:
        if self._position is None:
            return  # nobody has listened yet
        more = True
        async with self._engine.connect() as connection:
            while more:
                found = await journal_reads.after(connection, self._position, EVERYTHING, _BATCH, self._zone)
                self._position, more = found.next, found.more
                for change in found.changes:
                    told = Told(change)
                    for listener in self._listeners:
                        listener.offer(told)


async def end_with(ending: asyncio.Event, feed: JournalFeed) -> None:
    """End the feed when the application is asked to stop."""
    await ending.wait()
    feed.end()
