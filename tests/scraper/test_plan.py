"""When a source is read next: a pure plan, the time passed in."""

import itertools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carillon_scraper.plan import Due, Plan, around
from carillon_scraper.readers.asked_weeks import academic_year, slices
from carillon_scraper.scrape import Outcome
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WELL = Outcome()


def plan(**changes) -> Plan:
    chosen = {
        "every": HOUR,
        "zone": ZoneInfo("Europe/Paris"),
        "ranged": False,
        "confirm_after": timedelta(minutes=10),
        **changes,
    }
    return Plan(**chosen)


def started(**changes) -> Plan:
    """A ranged source whose first reads are done."""
    year = plan(ranged=True, **changes)
    for _ in range(2):
        year.done(year.next(NOW), WELL, NOW)
    return year


def test_the_first_read_is_at_once_and_whole() -> None:
    assert plan().next(NOW) == Due(NOW, None)


def test_the_first_read_of_a_ranged_source_is_of_the_weeks_around_today_and_the_year_follows_at_once() -> None:
    year = plan(ranged=True)
    assert year.next(NOW) == Due(NOW, around(NOW.date()))
    year.done(year.next(NOW), WELL, NOW)
    assert year.next(NOW) == Due(NOW, None)
    year.done(year.next(NOW), WELL, NOW)
    assert year.next(NOW) == Due(NOW + HOUR, around(NOW.date()))


def test_then_it_is_read_every_so_often() -> None:
    steady = plan()
    steady.done(steady.next(NOW), WELL, NOW)
    assert steady.next(NOW) == Due(NOW + HOUR, None)


def test_a_ranged_source_reads_the_weeks_around_today_often_and_the_year_daily() -> None:
    year = started()
    now, kinds = NOW, []
    for _ in range(30):
        due = year.next(now)
        now = due.at
        kinds.append("near" if due.weeks else "whole")
        year.done(due, WELL, now)
    assert kinds.index("whole") == 23
    assert kinds.count("whole") == 1
    assert year.next(NOW).weeks == ("2026-W46", "2026-W47", "2026-W48", "2026-W49", "2026-W50")


def test_a_changed_week_is_read_again_sooner_and_alone() -> None:
    year = started()
    due = year.next(NOW)
    year.done(due, Outcome(changed_weeks=frozenset({"2026-W48"})), due.at)
    sooner = year.next(due.at)
    assert sooner == Due(due.at + HOUR / 4, ("2026-W48",))
    year.done(sooner, WELL, sooner.at)
    assert year.next(sooner.at) == Due(due.at + HOUR, around(due.at.date()))


def test_a_changed_file_is_read_again_sooner() -> None:
    file = plan(every=timedelta(hours=8))
    file.done(file.next(NOW), Outcome(changed_weeks=frozenset({"2026-W48"})), NOW)
    assert file.next(NOW).at == NOW + timedelta(hours=2)


def test_failures_back_off_up_to_the_interval_and_a_success_forgets_them() -> None:
    failing = plan()
    pauses = []
    now = NOW
    for _ in range(9):
        due = failing.next(now)
        failing.done(due, Outcome("unreachable"), due.at)
        now = failing.next(due.at).at
        pauses.append(int((now - due.at).total_seconds() // 60))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    failing.done(failing.next(now), WELL, now)
    assert failing.failures == 0


def test_a_faculty_with_one_broken_page_is_not_read_again_at_once() -> None:
    faculty = plan()
    faculty.done(faculty.next(NOW), Outcome("http-status", partial=True), NOW)
    assert faculty.next(NOW).at == NOW + HOUR


def test_nothing_of_a_failing_source_is_read_before_its_time() -> None:
    down = plan(ranged=True)
    down.done(down.next(NOW), Outcome("unreachable"), NOW)
    assert down.next(NOW).at == NOW + timedelta(minutes=1)


def test_a_host_that_asks_for_patience_gets_it() -> None:
    failing = plan()
    later = NOW + timedelta(hours=3)
    failing.done(failing.next(NOW), Outcome("host-busy", retry_at=later), NOW)
    assert failing.next(NOW).at == later


def test_a_doubtful_read_is_confirmed_soon() -> None:
    doubting = plan()
    doubting.done(doubting.next(NOW), Outcome("implausible", doubtful=True), NOW)
    assert doubting.next(NOW).at == NOW + timedelta(minutes=10)


def test_a_list_that_lost_too_much_is_confirmed_by_the_ordinary_reads() -> None:
    faculty = plan()
    faculty.done(faculty.next(NOW), Outcome("implausible", partial=True), NOW)
    assert faculty.next(NOW).at == NOW + HOUR


def test_in_quiet_hours_nobody_is_asked() -> None:
    night = plan(quiet_hours=(time(22), time(5)))
    asleep = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # 23:30 in Paris
    assert night.next(asleep).at == datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    assert night.next(datetime(2026, 11, 22, 3, 59, tzinfo=UTC)).at == datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    assert night.next(NOW).at == NOW
    lunch = plan(quiet_hours=(time(12), time(14)))
    assert lunch.next(datetime(2026, 11, 21, 11, 30, tzinfo=UTC)).at == datetime(2026, 11, 21, 13, 0, tzinfo=UTC)


@given(st.integers(0, 10_000))
def test_jitter_stays_within_its_share(seed) -> None:
    varied = plan(jitter=0.1)
    varied._chance.seed(seed)
    varied.done(varied.next(NOW), WELL, NOW)
    assert timedelta(minutes=54) <= varied.next(NOW).at - NOW <= timedelta(minutes=66)


def test_the_academic_year_reaches_from_august_to_august() -> None:
    in_november, in_august = academic_year(NOW.date()), academic_year(datetime(2026, 8, 3, tzinfo=UTC).date())
    assert in_november == in_august
    assert (in_november[0], in_november[-1], len(set(in_november))) == ("2026-W31", "2027-W35", 58)
    assert academic_year(datetime(2026, 7, 31, tzinfo=UTC).date())[0] == "2025-W31"


@given(st.sets(st.integers(0, 60)), st.integers(1, 8))
def test_slices_hold_every_week_once_and_only_neighbours(numbers, longest) -> None:
    weeks = [academic_year(NOW.date())[number % 58] for number in numbers]
    runs = slices(weeks, longest)
    assert sorted(monday.isocalendar()[:2] for run in runs for monday in run) == sorted(
        {(int(week[:4]), int(week[6:])) for week in weeks}
    )
    for run in runs:
        assert len(run) <= longest
        assert all(b - a == timedelta(weeks=1) for a, b in itertools.pairwise(run))
