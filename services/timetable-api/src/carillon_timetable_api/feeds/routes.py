"""`…/courses.ics`: the calendars of groups, rooms and timetables."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from carillon_timetable_api import coverage, described, empty_lists, periods, queries
from carillon_timetable_api.answers import COMPUTED_EACH_TIME, REVALIDATED, not_found
from carillon_timetable_api.feeds import icalendar_file, jscalendar_file, meetings
from carillon_timetable_api.feeds.icalendar_file import Heading
from carillon_timetable_api.feeds.meetings import Scope, Window
from carillon_timetable_api.feeds.written_feeds import File, WrittenFeeds
from carillon_timetable_api.periods import Period
from carillon_timetable_api.routes.numbers import ID, Id
from carillon_timetable_api.serving import ConnectionDep, ServingDep, made_at_once

router = APIRouter(tags=["feeds"])
Format = Literal["icalendar", "jscalendar"]
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The calendar.",
        "headers": described.HEADERS_OF_COURSES,
        "content": {"text/calendar": {"schema": {"type": "string"}}, "application/jscalendar+json": {}},
    },
    304: {"description": "Nothing has changed."},
}


class Asked:
    """How a feed is asked for, whatever it is of."""

    def __init__(
        self,
        request: Request,
        serving: ServingDep,
        connection: ConnectionDep,
        *,
        past: Annotated[int, Query(ge=0, le=800, description="Days before today.")] = 60,
        future: Annotated[int, Query(ge=0, le=800, description="Days after today.")] = 400,
        format: Annotated[Format, Query(description="`icalendar` or `jscalendar`.")] = "icalendar",  # noqa: A002
    ) -> None:
        self.request, self.serving, self.connection = request, serving, connection
        self.past, self.future, self.format = past, future, format

    def window(self) -> Window:
        """From the first to the last day that is asked for, in the institution's days."""
        zone = self.serving.zone
        period = periods.of_days(self._today() - timedelta(days=self.past), self.past + 1 + self.future, zone)
        return Window(period.begin, period.end, self.midnight() - self.serving.tombstones_last)

    def midnight(self) -> datetime:
        """When the institution's day began: what the window holds was last changed by the calendar then."""
        return periods.local_midnight(self._today(), self.serving.zone)

    def _today(self) -> date:
        return self.serving.now().astimezone(self.serving.zone).date()


AskedDep = Annotated[Asked, Depends(made_at_once(Asked))]


async def answer(asked: Asked, name: str, scope: Scope, chosen_at: datetime | None = None) -> Response:
    """The feed of a scope, from memory where nothing has concerned it; a person's own was chosen at a time."""
    window, zone = asked.window(), asked.serving.zone
    heading = Heading(
        name, str(asked.request.url), str(asked.request.base_url), await queries.find_instance(asked.connection)
    )

    async def write() -> File:
        found = await meetings.find(asked.connection, scope, window, zone)
        is_empty = all(meeting.is_cancelled for meeting in found)
        if asked.format == "jscalendar":
            return File(jscalendar_file.write(heading, found, zone), is_empty)
        # 0.3 ms a course: others go on meanwhile
        return File(await asyncio.to_thread(icalendar_file.write, heading, found, window, zone), is_empty)

    feeds: WrittenFeeds = asked.request.app.state.written_feeds
    written = await feeds.get(asked.connection, (heading, scope, window), scope, write)
    media_type = jscalendar_file.MEDIA_TYPE if asked.format == "jscalendar" else icalendar_file.MEDIA_TYPE
    headers = await about(asked, scope, is_empty=written.is_empty)
    headers["Cache-Control"] = COMPUTED_EACH_TIME if chosen_at else REVALIDATED["Cache-Control"]
    modified = (written.changed_at, chosen_at, asked.midnight())
    headers["Last-Modified"] = _http_date(max(at for at in modified if at is not None))
    return Response(written.body, headers=headers, media_type=media_type)


async def about(asked: Asked, scope: Scope, *, is_empty: bool) -> dict[str, str]:
    """The headers about the data that the courses of a scope rest on."""
    window, (concerned, values) = asked.window(), coverage.of(scope.groups, scope.rooms)
    period = Period(window.begin, window.end)
    return await empty_lists.headers(asked.connection, concerned, values, period, asked.serving.zone, is_empty=is_empty)


def _http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


async def _name(connection: AsyncConnection, table: str, wanted: int) -> str:
    found = await queries.find_name(connection, table, wanted)
    if found is None:
        raise not_found()
    return found


@router.get(
    f"/groups/{ID}/courses.ics",
    operation_id="feed_of_group",
    summary="A group's calendar, its parents' courses included",
    response_class=Response,
    responses=RESPONSES,
)
async def of_group(asked: AskedDep, wanted: Id) -> Response:
    """Cancelled courses stay in it for a while as cancelled (60 days by default), so that calendars take them away."""
    name = await _name(asked.connection, "student_group", wanted)
    return await answer(asked, name, Scope(await meetings.with_ancestors(asked.connection, (wanted,)), ()))


@router.get(
    f"/rooms/{ID}/courses.ics",
    operation_id="feed_of_room",
    summary="A room's calendar",
    response_class=Response,
    responses=RESPONSES,
)
async def of_room(asked: AskedDep, wanted: Id) -> Response:
    """What takes place in the room."""
    return await answer(asked, await _name(asked.connection, "room", wanted), Scope((), (wanted,)))


@router.get(
    f"/timetables/{ID}/courses.ics",
    operation_id="feed_of_timetable",
    summary="A timetable's calendar: all its groups",
    response_class=Response,
    responses=RESPONSES,
)
async def of_timetable(asked: AskedDep, wanted: Id) -> Response:
    """Everything that the timetable's groups have."""
    name = await _name(asked.connection, "timetable", wanted)
    query = """
        select distinct l.group_id from calendar_group l join calendar c on c.id = l.calendar_id
        join timetable t on t.source_id = c.source_id where t.id = :id order by 1"""
    groups = (await asked.connection.execute(text(query), {"id": wanted})).scalars().all()
    return await answer(asked, name, Scope(tuple(groups), ()))
