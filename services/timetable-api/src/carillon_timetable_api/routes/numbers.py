"""Numbers in paths: digits only, so that anything else is a path that does not exist (404)."""

from typing import Annotated

from fastapi import Path
from starlette.convertors import Convertor, register_url_convertor

_TOO_LONG = 10**18
_MOST_DIGITS = 18


class NumberConvertor(Convertor[int]):
    """A number of any length; one of more than 18 digits is as impossible, and as unknown, as the largest."""

    regex = "[0-9]+"

    def convert(self, value: str) -> int:
        """Read the digits."""
        return int(value) if len(value) <= _MOST_DIGITS else _TOO_LONG

    def to_string(self, value: int) -> str:
        """Write it in a path."""
        return str(value)


register_url_convertor("number", NumberConvertor())

ID = "{id:number}"
"""The part of a path that holds an id."""

Id = Annotated[int, Path(alias="id", ge=0, le=_TOO_LONG, examples=[1])]
YearNumber = Annotated[int, Path(alias="year", ge=0, le=_TOO_LONG, description="e.g. 2026", examples=[2026])]
MonthNumber = Annotated[int, Path(alias="month", ge=0, le=_TOO_LONG, description="1 to 12", examples=[11])]
DayNumber = Annotated[int, Path(alias="day", ge=0, le=_TOO_LONG, description="1 to 31", examples=[23])]
WeekNumber = Annotated[int, Path(alias="week", ge=0, le=_TOO_LONG, description="ISO week, 1 to 53", examples=[48])]
