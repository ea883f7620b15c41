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
STREAM, SUBJECTS = f"KV_{BUCKET}", f"$KV.{BUCKET}."
"""As every client of NATS names what lies under a bucket."""

MOST_FEEDS = 20
"""Of one session; a further one ends the oldest."""

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

    def __init__(self, js: JetStreamContext, kv: KeyValue) -> None:
        self._js, self._kv = js, kv

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
        """Delete a session and its feeds; the record first, so that nobody finds it any longer."""
        for key in (SESSION + digest, PLACE + digest, f"{FEED}{digest}.*"):
            await self._erase(key)

    async def _erase(self, key: str) -> None:
        """The bucket's own `purge` would leave a marker of each session for ever, which every sweep would meet."""
        await self._js.purge_stream(STREAM, subject=SUBJECTS + key)

    @told_when_away
    async def digests(self) -> set[str]:
        """Every session there is."""
        return {key.removeprefix(SESSION) for key in await self._keys(SESSION + "*")}

    async def _keys(self, pattern: str) -> list[str]:
        """The keys there are, in no order; nats-py's `watch` may say that there are none before it sees the first."""
        info = await self._js.stream_info(STREAM, subjects_filter=SUBJECTS + pattern)
        return [subject.removeprefix(SUBJECTS) for subject in info.state.subjects or {}]

    @told_when_away
    async def write_feed(self, digest: str, secret_digest: str, target: bytes) -> None:
        """Keep what the secret address of one of a session's feeds leads to."""
        found = {key: await self._get(key) for key in await self._keys(f"{FEED}{digest}.*")}
        kept = sorted((entry[1], key) for key, entry in found.items() if entry is not None)
        for _, oldest in kept[: max(0, len(kept) + 1 - MOST_FEEDS)]:
            await self._erase(oldest)
        await self._kv.put(f"{FEED}{digest}.{secret_digest}", target)

    @told_when_away
    async def feed(self, digest: str, secret_digest: str) -> bytes | None:
        """What a feed's secret address leads to."""
        found = await self._get(f"{FEED}{digest}.{secret_digest}")
        return found and found[0]

    @told_when_away
    async def forget_feed(self, digest: str, secret_digest: str) -> None:
        """A feed's address leads nowhere from now on."""
        await self._erase(f"{FEED}{digest}.{secret_digest}")
