"""Query parameters of the availability routes, read into values or refused with a problem."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from carillon_kit.durations import seconds_of
from carillon_kit.languages import Text
from carillon_kit.moments import read_moment
from carillon_kit.problems import bad_parameter
from fastapi import Query
from pydantic.json_schema import SkipJsonSchema

from carillon_rooms.institution_time import instant_of
from carillon_rooms.qsjps import read_day
from carillon_rooms.rooms_state import Known
from carillon_rooms.spans import Span

LONGEST_S = 24 * 3600
_YEARS = range(1970, 2200)

At = Annotated[
    str | SkipJsonSchema[None],
    Query(
        description="When, in ISO 8601, e.g. `2026-11-23T10:00:00+01:00`; without an offset by the institution's "
        "clock. Now, if left out.",
        examples=["2026-11-23T10:00"],
    ),
]
For = Annotated[str, Query(alias="for", description="How long, at most a day: `90m`, `2h`, `1h30m`.", examples=["90m"])]
Buildings = Annotated[
    list[str] | SkipJsonSchema[None],
    Query(alias="building", description="Only rooms of this building of the room policy; may be repeated."),
]
Day = Annotated[
    str | SkipJsonSchema[None],
    Query(description="`YYYY-MM-DD`, a day of the institution; today, if left out.", examples=["2026-11-23"]),
]


def window_asked(at: str | None, length: str, known: Known) -> Span:
    """The time that is asked for; ProblemError 422 if it cannot be read."""
    begin = instant_of(known.now if at is None else _moment(at, known.zone))
    seconds = seconds_of(length)
    if seconds is None or seconds > LONGEST_S:
        raise bad_parameter(
            "for",
            Text(
                "écrivez une durée comme 90m, 2h ou 1h30m, d’un jour au plus.",
                "write a duration such as 90m, 2h or 1h30m, of a day at most.",
            ),
        )
    return Span(begin, begin + seconds)


def day_asked(day: str | None, known: Known) -> date:
    """The day that is asked for; ProblemError 422 if it cannot be read."""
    found = known.now.astimezone(known.zone).date() if day is None else read_day(day)
    if found is None or found.year not in _YEARS:
        raise bad_parameter("day", Text("écrivez une date comme 2026-11-23.", "write a date such as 2026-11-23."))
    return found


def check_buildings(buildings: list[str] | None, known: Known) -> None:
    """ProblemError 422 if the policy has no such building."""
    names = [building.name for building in known.policy.building]
    if any(building not in names for building in buildings or ()):
        listed = ", ".join(names)
        raise bad_parameter(
            "building",
            Text(
                f"bâtiment inconnu ; sont connus : {listed or 'aucun'}.",
                f"no such building; known: {listed or 'none'}.",
            ),
        )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    found = read_moment(text, zone)
    if found is None:
        raise bad_parameter(
            "at",
            Text(
                "écrivez une date et une heure comme 2026-11-23T10:00:00+01:00.",
                "write a date and time such as 2026-11-23T10:00:00+01:00.",
            ),
        )
    return found
