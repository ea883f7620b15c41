"""Moments in addresses: any RFC 3339 instant, or the institution's wall clock; nothing else."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from carillon_kit.moments import read_moment
from hypothesis import given
from hypothesis import strategies as st

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-23T10:00:00+01:00", "2026-11-23T09:00:00"),
        ("2026-11-23T10:00:00 01:00", "2026-11-23T09:00:00"),
        ("2026-11-23 10:00:00Z", "2026-11-23T10:00:00"),
        ("2026-11-23t10:00:00z", "2026-11-23T10:00:00"),
        ("2026-11-23T10:00:00.123456789-04:00", "2026-11-23T14:00:00.123456"),
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00"),
        ("2026-11-23T10:00", "2026-11-23T09:00:00"),
        ("2026-07-14T10:00:00", "2026-07-14T08:00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00"),
        ("2026-03-29T02:30", "2026-03-29T01:30:00"),
    ],
)
def test_an_instant_or_a_local_time_is_read(text, instant):
    assert read_moment(text, PARIS) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "0.5", "1764000000", "2026-11-23", "2026-11-23T10", "2026-W48-1T10:00", "20261123T100000Z", "2026-02-30T10:00",
     "2026-11-23T24:30", "2026-11-23T10:00+1", "23/11/2026 10:00", "٢٠٢٦-11-23T10:00", "0001-01-01T00:00:00+14:00",
     "9999-12-31T23:59:59-14:00", "2026-11-23T10:00:00+25:00", "demain"],
)  # fmt: skip
def test_anything_else_is_not(text):
    assert read_moment(text, PARIS) is None


@given(st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=st.timezones()))  # noqa: DTZ001
def test_what_python_writes_is_read_as_written(moment):
    if moment.utcoffset().total_seconds() % 60 == 0:
        assert read_moment(moment.isoformat(), PARIS) == moment.astimezone(UTC)
