"""Quiet hours, which may go past midnight."""

from datetime import time

import pytest
from carillon_kit.quiet_hours import QuietHours, is_quiet
from pydantic import TypeAdapter, ValidationError

READ = TypeAdapter(QuietHours).validate_python


def test_they_end_at_their_second_time_and_may_go_past_midnight() -> None:
    night, lunch = READ("22:00-05:00"), READ("12:00-14:00")
    assert [is_quiet(time(hour), night) for hour in (21, 22, 4, 5)] == [False, True, True, False]
    assert [is_quiet(time(hour), lunch) for hour in (11, 12, 13, 14)] == [False, True, True, False]
    assert not is_quiet(time(3), None)


@pytest.mark.parametrize("wrong", ["at night", "22-5", "22:00-25:00"])
def test_what_is_no_hours_is_refused(wrong) -> None:
    with pytest.raises(ValidationError):
        READ(wrong)
