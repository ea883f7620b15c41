"""Spans: a busy time, its gaps, and nothing in between."""

from carillon_rooms.spans import BusyTimes, Span, gaps
from hypothesis import given
from hypothesis import strategies as st

WINDOW = Span(0, 40)
spans = st.tuples(st.integers(-10, 50), st.integers(0, 12)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))
windows = st.tuples(st.integers(-5, 45), st.integers(1, 20)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@given(st.lists(spans, max_size=12), windows)
def test_a_window_is_overlapped_as_reading_every_span_says(busy: list[Span], window: Span) -> None:
    expected = any(span.begin < window.end and span.end > window.begin for span in busy if span.begin < span.end)
    assert BusyTimes(busy).overlaps(*window) == expected


@given(st.lists(spans, max_size=12))
def test_every_second_is_busy_or_free_and_never_both(busy: list[Span]) -> None:
    merged = list(BusyTimes(busy).within(WINDOW))
    free = list(gaps(merged, WINDOW))
    taken = {second for span in busy for second in range(*span)}
    assert {second for span in merged for second in range(*span)} == taken & set(range(*WINDOW))
    assert [second for span in free for second in range(*span)] == sorted(set(range(*WINDOW)) - taken)
    assert all(span.begin < span.end for span in [*merged, *free])
