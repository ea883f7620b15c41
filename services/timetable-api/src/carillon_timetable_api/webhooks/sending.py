"""Make messages of new changes and send them: one at a time a subscription, in order, tried for a day.

One replica sends at a time. A message is written to the database together with the journal position that it reaches,
so a crash neither loses nor doubles one; a try whose answer was lost is repeated under the same `webhook-id`.
"""

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from carillon_kit.public_addresses import CheckedTransport
from carillon_kit.sealing import SealBrokenError, Sealer
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carillon_timetable_api.changes import filters, journal_reads
from carillon_timetable_api.changes.change import Change
from carillon_timetable_api.changes.filters import ChangeParameters
from carillon_timetable_api.database import LOST
from carillon_timetable_api.leadership import Step, lead
from carillon_timetable_api.serving import Serving
from carillon_timetable_api.settings import Settings
from carillon_timetable_api.webhooks import signature

_PAUSES_S = (5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 6 * 3600, 11 * 3600)
RETRY_AFTER = tuple(timedelta(seconds=pause) for pause in _PAUSES_S)
"""Pauses before the second and later tries: somewhat over a day in all. After the last a message has failed."""

CHANGES_A_MESSAGE = 200
FINISHED_ARE_KEPT_FOR = timedelta(days=30)
"""How long a message that was delivered or given up can be looked at and replayed."""
_LOCK = 7_240_004
_TIMEOUT_S = 15
"""For a whole try: a subscriber who answers byte by byte must not hold up the others."""
_PARALLEL = 8


@dataclass(frozen=True)
class Sending:
    """What sending needs."""

    engine: AsyncEngine
    zone: ZoneInfo
    sealer: Sealer
    http: httpx.AsyncClient
    now: Callable[[], datetime]


async def send_webhooks(serving: Serving, sealer: Sealer, settings: Settings) -> None:
    """Send until cancelled, to public addresses only and without following redirects."""
    transport = CheckedTransport(settings.proxy, allow_private=settings.allow_private_addresses)
    async with httpx.AsyncClient(transport=transport, timeout=_TIMEOUT_S, trust_env=False) as http:
        sending = Sending(serving.engine, serving.zone, sealer, http, serving.now)

        async def begin() -> Step:
            return partial(send_due, sending)

        await lead(serving.engine, _LOCK, begin, LOST)


async def send_due(sending: Sending) -> None:
    """Write the messages that new changes make, then try each subscription's first waiting one that is due."""
    async with sending.engine.begin() as connection:
        for subscription in (await connection.execute(text("select * from webhook_subscription"))).mappings().all():
            await _gather(connection, subscription, sending)
    while due := await _due(sending):
        limit = asyncio.Semaphore(_PARALLEL)
        await asyncio.gather(*(_try(sending, delivery, limit) for delivery in due))


async def _gather(connection: AsyncConnection, subscription: RowMapping, sending: Sending) -> None:
    """Turn the changes since the subscription's position into messages, once its digest's time is over."""
    parameters = ChangeParameters.model_validate(subscription["filter"])
    now, digest_s, since = sending.now(), subscription["digest_s"], subscription["gathering_since"]
    if since is not None and now < since + timedelta(seconds=digest_s):
        return  # what is gathered is read once, at its end
    wanted = await filters.look_up_what_is_there(connection, parameters)
    wanted = replace(wanted, in_digests=wanted.in_digests or digest_s > 0)
    position, gathered = subscription["position"], list[Change]()
    more = True
    while more:
        found = await journal_reads.after(connection, position, wanted, CHANGES_A_MESSAGE, sending.zone)
        position, more = found.next, found.more
        gathered += [change for change in found.changes if wanted.wants(change, now)]
    if gathered and digest_s and since is None:
        await _remember(connection, subscription["id"], subscription["position"], now)
        return
    if wanted.in_digests:
        gathered = wanted.digest(gathered)
    for start in range(0, len(gathered), CHANGES_A_MESSAGE):
        part = [change.body() for change in gathered[start : start + CHANGES_A_MESSAGE]]
        await write_message(connection, subscription["id"], "courses.changed", {"changes": part}, now)
    if position != subscription["position"] or since is not None:
        await _remember(connection, subscription["id"], position, None)


