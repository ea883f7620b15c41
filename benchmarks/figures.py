"""What a benchmark hands back."""

from typing import NamedTuple


class Figure(NamedTuple):
    """One line of the table; a ratio is what was measured over what it is compared with, in the same run."""

    what: str
    measured: str
    ratio: float | None = None
    aim: str = ""
