"""The bucket of sessions. Every write says which revision it replaces, so that no replica undoes another's."""

import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import nats.errors
import nats.js.errors
from nats.js import JetStreamContext
from nats.js.api import KeyValueConfig, StorageType
from nats.js.errors import BucketNotFoundError, KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from carillon_pronote_gateway.sessions.errors import ConflictError, StoreUnavailableError
from carillon_pronote_gateway.sessions.record import Place, Record

BUCKET = "pronote-sessions"
SESSION, PLACE, FEED = "session.", "place.", "feed."
_P = ParamSpec("_P")
_R = TypeVar("_R")


def told_when_away(call: Callable[_P, Awaitable[_R]]) -> Callable[_P, Awaitable[_R]]:
    """Turn NATS' failures into `StoreUnavailableError`, and a lost race into `ConflictError`."""

    @functools.wraps(call)
    async def typed(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return await call(*args, **kwargs)
        except KeyWrongLastSequenceError as error:
            raise ConflictError from error
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
            raise StoreUnavailableError(repr(error)) from error

    return typed


async def bucket(js: JetStreamContext, replicas: int, name: str = BUCKET) -> KeyValue:
    """A bucket, made if it is not there."""
    try:
        return await js.key_value(name)
    except BucketNotFoundError:
        config = KeyValueConfig(bucket=name, history=1, storage=StorageType.FILE, replicas=replicas)
        return await js.create_key_value(config)


class SessionStore:
    """Records and places by digest; each comes with its revision."""

    def __init__(self, kv: KeyValue) -> None:
        self._kv = kv

    async def _get(self, key: str) -> tuple[bytes, int] | None:
        try:
            entry = await self._kv.get(key)
        except KeyNotFoundError:
            return None
        return entry.value or b"", entry.revision or 0

    @told_when_away
    async def record(self, digest: str) -> tuple[Record, int] | None:
        """A session's record."""
        found = await self._get(SESSION + digest)
        return found and (Record.model_validate_json(found[0]), found[1])

    @told_when_away
    async def place(self, digest: str) -> tuple[Place, int] | None:
        """A session's place."""
        found = await self._get(PLACE + digest)
        return found and (Place.model_validate_json(found[0]), found[1])

    @told_when_away
    async def write_record(self, digest: str, record: Record, revision: int | None) -> int:
        """Write over `revision`, or anew with None; ConflictError if another is there."""
        return await self._write(SESSION + digest, record.model_dump_json().encode(), revision)

    @told_when_away
    async def write_place(self, digest: str, place: Place, revision: int | None) -> int:
        """Write over `revision`, or anew with None; ConflictError if another is there."""
        return await self._write(PLACE + digest, place.model_dump_json().encode(), revision)

    async def _write(self, key: str, value: bytes, revision: int | None) -> int:
        return await (self._kv.create(key, value) if revision is None else self._kv.update(key, value, last=revision))

    @told_when_away
    async def forget(self, digest: str) -> None:
        """Delete a session; the record first, so that nobody finds it any longer."""
        await self._kv.purge(SESSION + digest)
        await self._kv.purge(PLACE + digest)

    @told_when_away
    async def digests(self) -> set[str]:
        """Every session there is."""
        watcher = await self._kv.watch(SESSION + "*", ignore_deletes=True, meta_only=True)
        try:
            found = set()
            async for entry in watcher:
                if entry is None:  # all that there was
                    break
                found.add(entry.key.removeprefix(SESSION))
            return found
        finally:
            await watcher.stop()  # type: ignore[no-untyped-call]

    @told_when_away
    async def write_feed(self, secret_digest: str, sealed: bytes) -> None:
        """Keep what a feed's secret address leads to."""
        await self._kv.put(FEED + secret_digest, sealed)

    @told_when_away
    async def feed(self, secret_digest: str) -> bytes | None:
        """What a feed's secret address leads to."""
        found = await self._get(FEED + secret_digest)
        return found and found[0]

    @told_when_away
    async def forget_feed(self, secret_digest: str) -> None:
        """A feed's address leads nowhere from now on."""
        await self._kv.purge(FEED + secret_digest)
