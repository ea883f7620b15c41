"""The drawing grid of Web Publisher pages: periods of the day, four columns each, and rows for what overlaps."""

from dataclasses import dataclass
from itertools import pairwise

COLUMNS_A_PERIOD = 4
FIRST_COLUMN = 4


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the day in minutes after midnight; the page does not print the times of an unlabelled one."""

    begin: int
    end: int
    labelled: bool = True


def _periods(*bounds: str, unlabelled: frozenset[str] = frozenset()) -> tuple[Period, ...]:
    return tuple(Period(_minutes(begin), _minutes(end), begin not in unlabelled) for begin, end in pairwise(bounds))


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


# The grid of the pages recorded in Toulouse.
PERIODS = _periods(
    "07:45", "08:45", "08:55", "09:55", "10:05", "11:05", "11:15", "12:15", "12:35", "13:30", "13:40", "14:30",
    "14:40", "15:40", "15:50", "16:50", "17:00", "18:00", "18:10", "19:10", "19:20", "20:20",
    unlabelled=frozenset({"15:40"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Box:
    """Where an event is drawn: `ecs` first column, `ecc` columns, `sca` and `scb` columns cut off at each edge."""

    ecs: int
    ecc: int
    sca: int
    scb: int


def box(begin: int, end: int) -> Box:
    """The columns of an event. `sca` and `scb` count what is left of the period at the beginning and at the end."""
    first, last = _period_at(begin), _period_before(end)
    sca = _left(first, begin) if begin != PERIODS[first].begin else 0
    scb = _left(last, end) if end != PERIODS[last].end else 0
    ecs = _column(first) + sca
    return Box(ecs, max(1, _column(last + 1) - scb - ecs), sca, scb)


def rows(intervals: list[tuple[int, int]]) -> list[int]:
    """The row of each of the intervals of one day, given by rising begin: the first row that is free."""
    free_from: list[int] = []
    given: list[int] = []
    for begin, end in intervals:
        row = next((row for row, free in enumerate(free_from) if free <= begin), len(free_from))
        if row == len(free_from):
            free_from.append(end)
        free_from[row] = end
        given.append(row)
    return given


def _period_at(minute: int) -> int:
    return next((number for number, period in enumerate(PERIODS) if minute < period.end), len(PERIODS) - 1)


def _period_before(minute: int) -> int:
    return next((number for number, period in enumerate(PERIODS) if minute <= period.end), len(PERIODS) - 1)


def _column(period: int) -> int:
    return FIRST_COLUMN + COLUMNS_A_PERIOD * period


def _left(number: int, minute: int) -> int:
    """Columns from `minute` to the end of the period, rounded, between 1 and 3."""
    period = PERIODS[number]
    left = round((period.end - minute) * COLUMNS_A_PERIOD / (period.end - period.begin))
    return max(1, min(COLUMNS_A_PERIOD - 1, left))


def hours(minutes: int) -> str:
    """Minutes after midnight as `HH:MM`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
