"""From rows to JSON: a list or an item of the database as the answer to one request."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from carillon_kit.problems import NOT_FOUND, ProblemError
from fastapi import Depends, Request, Response
from pydantic import TypeAdapter

from carillon_timetable_api import empty_lists, pagination, queries
from carillon_timetable_api.pagination import Paging
from carillon_timetable_api.periods import Period
from carillon_timetable_api.queries import Rows
from carillon_timetable_api.schemas import Page
from carillon_timetable_api.serving import ConnectionDep, ServingDep

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
    return Response(_adapter(body).dump_json(value), headers=REVALIDATED, media_type="application/json")


class Answers:
    """Answers one request."""

    def __init__(self, request: Request, serving: ServingDep, connection: ConnectionDep) -> None:
        self._request, self._serving, self._connection = request, serving, connection

    def _shown(self, rows: Rows, row: dict[str, Any]) -> dict[str, Any]:
        """The members that are shown, in their order, times with the institution's offset."""
        values = ((key, row[key]) for key in rows.item.__annotations__)
        zone = self._serving.zone
        return {key: value.astimezone(zone) if isinstance(value, datetime) else value for key, value in values}

    async def item(self, rows: Rows, wanted: int) -> Response:
        """One item, or 404."""
        row = await queries.find_one(self._connection, rows, wanted)
        if row is None:
            raise not_found()
        return json_response(rows.item, self._shown(rows, row))

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
        size = self._serving.page_size
        paging = pagination.read(page, size)
        bound = _bound(owner, period) | dict(values or {})
        found = await self._find(rows, paging, bound)
        if paging.number is None:
            paging = replace(paging, number=max(1, -(-found.count // size)))
            if paging.number != 1:
                found = await self._find(rows, paging, bound)
        shown = [self._shown(rows, row) for row in found.rows]
        body = pagination.envelope(shown, found.count, paging, self._request.url) if size else shown
        response = json_response(list_body(rows.item, size), body)
        response.headers.update(await self._about(rows, found, bound, period))
        return response

    async def _find(self, rows: Rows, paging: Paging, values: Mapping[str, Any]) -> queries.Found:
        found = await queries.find(self._connection, rows, paging, values)
        if found is None:
            raise not_found()
        return found

    async def _about(
        self, rows: Rows, found: queries.Found, values: Mapping[str, Any], period: Period | None
    ) -> dict[str, str]:
        """Headers about the data of a list of courses."""
        if rows.concerns is None or found.freshness is None:
            return {}
        headers = found.freshness.headers()
        if not found.rows:
            named = {name: value for name, value in values.items() if f":{name}" in rows.concerns.calendars}
            reason = await empty_lists.reason(self._connection, rows.concerns, named, period, self._serving.zone)
            headers[empty_lists.HEADER] = reason
        return headers


def _bound(owner: int | None, period: Period | None) -> dict[str, Any]:
    values: dict[str, Any] = {} if owner is None else {"owner": owner}
    return values if period is None else values | {"begin": period.begin, "end": period.end}


AnswersDep = Annotated[Answers, Depends(Answers)]
