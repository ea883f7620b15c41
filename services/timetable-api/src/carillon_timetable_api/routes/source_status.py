"""How a source is doing: beside the celcatsanitizer document."""

from datetime import datetime
from zoneinfo import ZoneInfo

from carillon_kit.languages import Language, preferred
from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter
from sqlalchemy import BigInteger, RowMapping, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import coverage, described, empty_lists, examples, periods, schemas
from carillon_timetable_api.answers import COMPUTED_EACH_TIME, not_found
from carillon_timetable_api.empty_lists import EmptyBecause
from carillon_timetable_api.routes.numbers import ID, Id
from carillon_timetable_api.serving import ConnectionDep, Serving, ServingDep

router = APIRouter()
_STATE = text("""
    select s.id, s.slug, s.last_read_at as last_read, s.failing_since, s.failed_at, s.failure_code, s.failure_fr,
        s.failure_en, s.courses, s.skipped, covered.first as covered_from, covered.last as covered_until
    from source s left join lateral (
        select min(d.day) as first, max(d.day) as last from calendar_day d join calendar k on k.id = d.calendar_id
        where k.source_id = s.id) covered on true
    where s.id = :id""").bindparams(bindparam("id", type_=BigInteger))
_ADAPTER = TypeAdapter(schemas.SourceStatus)


@router.get(
    f"/sources/{ID}/status/",
    tags=["sources"],
    operation_id="read_source_status",
    summary="How a source is doing",
    **described.body(schemas.SourceStatus, examples.SOURCE_STATUS),
)
async def read_status(request: Request, serving: ServingDep, connection: ConnectionDep, wanted: Id) -> Response:
    """Ages with each second, so it is never kept; the reason of a failure is in the caller's language."""
    row = (await connection.execute(_STATE, {"id": wanted})).mappings().one_or_none()
    if row is None:
        raise not_found()
    language = preferred(request.headers.get("accept-language"))
    status = _status(row, serving.now(), serving.zone, language)
    status["empty_because"] = await _why_nothing_today(connection, serving, wanted)
    body = _ADAPTER.dump_json(status)
    headers = {"Cache-Control": COMPUTED_EACH_TIME, "Content-Language": language, "Vary": "Accept-Language"}
    return Response(body, headers=headers, media_type="application/json")


def _status(row: RowMapping, now: datetime, zone: ZoneInfo, language: Language) -> schemas.SourceStatus:
    last_read = row["last_read"]
    return {
        "id": row["id"],
        "slug": row["slug"],
        "last_read": _local(last_read, zone),
        "age": max(0, int((now - last_read).total_seconds())) if last_read else None,
        "failing_since": _local(row["failing_since"], zone),
        "last_failure": _failure(row, zone, language),
        "courses": row["courses"],
        "skipped": row["skipped"],
        "covered_from": row["covered_from"],
        "covered_until": row["covered_until"],
        "empty_because": None,
    }


_SHOWS_A_COURSE = text("""
    select exists (select from sighting g join calendar k on k.id = g.calendar_id join course c on c.id = g.course_id
        where k.source_id = :source and g.day = :day and c.cancelled_at is null)""")


async def _why_nothing_today(connection: AsyncConnection, serving: Serving, source: int) -> EmptyBecause | None:
    now = serving.now()
    values = {"source": source, "day": now.astimezone(serving.zone).date()}
    if (await connection.execute(_SHOWS_A_COURSE, values)).scalar_one():
        return None
    today = periods.current_day(now, serving.zone)
    return await empty_lists.reason(connection, coverage.OF_SOURCES, {"sources": [source]}, today, serving.zone)


def _failure(row: RowMapping, zone: ZoneInfo, language: Language) -> schemas.Failure | None:
    at = _local(row["failed_at"], zone)
    if at is None:
        return None
    return {"code": row["failure_code"], "reason": row[f"failure_{language}"], "at": at}


def _local(time: datetime | None, zone: ZoneInfo) -> datetime | None:
    return time.astimezone(zone) if time else None
