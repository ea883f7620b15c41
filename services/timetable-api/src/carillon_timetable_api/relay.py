"""Publishes the journal, in order and at least once, and keeps the `occupancy` bucket as the database says.

One replica relays at a time: it holds a lock of the database's. It is woken by `NOTIFY carillon`, or by the clock.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import nats.errors
import nats.js.errors
from carillon_contracts.events import Coverage, RoomWeek, SourceStates
from carillon_kit import correlation, streams
from nats.js import JetStreamContext
from nats.js.kv import KeyValue
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carillon_timetable_api import occupancy
from carillon_timetable_api.database import LOST
from carillon_timetable_api.leadership import Step, lead

_LOCK = 7_240_003
_BATCH = 2000
_PAUSE_S = 0.5
"""Between the beginnings of two rounds: the commits of an import are relayed together, a single one at once."""


async def run(engine: AsyncEngine, js: JetStreamContext, zone: ZoneInfo) -> None:
    """Relay until cancelled; an outage of the database or of NATS is waited out."""

    async def begin() -> Step:
        bucket = await streams.occupancy_bucket(js)
        if not await _is_filled(bucket):
            await rebuild(engine, js, zone)
        relay = Relay(engine, js, bucket, zone, await _coverage_told(bucket))

        async def round_at_a_measured_pace() -> None:
            await asyncio.gather(relay.catch_up(), asyncio.sleep(_PAUSE_S))

        return round_at_a_measured_pace

    await lead(engine, _LOCK, begin, (*LOST, nats.errors.Error, nats.js.errors.Error))


async def _is_filled(bucket: KeyValue) -> bool:
    """Whether the bucket holds what the journal said up to the relay's position; a new one does not."""
    try:
        await bucket.get(SourceStates.KEY)
    except nats.js.errors.KeyNotFoundError:
        return False
    return True


async def _coverage_told(bucket: KeyValue) -> dict[str, Coverage]:
    """What the bucket says of days, by week."""
    keys = [key for key in await bucket.keys() if key.startswith("week.")]
    told = [Coverage.model_validate_json((await bucket.get(key)).value or b"") for key in keys]
    return {week.week: week for week in told}


class Relay:
    """What is in the bucket is remembered, so that only differences are put again."""

    def __init__(
        self,
        engine: AsyncEngine,
        js: JetStreamContext,
        bucket: KeyValue,
        zone: ZoneInfo,
        coverage_told: dict[str, Coverage],
    ) -> None:
        self._engine, self._js, self._bucket, self._zone = engine, js, bucket, zone
        self._coverage = coverage_told
        self._states: SourceStates | None = None

    async def catch_up(self) -> None:
        """Publish all rows of the journal that were not, then what the bucket says of days and sources."""
        while await self._publish_some() == _BATCH:
            pass
        async with self._engine.connect() as connection:
            weeks = await occupancy.coverage(connection)
            states = await occupancy.source_states(connection, self._zone)
        forgotten = self._coverage.keys() - {week.week for week in weeks}
        for week in (*weeks, *(Coverage(week=week, days={}) for week in forgotten)):
            if self._coverage.get(week.week) != week:
                await self._bucket.put(week.key, week.model_dump_json().encode())
                self._coverage[week.week] = week
        if states != self._states:
            await self._bucket.put(states.key, states.model_dump_json().encode())
            self._states = states

    async def _publish_some(self) -> int:
        """Publish the next rows; the position moves only after all are confirmed, so a crash repeats some."""
        async with self._engine.begin() as connection:
            position = await _position(connection)
            rows = await _rows_after(connection, position)
            if not rows:
                return 0
            touched = await _touched(connection, position, rows[-1].number, self._zone)
            weeks = await occupancy.room_weeks(connection, touched, self._zone)
            await self._publish(rows)
            await put_room_weeks(self._js, weeks)
            query = "update relay_position set number = :number where name = 'journal'"
            await connection.execute(text(query), {"number": rows[-1].number})
        return len(rows)

    async def _publish(self, rows: Sequence[Row[Any]]) -> None:
        confirmations = []
        for row in rows:
            headers = {"Nats-Msg-Id": f"journal-{row.number}"}
            if row.correlation_id:
                headers[correlation.EVENT_HEADER] = row.correlation_id
            subject = f"changed.{row.source}.{row.kind}"
            confirmations.append(await self._js.publish_async(subject, row.body.encode(), headers=headers))
        await asyncio.wait_for(asyncio.gather(*confirmations), 30)


async def _position(connection: AsyncConnection) -> int:
    query = """
        insert into relay_position (name, number) values ('journal', 0)
        on conflict (name) do update set number = relay_position.number returning number"""
    number: int = (await connection.execute(text(query))).scalar_one()
    return number


async def _rows_after(connection: AsyncConnection, position: int) -> Sequence[Row[Any]]:
    """The next rows, each with its `carillon_contracts.events.Changed` as the database writes it."""
    query = """
        select number, source, kind, correlation_id, json_build_object(
            'number', number, 'at', at, 'kind', kind, 'source', source, 'course', course_id,
            'before', before, 'after', after, 'correlation_id', correlation_id)::text as body
        from journal where number > :position order by number limit :limit"""
    return (await connection.execute(text(query), {"position": position, "limit": _BATCH})).all()


async def _touched(connection: AsyncConnection, after: int, last: int, zone: ZoneInfo) -> set[occupancy.RoomAndWeek]:
    """The rooms and weeks that these rows of the journal speak of, before or after the change."""
    query = """
        select distinct (room ->> 'id')::int as room_id, cast(state ->> 'begin' as timestamptz) as begin,
               cast(state ->> 'end' as timestamptz) as "end"
        from journal, lateral (values (before), (after)) as states (state),
             lateral jsonb_array_elements(state -> 'rooms') as room
        where number > :after and number <= :last"""
    rows = await connection.execute(text(query), {"after": after, "last": last})
    return {(row.room_id, week) for row in rows for week in occupancy.weeks_touched(row.begin, row.end, zone)}


async def put_room_weeks(js: JetStreamContext, weeks: Sequence[RoomWeek]) -> None:
    """Put values into the bucket, many under way at once."""
    prefix = f"$KV.{streams.OCCUPANCY}."
    puts = [await js.publish_async(prefix + week.key, week.model_dump_json().encode()) for week in weeks]
    await asyncio.wait_for(asyncio.gather(*puts), 30)


async def rebuild(engine: AsyncEngine, js: JetStreamContext, zone: ZoneInfo) -> int:
    """Write the whole bucket anew from the database and drop what it does not know; gives the number of values."""
    bucket = await streams.occupancy_bucket(js)
    async with engine.connect() as connection:
        weeks = await occupancy.room_weeks(connection, await occupancy.all_room_weeks(connection, zone), zone)
        covered = await occupancy.coverage(connection)
        states = await occupancy.source_states(connection, zone)
    await put_room_weeks(js, weeks)
    values: list[Coverage | SourceStates] = [*covered, states]
    for value in values:
        await bucket.put(value.key, value.model_dump_json().encode())
    wanted = {week.key for week in weeks} | {value.key for value in values}
    with suppress(nats.js.errors.NoKeysError):
        for key in await bucket.keys():
            if key not in wanted:
                await bucket.purge(key)
    return len(wanted)
