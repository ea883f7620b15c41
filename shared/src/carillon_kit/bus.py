"""NATS JetStream: connect, publish an event, consume events.

An outage of the server is waited out: connecting and publishing try for ever, a consumer goes on by itself.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

import nats
import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client, Srv
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from pydantic import ValidationError

from carillon_kit import correlation, streams
from carillon_kit.cancellation import end, together

RETRY_DELAYS_S = (1, 2, 5, 15, 60)
"""How long a message whose handler failed rests before it comes again; the last one from then on."""

FETCH_TIMEOUT_S = 5
"""Short, because a fetch in flight across a server restart waits for the whole of it."""

PUBLISH_TIMEOUT_S = 5.0
_BATCH = 64
_AT_ONCE = 4

log = structlog.get_logger()


class Event(Protocol):
    """What can be published: it knows its subject and is a Pydantic model."""

    @property
    def subject(self) -> str:
        """The subject to publish to."""

    def model_dump_json(self) -> str:
        """The event as JSON."""


def told(error: Exception) -> str:
    """An error for the log: what the server says of it, which is not in its `repr`."""
    return str(error) if isinstance(error, nats.js.errors.APIError) else repr(error)


async def _log_error(error: Exception) -> None:
    log.warning("nats_error", error=told(error))


class _Client(Client):
    """A client that leaves nothing behind where nats-py would: no socket of a failed try, no task after its end."""

    async def _connect_to_server(self, s: Srv) -> None:
        if self._transport:
            self._transport.close()  # type: ignore[no-untyped-call]  # of a try that failed: nats-py leaves it open
        await super()._connect_to_server(s)

    async def end(self) -> None:
        """Disconnect for good."""
        try:
            if self._reconnection_task is not None:
                await end(self._reconnection_task)  # cancelled once, as by `close`, it may go on for ever
        finally:
            if not self.is_connected:
                # What still waits would be written to a broken connection, and that error would end the closing.
                self._pending, self._pending_data_size = [], 0
            await self.close()


@asynccontextmanager
async def connection(nats_url: str, name: str) -> AsyncIterator[Client]:
    """Connect, waiting for the server if need be, and disconnect at the end."""
    client = _Client()
    try:
        await client.connect(
            nats_url,
            name=name,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,  # type: ignore[arg-type]  # seconds, of any kind
            connect_timeout=2,
            drain_timeout=1,
            error_cb=_log_error,
        )
        yield client
    finally:
        await client.end()


async def ready(client: Client, replicas: int) -> JetStreamContext:
    """JetStream with our streams in place; tries until the server has it ready."""
    js = client.jetstream(timeout=PUBLISH_TIMEOUT_S)
    while True:
        try:
            await streams.ensure(js, replicas)
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
            log.warning("jetstream_not_ready", error=told(error))
            await asyncio.sleep(0.5)
        else:
            return js


async def publish(js: JetStreamContext, event: Event) -> None:
    """Publish until the stream has confirmed; a repeated try is recognised by its id and stored once.

    Raises:
        nats.errors.MaxPayloadError: the event is larger than the server takes.
    """
    body = event.model_dump_json().encode()
    subject = event.subject
    headers = {"Nats-Msg-Id": hashlib.sha256(subject.encode() + b"\n" + body).hexdigest()}
    if (correlation_id := correlation.current()) is not None:
        headers[correlation.EVENT_HEADER] = correlation_id
    while True:
        try:
            await js.publish(subject, body, timeout=PUBLISH_TIMEOUT_S, headers=headers)
        except nats.errors.MaxPayloadError:
            raise
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
            log.warning("publish_retried", subject=subject, error=told(error))
            await asyncio.sleep(0.5)
        else:
            return


T = TypeVar("T")
Read = Callable[[str, bytes], T]
"""Reads a message's subject and body into an event; ValidationError if it is none."""

Handle = Callable[[T], Awaitable[None]]


async def deliver(message: Msg, read: Read[T], handle: Handle[T]) -> None:
    """Handle one message: done is acknowledged, unreadable is terminated, failed comes again later."""
    headers = message.headers or {}
    correlation.begin(headers.get(correlation.EVENT_HEADER))
    try:
        event = read(message.subject, message.data)
    except ValidationError as error:  # the stream still keeps it
        wrong = error.errors(include_input=False, include_url=False)
        log.warning("event_unreadable", subject=message.subject, errors=wrong)
        await message.term()
        return
    try:
        await handle(event)
    except Exception:
        tries = message.metadata.num_delivered
        delay = RETRY_DELAYS_S[min(tries, len(RETRY_DELAYS_S)) - 1]
        log.exception("event_failed", subject=message.subject, tries=tries, again_in_s=delay)
        await message.nak(delay=delay)
    else:
        await message.ack()


async def consume(
    js: JetStreamContext,
    stream: str,
    durable: str,
    read: Read[T],
    handle: Handle[T],
    *,
    key: Callable[[str], Hashable] = lambda subject: subject,
) -> None:
    """Deliver a stream's messages to `handle` until cancelled.

    Messages whose subjects have the same `key` are handled one after the other, at most four keys at a time.
    """
    config = ConsumerConfig(ack_wait=120, max_ack_pending=4 * _BATCH)
    limit = asyncio.Semaphore(_AT_ONCE)

    async def in_order(messages: list[Msg]) -> None:
        async with limit:
            for message in messages:
                await deliver(message, read, handle)

    subscription = None
    while True:
        try:
            if subscription is None:
                subscription = await js.pull_subscribe("", durable, stream, config=config)
            messages = await subscription.fetch(_BATCH, timeout=FETCH_TIMEOUT_S)
        except (nats.js.errors.NotFoundError, nats.js.errors.ServiceUnavailableError) as error:
            log.warning("consumer_lost", stream=stream, error=told(error))
            subscription = None
            await asyncio.sleep(0.5)
            continue
        except TimeoutError:
            continue
        except (nats.errors.Error, nats.js.errors.Error) as error:
            log.warning("fetch_failed", stream=stream, error=told(error))
            await asyncio.sleep(0.5)
            continue
        lanes: dict[Hashable, list[Msg]] = defaultdict(list)
        for message in messages:
            lanes[key(message.subject)].append(message)
        await together(*(in_order(lane) for lane in lanes.values()))
