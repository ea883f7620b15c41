"""The week of a group (other groups and rooms may lie over it) or of a room."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import periods
from carillon_timetable_api.answers import not_found
from carillon_timetable_api.pages import names_found, upcoming, week
from carillon_timetable_api.pages.freshness import Concern
from carillon_timetable_api.pages.site import Visit, VisitDep
from carillon_timetable_api.pages.week import Chosen
from carillon_timetable_api.routes.numbers import ID, Id
from carillon_timetable_api.serving import ServingDep, made_at_once

router = APIRouter(include_in_schema=False)
View = Literal["day", "week", "list"]
_MOST_OVERLAID = 6
_WEEK = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
_SATURDAY = 6


class Asked:
    """Which week is asked for, and how to show it."""

    def __init__(
        self,
        serving: ServingDep,
        *,
        date: Annotated[str, Query(description="A day of the week that is shown, `2026-11-23`.")] = "",
        week: Annotated[str, Query(description="The same as an ISO week, `2026-W48`.")] = "",
        view: View | None = None,
        also: Annotated[tuple[str, ...], Query(alias="with", max_length=_MOST_OVERLAID)] = (),
        find: Annotated[str, Query(max_length=200)] = "",
    ) -> None:
        self.now = serving.now()
        self.today = self.now.astimezone(serving.zone).date()
        self.is_explicit = bool(date or week)
        self.current = _next_working_day(self.today)
        self.day = _day(date) or _monday(week) or self.current
        self.view, self.find = view, find
        self.also = list(dict.fromkeys(also))

    def stay_in_this_week(self) -> None:
        """On a week-end on which something is still on, that week is the current one."""
        self.current = self.today
        if not self.is_explicit:
            self.day = self.today

    @property
    def monday(self) -> date:
        """The first day of the week that is shown."""
        return self.day - timedelta(days=self.day.weekday())

    def address(self, *, day: date | None = None, also: list[str] | None = None, view: str | None = None) -> str:
        """A link to the same page, with something changed."""
        query: list[tuple[str, str]] = []
        if day is not None or self.is_explicit:
            query.append(("date", (day or self.day).isoformat()))
        if shown := view or self.view:
            query.append(("view", shown))
        query += [("with", one) for one in (self.also if also is None else also)]
        return "?" + urlencode(query)


def _next_working_day(today: date) -> date:
    return today + timedelta(days=8 - today.isoweekday()) if today.isoweekday() >= _SATURDAY else today


def _day(written: str) -> date | None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if 1970 <= found.year < 2200 else None  # noqa: PLR2004


def _monday(written: str) -> date | None:
    found = _WEEK.fullmatch(written)
    try:
        return _day(date.fromisocalendar(int(found[1]), int(found[2]), 1).isoformat()) if found else None
    except ValueError:
        return None


AskedDep = Annotated[Asked, Depends(made_at_once(Asked))]
_LOOK_UP: dict[str, Callable[[AsyncConnection, int], Awaitable[Chosen | None]]] = {
    "group": week.look_up_group,
    "room": week.look_up_room,
}
_ALSO = re.compile(r"(group|room)-(\d{1,9})", re.ASCII)


async def _also(connection: AsyncConnection, written: list[str], first: Chosen) -> list[Chosen]:
    """What lies over the week; what does not exist (any longer) is left out."""
    chosen = []
    for one in written:
        read = _ALSO.fullmatch(one)
        found = await _LOOK_UP[read[1]](connection, int(read[2])) if read else None
        if found is not None and (found.kind, found.id) != (first.kind, first.id):
            chosen.append(found)
    return chosen


async def _page(visit: Visit, asked: Asked, first: Chosen) -> Response:
    chosen = [first, *await _also(visit.connection, asked.also, first)]
    asked.also = [f"{one.kind}-{one.id}" for one in chosen[1:]]
    concern = Concern.of(chosen)
    soon = await upcoming.find(visit, chosen, concern)
    if soon.first_day and soon.first_day < asked.current:
        asked.stay_in_this_week()
    period = periods.of_days(asked.monday, 7, visit.zone)
    found = await week.courses(visit.connection, chosen, period, visit.now, visit.zone)
    fresh = await concern.freshness(visit.connection, asked.monday, asked.monday + timedelta(days=6))
    empty_because = None if found else await concern.empty_because(visit.connection, period, visit.zone)
    return visit.answer(
        "week.html",
        "timetables",
        asked=asked,
        chosen=chosen,
        first=first,
        fresh=fresh,
        age_s=fresh.age_s(visit.now),
        soon=soon,
        offset=visit.now.isoformat()[-6:],
        days=week.days(found, asked.monday, asked.today, fresh.days),
        empty_because=empty_because,
        count=len(found),
        to_add=await names_found.search(visit, asked.find) if asked.find else [],
        types=sorted({(course.type or "", course.colour) for course in found}),
        delta=timedelta,
    )


@router.get(f"/groups/{ID}/")
async def group_week(visit: VisitDep, asked: AskedDep, wanted: Id) -> Response:
    """A group's week, its parents' courses included."""
    found = await week.look_up_group(visit.connection, wanted)
    if found is None:
        raise not_found()
    return await _page(visit, asked, found)


@router.get(f"/rooms/{ID}/")
async def room_week(visit: VisitDep, asked: AskedDep, wanted: Id) -> Response:
    """A room's week."""
    found = await week.look_up_room(visit.connection, wanted)
    if found is None:
        raise not_found()
    return await _page(visit, asked, found)
