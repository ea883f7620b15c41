"""One day's busy rooms as bit masks, so that a search costs a few big-integer operations whatever the number of rooms.

Between two moments at which a course begins or ends, the same rooms are busy. The board keeps these moments in
order and, for each, the set of rooms busy from it until the next, one bit a room.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Generic, TypeVar

from carillon_rooms.spans import BusyTimes, Span

Item = TypeVar("Item")
_DIGITS = bytes.maketrans(b"01", b"\1\0")


class DayBoard(Generic[Item]):
    """What is busy when, within the extent that the given spans were cut to."""

    def __init__(self, items: Sequence[Item], busy: Iterable[Iterable[Span]], extent: Span) -> None:
        """`busy` holds each item's spans, in the order of the items."""
        self._items = items
        toggles: dict[int, int] = defaultdict(int)
        for place, spans in enumerate(busy):
            for begin, end in BusyTimes(spans).within(extent):
                toggles[begin] ^= 1 << place
                toggles[end] ^= 1 << place
        self._moments = sorted(toggles)
        self._masks: list[int] = []
        now = 0
        for moment in self._moments:
            now ^= toggles[moment]
            self._masks.append(now)

    def free(self, window: Span) -> Iterator[Item]:
        """The items that are free for the whole of the window, in their order; touching is free."""
        first = max(0, bisect_right(self._moments, window.begin) - 1)
        busy = 0
        for mask in self._masks[first : bisect_left(self._moments, window.end)]:
            busy |= mask
        # The mask as text, first item first; a one above all bits keeps the leading zeros.
        digits = format(busy | 1 << len(self._items), "b")[:0:-1]
        return compress(self._items, digits.encode().translate(_DIGITS))
