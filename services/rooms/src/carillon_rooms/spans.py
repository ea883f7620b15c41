"""Spans of time as whole seconds since 1970 UTC, the end not included; pure arithmetic on them."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """From `begin` until just before `end`."""

    begin: int
    end: int


class BusyTimes:
    """The union of some spans, sorted, so that a question costs one binary search.

    Spans that overlap or touch are kept as one; those of no length are left out.
    """

    __slots__ = ("_begins", "_ends")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        begins, ends = array("q"), array("q")
        for begin, end in sorted(spans):
            if begin == end:
                continue
            if ends and begin <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                begins.append(begin)
                ends.append(end)
        self._begins, self._ends = begins, ends

    def overlaps(self, begin: int, end: int) -> bool:
        """Whether a span begins before `end` and ends after `begin`; spans that only touch do not count."""
        place = bisect_right(self._ends, begin)
        return place < len(self._begins) and self._begins[place] < end

    def within(self, window: Span) -> Iterator[Span]:
        """The parts of the spans that lie in the window, in order."""
        for place in range(bisect_right(self._ends, window.begin), len(self._begins)):
            if self._begins[place] >= window.end:
                return
            yield Span(max(self._begins[place], window.begin), min(self._ends[place], window.end))


def gaps(busy: Iterable[Span], window: Span) -> Iterator[Span]:
    """The parts of the window that sorted, disjoint spans leave over."""
    free_from = window.begin
    for begin, end in busy:
        if begin > free_from:
            yield Span(free_from, min(begin, window.end))
        free_from = max(free_from, end)
    if free_from < window.end:
        yield Span(free_from, window.end)
