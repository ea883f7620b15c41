"""Numbers in paths: digits only, so that anything else is a path that does not exist (404)."""

from typing import Annotated, Any

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


def _parameter(alias: str, description: str, example: int, limits: tuple[int, int]) -> Any:
    """The limits are told, not enforced here: what lies beyond them has an answer of its own."""
    told: dict[str, Any] = {"minimum": limits[0], "maximum": limits[1]}
    return Path(alias=alias, description=description, examples=[example], json_schema_extra=told)


Id = Annotated[int, _parameter("id", "As other answers say it.", 1, (1, 2**31 - 1))]
YearNumber = Annotated[int, _parameter("year", "e.g. 2026; of a week, the ISO year", 2026, (2, 9998))]
MonthNumber = Annotated[int, _parameter("month", "1 to 12", 11, (1, 12))]
DayNumber = Annotated[int, _parameter("day", "1 to the length of the month", 23, (1, 31))]
WeekNumber = Annotated[int, _parameter("week", "ISO week, 1 to 52 or 53", 48, (1, 53))]
