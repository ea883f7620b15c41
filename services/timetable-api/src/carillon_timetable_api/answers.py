"""From rows to JSON: a list or an item of the database as the answer to one request."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from carillon_kit.problems import NOT_FOUND, ProblemError
from fastapi import Depends, Request, Response
from pydantic import TypeAdapter

from carillon_timetable_api import pagination, queries
from carillon_timetable_api.pagination import Paging
from carillon_timetable_api.periods import Period
from carillon_timetable_api.queries import Rows
from carillon_timetable_api.schemas import Page
from carillon_timetable_api.serving import ConnectionDep, ServingDep

REVALIDATED = {"Cache-Control": "no-cache"}
"""Kept by us until the data change; clients ask each time, and are told by a 304 that nothing has."""


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

    async def list(self, rows: Rows, page: str, owner: int | None = None, period: Period | None = None) -> Response:
        """A page of a list, or the whole of it where lists are not paginated; 404 if there is no such owner."""
        size = self._serving.page_size
        paging = pagination.read(page, size)
        found = await self._find(rows, paging, owner, period)
        if paging.number is None:
            paging = replace(paging, number=max(1, -(-found.count // size)))
            if paging.number != 1:
                found = await self._find(rows, paging, owner, period)
        shown = [self._shown(rows, row) for row in found.rows]
        body = pagination.envelope(shown, found.count, paging, self._request.url) if size else shown
        return json_response(list_body(rows.item, size), body)

    async def _find(self, rows: Rows, paging: Paging, owner: int | None, period: Period | None) -> queries.Found:
        found = await queries.find(self._connection, rows, paging, owner, period)
        if found is None:
            raise not_found()
        return found


AnswersDep = Annotated[Answers, Depends(Answers)]