async def _remember(connection: AsyncConnection, wanted: str, position: int, since: datetime | None) -> None:
    query = "update webhook_subscription set position = :position, gathering_since = :since where id = :id"
    await connection.execute(text(query), {"id": wanted, "position": position, "since": since})


async def write_message(
    connection: AsyncConnection, subscription_id: str, kind: str, data: dict[str, Any], now: datetime
) -> None:
    """Put a message at the end of a subscription's queue, and forget its oldest finished ones."""
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data}, ensure_ascii=False)
    query = """
        insert into webhook_delivery (subscription_id, message_id, body, state, created_at, attempts, next_attempt_at)
        values (:subscription_id, :message_id, :body, 'waiting', :now, 0, :now)"""
    values = {"subscription_id": subscription_id, "message_id": "msg_" + secrets.token_urlsafe(18), "body": body}
    await connection.execute(text(query), values | {"now": now})
    query = """
        delete from webhook_delivery where subscription_id = :subscription_id and state in ('delivered', 'failed')
            and greatest(delivered_at, next_attempt_at) < :before"""
    before = now - FINISHED_ARE_KEPT_FOR
    await connection.execute(text(query), {"subscription_id": subscription_id, "before": before})


async def _due(sending: Sending) -> list[RowMapping]:
    """Each subscription's first waiting message, if its next try is due."""
    query = """
        select d.*, s.url, s.sealed_secret, s.sealed_previous_secret, s.previous_secret_until from (
            select distinct on (subscription_id) * from webhook_delivery where state = 'waiting'
            order by subscription_id, id) d
        join webhook_subscription s on s.id = d.subscription_id
        where d.next_attempt_at <= :now"""
    async with sending.engine.connect() as connection:
        return list((await connection.execute(text(query), {"now": sending.now()})).mappings())


async def _try(sending: Sending, delivery: RowMapping, limit: asyncio.Semaphore) -> None:
    async with limit:
        status, error = await _post(sending, delivery)
    now = sending.now()
    attempts = delivery["attempts"] + 1
    values = {"id": delivery["id"], "attempts": attempts, "status": status, "error": error, "now": now}
    if error is None:
        outcome = "state = 'delivered', delivered_at = :now"
    elif attempts > len(RETRY_AFTER):
        outcome = "state = 'failed'"
    else:
        outcome = "next_attempt_at = :again"
        values["again"] = now + RETRY_AFTER[attempts - 1]
    query = f"""
        update webhook_delivery set attempts = :attempts, last_status = :status, last_error = :error, {outcome}
        where id = :id"""  # noqa: S608 - our own text
    async with sending.engine.begin() as connection:
        await connection.execute(text(query), values)


async def _post(sending: Sending, delivery: RowMapping) -> tuple[int | None, str | None]:
    """The status of the answer, and what was wrong; 2xx is right."""
    body = delivery["body"].encode()
    try:
        keys = _secrets(sending, delivery)
        headers = signature.headers(delivery["message_id"], int(sending.now().timestamp()), body, keys)
        async with (
            asyncio.timeout(_TIMEOUT_S),
            sending.http.stream("POST", delivery["url"], content=body, headers=headers) as answer,
        ):
            return answer.status_code, None if answer.is_success else f"answered {answer.status_code}"
    except TimeoutError:
        return None, f"no answer within {_TIMEOUT_S} seconds"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return None, f"{type(error).__name__}: {error}"
    except SealBrokenError as error:
        return None, f"the secret cannot be read: {error}"


def _secrets(sending: Sending, row: RowMapping) -> list[bytes]:
    sealed = [row["sealed_secret"]]
    if row["sealed_previous_secret"] and sending.now() < row["previous_secret_until"]:
        sealed.append(row["sealed_previous_secret"])
    return [sending.sealer.open(one, row["subscription_id"]) for one in sealed]
