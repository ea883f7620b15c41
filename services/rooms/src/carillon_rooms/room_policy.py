"""The room policy: what the operator says of rooms beyond their courses, read from a TOML file.

```toml
stale_after = "24h"            # data older than this make a room without a course unknown, not free
partly_covered = "unknown"     # or "free": a day for which only some of the sources spoke

[opening]                      # the institution's wall clock; a day that is not named is closed
monday = ["07:45-20:00"]
saturday = ["08:00-12:30"]

[[holiday]]
name = "Vacances de Noël"
first = 2026-12-19
last = 2027-01-03

[[hidden]]
rooms = "^Labo "               # a regular expression, searched for in the room's name
why = "Accès réservé au personnel."

[[building]]
name = "1TP1"
rooms = "^1TP1-"
access = "Badge étudiant après 18 h."
opening = { monday = ["08:00-18:00"] }   # instead of the institution's
```
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import Annotated, Literal, NamedTuple, Self

from carillon_kit.durations import seconds_of
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

_HOURS = re.compile(r"^(\d\d):(\d\d)-(\d\d):(\d\d)$", re.ASCII)
_MIDNIGHT = (24, 0)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class RoomPolicyError(Exception):
    """The file cannot be used; `problems` names each wrong key and how to mend it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Hours:
    """Open from `begin` until `end` by the wall clock; `end` None is midnight."""

    begin: time
    end: time | None


def _hours(text: object) -> Hours:
    if isinstance(text, Hours):
        return text
    if not isinstance(text, str) or (found := _HOURS.match(text)) is None:
        raise ValueError('write hours as "07:45-20:00"')
    begin, end = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    if begin >= end:
        raise ValueError(f'"{text}" ends before it begins; hours past midnight belong to the next day')
    try:
        return Hours(time(*begin), None if end == _MIDNIGHT else time(*end))
    except ValueError:
        raise ValueError(f'"{text}" is not between 00:00 and 24:00') from None


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f'"{text}" is not a regular expression: {error}') from None
    return text


def _seconds(text: object) -> int:
    found = seconds_of(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('write a duration as "90m", "24h" or "1h30m"')
    return found


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_pattern)]
OpenHours = tuple[Annotated[Hours, BeforeValidator(_hours)], ...]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Opening(_Table):
    """When rooms are open, by day of the week."""

    monday: OpenHours = ()
    tuesday: OpenHours = ()
    wednesday: OpenHours = ()
    thursday: OpenHours = ()
    friday: OpenHours = ()
    saturday: OpenHours = ()
    sunday: OpenHours = ()

    def on(self, day: date) -> tuple[Hours, ...]:
        """The hours of a day, by begin."""
        hours: tuple[Hours, ...] = getattr(self, WEEKDAYS[day.weekday()])
        return tuple(sorted(hours, key=lambda one: one.begin))


class Holiday(_Table):
    """Days on which all is closed, `last` included."""

    name: str = Field(min_length=1)
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"last ({self.last}) lies before first ({self.first})")
        return self


class Hidden(_Table):
    """Rooms that are offered to nobody."""

    rooms: Pattern
    why: str | None = None


class Building(_Table):
    """Rooms that belong together."""

    name: str = Field(min_length=1)
    rooms: Pattern
    access: str | None = Field(default=None, description="Shown beside each room, as written.")
    opening: Opening | None = None


class RoomRules(NamedTuple):
    """What the policy says of one room; `opening` None: not said, so never closed."""

    hidden: Hidden | None
    building: Building | None
    opening: Opening | None


class RoomPolicy(_Table):
    """The whole file; an empty one hides nothing and closes nothing."""

    stale_after: Annotated[int, BeforeValidator(_seconds)] = Field(default=24 * 3600, validate_default=False)
    partly_covered: Literal["unknown", "free"] = "unknown"
    opening: Opening | None = None
    holiday: tuple[Holiday, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    building: tuple[Building, ...] = ()

    @cached_property
    def _rules(self) -> dict[str, RoomRules]:
        return {}

    def rules_of(self, room: str) -> RoomRules:
        """What the file says of the room of this name; the first pattern that is found in the name counts."""
        found = self._rules.get(room)
        if found is None:
            building = next((entry for entry in self.building if re.search(entry.rooms, room)), None)
            hidden = next((entry for entry in self.hidden if re.search(entry.rooms, room)), None)
            opening = building.opening if building is not None and building.opening is not None else self.opening
            found = self._rules[room] = RoomRules(hidden, building, opening)
        return found

    def holiday_on(self, day: date) -> Holiday | None:
        """The holiday that the day is part of."""
        return next((entry for entry in self.holiday if entry.first <= day <= entry.last), None)


def read_policy(text: str) -> RoomPolicy:
    """Read the file's text.

    Raises:
        RoomPolicyError: it is not TOML, or not a policy; all problems at once.
    """
    try:
        return RoomPolicy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RoomPolicyError([f"not a TOML file: {error}"]) from error
    except ValidationError as error:
        raise RoomPolicyError([_explained(dict(problem)) for problem in error.errors(include_url=False)]) from error


def _explained(problem: dict[str, object]) -> str:
    place = problem["loc"]
    parts = place if isinstance(place, tuple) else (place,)
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")
    if problem["type"] == "extra_forbidden":
        return f"{key}: no such key; remove it or mend its spelling"
    return f"{key}: {str(problem['msg']).removeprefix('Value error, ')}"
