"""Watches the `occupancy` bucket into an index, and begins anew whenever something may have been missed."""

import asyncio
from collections.abc import Callable

import nats.errors
import nats.js.errors
import structlog
from carillon_contracts.events import Coverage, RoomWeek, SourceStates
from carillon_contracts.weeks import monday_of
from carillon_kit import bus, streams
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from prometheus_client import Counter, Gauge
from pydantic import ValidationError

from carillon_rooms.known_sources import KnownSources
from carillon_rooms.occupancy_index import OccupancyIndex

BATCH = 512
PAUSE_S = 0.5
FETCH_TIMEOUT_S = 2.0
"""Short, because a fetch in flight across a restart of the server waits for the whole of it."""

_STREAM = f"KV_{streams.OCCUPANCY}"
_PREFIX = f"$KV.{streams.OCCUPANCY}."
_GONE = {"DEL", "PURGE"}

_ROOMS = Gauge("carillon_rooms_known", "Rooms in the index.")
_PASSES = Counter("carillon_rooms_passes", "Times the whole bucket was read.")
_UNREADABLE = Counter("carillon_rooms_unreadable", "Values of the bucket that could not be read.")

log = structlog.get_logger()


class _GapError(Exception):
    """Values may have been missed: the whole bucket must be read again."""


class OccupancyWatch:
    """Holds the index that answers are given from; a new one takes its place only when it is complete."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self.index: OccupancyIndex | None = None

    async def run(self, nats_url: str, replicas: int) -> None:
        """Watch until cancelled; outages, a lost consumer and a bucket made anew are waited out."""
        while True:
            try:
                async with bus.connection(nats_url, "rooms") as client:
                    await self._watch(client, replicas)
            except Exception:
                log.exception("nats_connection_failed")
            await asyncio.sleep(PAUSE_S)

    async def _watch(self, client: Client, replicas: int) -> None:
        while True:
            try:
                await self._pass(client, await bus.ready(client, replicas))
            except (_GapError, nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
                log.warning("occupancy_watch_begins_anew", reason=repr(error))
            except Exception:
                log.exception("occupancy_watch_failed")
            await asyncio.sleep(PAUSE_S)

    async def _pass(self, client: Client, js: JetStreamContext) -> None:
        """Read all that the bucket holds into a new index, then keep it up to date; ends by an error."""
        reconnects = client.stats["reconnects"]
        subscription = await js.pull_subscribe(f"{_PREFIX}>", stream=_STREAM, config=_consumer())
        try:
            pending = (await subscription.consumer_info()).num_pending
            index, expected = OccupancyIndex(), 1
            if pending == 0:
                self._complete(index)
            while True:
                messages = await _fetch(subscription)
                if client.stats["reconnects"] != reconnects:
                    raise _GapError("reconnected")  # what was under way then is lost
                for message in messages:
                    if message.metadata.sequence.consumer != expected:
                        raise _GapError("a message is missing")
                    expected += 1
                    apply(index, message)
                    if self.index is not index and message.metadata.num_pending == 0:
                        self._complete(index)
                if messages and self.index is index:
                    self._changed(index)
        finally:
            if client.is_connected:  # otherwise it would wait for an answer, and the server has dropped it or soon will
                await _drop(js, subscription)

    def _complete(self, index: OccupancyIndex) -> None:
        self.index = index
        _PASSES.inc()
        log.info("occupancy_read", rooms=len(index.rooms))
        self._changed(index)

    def _changed(self, index: OccupancyIndex) -> None:
        _ROOMS.set(len(index.rooms))
        self._on_change()


def _consumer() -> ConsumerConfig:
    # Each replica has one of its own, which the server drops when nobody asks any more.
    return ConsumerConfig(
        deliver_policy=DeliverPolicy.LAST_PER_SUBJECT,
        ack_policy=AckPolicy.NONE,
        inactive_threshold=60,
        num_replicas=1,
        mem_storage=True,
    )


async def _fetch(subscription: JetStreamContext.PullSubscription) -> list[Msg]:
    try:
        return await subscription.fetch(BATCH, timeout=FETCH_TIMEOUT_S)
    except TimeoutError:  # a busy process gets the plain one too; if anything was lost, the count shows it
        return []


async def _drop(js: JetStreamContext, subscription: JetStreamContext.PullSubscription) -> None:
    try:
        await subscription.unsubscribe()
        await js.delete_consumer(_STREAM, subscription._consumer)  # noqa: SLF001 - the only place of its name
    except (nats.errors.Error, nats.js.errors.Error, TimeoutError):
        log.debug("consumer_left_to_expire")


def apply(index: OccupancyIndex, message: Msg) -> None:
    """Take one entry of the bucket into the index; an unreadable one makes what it speaks of unknown."""
    key = message.subject.removeprefix(_PREFIX)
    gone = (message.headers or {}).get("KV-Operation") in _GONE
    kind, *rest = key.split(".")
    try:
        if kind == "room":
            _apply_room(index, rest, None if gone else message.data, message.metadata.sequence.stream)
        elif kind == "week":
            _apply_coverage(index, rest, None if gone else message.data)
        elif key == "sources":
            index.sources = None if gone else KnownSources.of(SourceStates.model_validate_json(message.data))
    except (ValueError, KeyError) as error:
        _UNREADABLE.inc()
        wrong = error.errors(include_input=False) if isinstance(error, ValidationError) else repr(error)
        log.warning("occupancy_unreadable", key=key, error=wrong)


def _apply_room(index: OccupancyIndex, rest: list[str], data: bytes | None, revision: int) -> None:
    room, week = rest
    monday_of(week)
    if data is None:
        index.drop_room_week(int(room), week)
        return
    try:
        index.put_room_week(RoomWeek.model_validate_json(data), revision)
    except ValidationError:
        index.put_unreadable_room_week(int(room), week)
        raise


def _apply_coverage(index: OccupancyIndex, rest: list[str], data: bytes | None) -> None:
    (week,) = rest
    index.drop_coverage(week)
    if data is not None:
        index.put_coverage(Coverage.model_validate_json(data))
