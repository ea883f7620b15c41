"""`/rooms/free/`: the same answer as `/api/rooms/free/`, for people; whole without any script."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from carillon_kit.page_frame import Pages, language_of
from carillon_kit.problems import ProblemError
from fastapi import APIRouter, Depends, Query, Request, Response

from carillon_rooms.availability import DayTimelines, State
from carillon_rooms.availability_parameters import check_buildings, window_asked
from carillon_rooms.availability_routes import rank_rooms
from carillon_rooms.institution_time import at as at_zone
from carillon_rooms.institution_time import days_of
from carillon_rooms.pages import day_bars, rooms_shown
from carillon_rooms.rooms_state import Known, state_of
from carillon_rooms.spans import Span

router = APIRouter(include_in_schema=False)
_PAGES = Pages(Path(__file__).parent / "templates")
_LENGTHS = ("30m", "1h", "90m", "2h", "3h", "4h")


class Asked:
    """What the form holds, as written; without day and time it is about now."""

    def __init__(
        self,
        *,
        date: Annotated[str, Query(max_length=20)] = "",
        time: Annotated[str, Query(max_length=20)] = "",
        length: Annotated[str, Query(alias="for", max_length=20)] = "1h",
        building: Annotated[str, Query(max_length=200)] = "",
    ) -> None:
        self.date, self.time, self.length, self.building = date, time, length, building

    @property
    def is_now(self) -> bool:
        """Whether no moment was chosen."""
        return not self.date and not self.time

    def moment(self, now: datetime) -> str | None:
        """As `/api/rooms/free/` takes it; what was left out is of now."""
        return None if self.is_now else f"{self.date or now.date().isoformat()}T{self.time or f'{now:%H:%M}'}"


AskedDep = Annotated[Asked, Depends()]


@dataclass(frozen=True, slots=True)
class _Window:
    """The time that is shown, and what is wrong with the one that was asked for."""

    span: Span
    problem: ProblemError | None


def _window(asked: Asked, known: Known, now: datetime) -> _Window:
    try:
        if asked.building:
            check_buildings([asked.building], known)
        return _Window(window_asked(asked.moment(now), asked.length, known), None)
    except ProblemError as problem:
        asked.date, asked.time, asked.length, asked.building = "", "", "1h", ""
        return _Window(window_asked(None, "1h", known), problem)


@router.get("/rooms/free/")
async def free_rooms_page(request: Request, asked: AskedDep) -> Response:
    """Free, unknown and busy rooms at a moment, and the day's timelines."""
    language = language_of(request)
    try:
        known = state_of(request).known()
    except ProblemError:
        return _PAGES.answer(request, "not_ready.html", {"section": "rooms"}, 503)
    now = known.now.astimezone(known.zone)
    window = _window(asked, known, now)
    days = days_of(window.span, known.zone)
    timelines = DayTimelines(known.index, known.policy, days, known.zone, known.now)
    buildings = [asked.building] if asked.building else None
    ranked = rank_rooms(known, timelines, window.span, buildings)
    shown = [rooms_shown.shown(known, room, found, window.span, language) for room, found in ranked]
    by_name = sorted((room for room, _ in ranked), key=lambda room: room.order)
    begin = at_zone(window.span.begin, known.zone)
    values = {
        "section": "rooms",
        "asked": asked,
        "problem": window.problem and window.problem.detail and window.problem.detail.in_language(language),
        "begin": begin,
        "end": at_zone(window.span.end, known.zone),
        "lengths": _LENGTHS if asked.length in _LENGTHS else (*_LENGTHS, asked.length),
        "buildings": [building.name for building in known.policy.building],
        "rooms": {state.value: [one for one in shown if one.state is state] for state in State},
        "count": len(shown),
        "covered": known.covered(days).value,
        "age_s": known.sources.age_s(known.now),
        "failing": known.sources.failing,
        "bars": day_bars.of_day(known, begin.date(), window.span, by_name, language),
    }
    return _PAGES.answer(request, "free_rooms.html", values, 422 if window.problem else 200)
