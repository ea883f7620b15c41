"""How many sessions there are, by account and host; every replica looks at the bucket from time to time."""

from collections.abc import Iterable

from carillon_pronote_gateway.sessions.errors import TooManySessionsError
from carillon_pronote_gateway.sessions.record import Record, unsealed
from carillon_pronote_gateway.sessions.store import SessionStore


class Census:
    """The records of all replicas' sessions, a few seconds old; this replica's own are always in it."""

    def __init__(self, store: SessionStore, *, per_host: int, in_all: int, per_user: int) -> None:
        self._store = store
        self._records: dict[str, Record] = {}
        self._per_host, self._in_all, self._per_user = per_host, in_all, per_user

    async def look(self) -> None:
        """Read what has come and forget what has gone."""
        before = set(self._records)  # what begins while the bucket is read is not gone
        there = await self._store.digests()
        for gone in before - there:
            self._records.pop(gone, None)
        for new in there - self._records.keys():
            found = await self._store.record(new)
            if found is not None:
                self.note(new, found[0])

    def note(self, digest: str, record: Record) -> None:
        """A session is new, or its record has changed; what is sealed in it is of no use here."""
        self._records[digest] = unsealed(record)

    def forget(self, digest: str) -> None:
        """A session ended here."""
        self._records.pop(digest, None)

    def check_room(self, host: str) -> None:
        """Let one more session begin.

        Raises:
            TooManySessionsError: there is no room.
        """
        if len(self._records) >= self._in_all:
            raise TooManySessionsError("all")
        if sum(record.host == host for record in self._records.values()) >= self._per_host:
            raise TooManySessionsError("host")

    def surplus(self, account: str) -> Iterable[str]:
        """The account's oldest sessions, as many as are too many for one more."""
        own = sorted((record.created, digest) for digest, record in self._records.items() if record.account == account)
        return [digest for _, digest in own[: max(0, len(own) + 1 - self._per_user)]]

    def all(self) -> Iterable[tuple[str, Record]]:
        """Every session."""
        return list(self._records.items())
