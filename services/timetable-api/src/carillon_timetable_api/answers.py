"""Lists and items of the database as the answer to one request."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Annotated, Any

from carillon_kit.problems import NOT_FOUND, ProblemError
from fastapi import Depends, Request, Response
from pydantic import TypeAdapter

from carillon_timetable_api import empty_lists, pagination, queries
from carillon_timetable_api.data_age import Freshness
from carillon_timetable_api.pagination import Paging
from carillon_timetable_api.periods import Period
from carillon_timetable_api.queries import Found, Rows
from carillon_timetable_api.schemas import Page
from carillon_timetable_api.serving import ServingDep, made_at_once

REVALIDATED = {"Cache-Control": "no-cache"}
"""Kept by us until the data change; clients ask each time, and are told by a 304 that nothing has."""
COMPUTED_EACH_TIME = "private, no-cache"
"""The `Cache-Control` of what changes without any event, or is one person's: not kept by us either."""


def not_found() -> ProblemError:
    """The answer to an id that nothing has."""
    return ProblemError("not-found", 404, NOT_FOUND)


@cache
def _adapter(body: Any) -> TypeAdapter[Any]:
    return TypeAdapter(body)


def list_body(item: Any, page_size: int) -> Any:
    """The type of a list's body: a page, or the bare list where lists are not paginated."""
    return Page[item] if page_size else list[item]


def json_response(body: Any, value: Any) -> Response:
    """A value of the type `body`, which is not checked again: it comes from our own rows."""
    return _response(_adapter(body).dump_json(value))


def _response(body: str | bytes, freshness: Freshness | None = None) -> Response:
    headers = REVALIDATED | (freshness.headers() if freshness else {})
    return Response(body, headers=headers, media_type="application/json")


class Answers:
    """Answers one request with JSON that the database has written."""

    def __init__(self, request: Request, serving: ServingDep) -> None:
        self._request, self.serving = request, serving

    async def item(self, rows: Rows, wanted: int) -> Response:
        """One item, or 404."""
        found = _known(await queries.find_one(self.serving.engine, rows, wanted))
        return _response(found.items, found.freshness)

    async def list(
        self,
        rows: Rows,
        page: str,
        owner: int | None = None,
        period: Period | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Response:
        """A page of a list, or the whole of it where lists are not paginated; 404 if there is no such owner.

        `values` are bound to the names in the conditions of `rows`.
        """
        paging = pagination.read(page, self.serving.page_size)
        bound = _bound(owner, period) | dict(values or {})
        found = await self._find(rows, paging, bound)
        if paging.number is None:
            paging = replace(paging, number=max(1, -(-found.count // paging.size)))
            if paging.number != 1:
                found = await self._find(rows, paging, bound)
        body = pagination.body(found.items, found.count, paging, self._request.url)
        return await self._response(rows, body, found, bound, period)

    async def weeks(self, rows: Rows, owner: int) -> Response:
        """The weeks with such courses; 404 if there is no such owner."""
        values = _bound(owner, None)
        found = _known(await queries.find_weeks(self.serving.engine, rows, values))
        return await self._response(rows, f"[{found.items}]", found, values, None)

    async def _find(self, rows: Rows, paging: Paging, values: Mapping[str, Any]) -> Found:
        return _known(await queries.find(self.serving.engine, rows, paging, values))

    async def _response(
        self, rows: Rows, body: str, found: Found, values: Mapping[str, Any], period: Period | None
    ) -> Response:
        """With headers about the data if courses are shown."""
        response = _response(body, found.freshness)
        if rows.concerns is not None and not found.items:
            named = {name: value for name, value in values.items() if f":{name}" in rows.concerns.calendars}
            async with self.serving.reading.connect() as connection:
                reason = await empty_lists.reason(connection, rows.concerns, named, period, self.serving.zone)
            response.headers[empty_lists.HEADER] = reason
        return response


def _known(found: Found | None) -> Found:
    if found is None:
        raise not_found()
    return found


def _bound(owner: int | None, period: Period | None) -> dict[str, Any]:
    values: dict[str, Any] = {} if owner is None else {"owner": owner}
    return values if period is None else values | {"begin": period.begin, "end": period.end}


AnswersDep = Annotated[Answers, Depends(made_at_once(Answers))]
