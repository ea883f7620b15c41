"""Snapshots become courses, exactly once in effect, whatever their order and however often they come."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from carillon_contracts.course import Calendar, GroupName
from carillon_contracts.events import SourceFailed, SourceRead
from carillon_timetable_api.ingest import Ingest
from database_rows import kinds, rows, truncate, value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from snapshots import NOON, course, day_of, observed, read_to_the_end, source
from sqlalchemy.ext.asyncio import AsyncEngine

PARIS = ZoneInfo("Europe/Paris")


COURSES = """
    select event_id, name, type, notes, begin, "end", cancelled_at is not null as cancelled, teachers,
        array(select g.name from course_group l join student_group g on g.id = l.group_id
              where l.course_id = c.id order by 1) as groups,
        array(select r.name from course_room l join room r on r.id = l.room_id where l.course_id = c.id order by 1) as rooms
    from course c order by event_id"""


async def test_a_course_is_kept_with_its_groups_and_rooms_and_announced(engine) -> None:
    await Ingest(engine, PARIS)(observed(course(notes="Amener une calculatrice")))
    ((event_id, name, type_, notes, _, _, cancelled, _, groups, rooms),) = await rows(engine, COURSES)
    assert (event_id, name, type_, notes) == ("7:2026-11-16", "EPMAS1D1 - Algèbre", "TD", "Amener une calculatrice")
    assert (cancelled, groups, rooms) == (False, ["L1 PS s1 TDA1"], ["U2-217"])
    assert await kinds(engine) == ["added"]


async def test_the_same_snapshot_twice_changes_nothing(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(course()))
    await ingest(observed(course(), at=5))
    assert await kinds(engine) == ["added"]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"hour": 10}, "moved"),
        ({"day": day_of("2026-W47", 3)}, "moved"),
        ({"rooms": ("U2-218",)}, "room"),
        ({"name": "EPMAS1E1 - Analyse"}, "renamed"),
        ({"notes": "Contrôle"}, "other"),
        ({"status": "cancelled"}, "cancelled"),
    ],
)
async def test_each_difference_is_one_change_of_its_kind(engine, changed, kind) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(course(**changed), at=1))
    assert await kinds(engine) == ["added", kind]
    assert await value(engine, "select count(*) from course") == 1


async def test_a_course_that_is_shown_no_longer_is_cancelled_and_restored_when_it_comes_back(engine) -> None:
    ingest = Ingest(engine, PARIS)
    for at, shown in enumerate([(course(),), (), (course(),)]):
        await ingest(observed(*shown, at=at))
        await ingest(read_to_the_end(at))
        assert await value(engine, "select cancelled_at is null from course") == bool(shown)
    assert await kinds(engine) == ["added", "cancelled", "restored"]


async def test_a_course_seen_through_two_calendars_goes_only_when_both_have_dropped_it(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course(), calendar="g1"))
    await ingest(observed(course(), calendar="g2", source=source("l1-mi")))
    await ingest(observed(calendar="g1", at=1))
    await ingest(read_to_the_end(1))
    assert await kinds(engine) == ["added"]
    await ingest(observed(calendar="g2", at=2, source=source("l1-mi")))
    await ingest(read_to_the_end(2, source=source("l1-mi")))
    assert await kinds(engine) == ["added", "cancelled"]


async def test_an_older_snapshot_that_comes_late_is_ignored(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course(hour=10), at=5))
    await ingest(observed(course(hour=8), at=1))
    assert await kinds(engine) == ["added"]


async def test_other_weeks_and_other_days_are_left_alone(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course("1:2026-11-16", day_of("2026-W47", 0)), course("2:2026-11-16", day_of("2026-W47", 4))))
    await ingest(observed(week="2026-W48", at=1))
    await ingest(observed(days=(4,), at=2))
    await ingest(read_to_the_end(2))
    cancelled = "select event_id from course where cancelled_at is not null"
    assert await rows(engine, cancelled) == [("2:2026-11-16",)]


async def test_the_journal_holds_before_and_after_and_the_correlation_id(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(course(rooms=("Amphi AMPERE (3A)",)), at=1))
    ((before, after),) = await rows(engine, "select before, after from journal where kind = 'room'")
    assert [room["name"] for room in before["rooms"]] == ["U2-217"]
    assert after["rooms"][0]["slug"] == "amphi-ampere-3a"
    assert before["groups"] == after["groups"]


async def test_a_page_tells_its_groups_and_a_prepared_one_is_hidden_until_it_has_a_course(engine) -> None:
    ingest = Ingest(engine, PARIS)
    names = ("L1 PS (toutes sections et semestres confondus)", "L1 PS s1 GA111", "L1 PS s1 CMA", "S1")
    listed = Calendar(key="g1", groups=tuple(GroupName(name=name) for name in names))
    await ingest(SourceRead(source=source(), observed_at=NOON, calendars=(listed,), courses=0))
    shown = "select name, mention, semester, subgroup, slug, hidden from student_group order by name"
    assert await rows(engine, shown) == [
        (names[0], "L1 PS", None, "", "l1-ps-toutes-sections-et-semestres-confondus", False),
        ("L1 PS s1 CMA", "L1 PS", 1, "A", "l1-ps-s1-cma", False),
        ("L1 PS s1 GA111", "L1 PS", 1, "A111", "l1-ps-s1-ga111", True),
    ]
    await ingest(observed(course(groups=("L1 PS s1 GA111", "L1 PS"))))
    assert await value(engine, "select count(*) from student_group where hidden") == 0
    assert await value(engine, "select count(*) from student_group") == 3, "the root page and the mention are one"


async def test_a_group_s_ancestors_are_those_of_its_name(engine) -> None:
    names = (
        "L1 PS",
        "L1 PS s1 CMA",
        "L1 PS s1 TDA1",
        "L1 PS s1 TPA11",
        "L1 PS s1 TPA21",
        "L1 PS s2 CMA",
        "L1 PM s1 CMA",
    )
    await Ingest(engine, PARIS)(observed(course(groups=names)))
    query = """
        select a.name from group_ancestor l join student_group g on g.id = l.group_id
        join student_group a on a.id = l.ancestor_id where g.name = 'L1 PS s1 TPA11' order by 1"""
    assert await rows(engine, query) == [("L1 PS",), ("L1 PS s1 CMA",), ("L1 PS s1 TDA1",)]


async def test_a_source_s_reads_and_failures_are_kept_whatever_their_order(engine) -> None:
    ingest = Ingest(engine, PARIS)
    failed = SourceFailed(source=source(), failed_at=NOON, code="unreachable", reason_fr="En panne.", reason_en="Down.")
    state = "select last_read_at is not null, failing_since is not null, failure_code, courses from source"
    await ingest(failed)
    assert await rows(engine, state) == [(False, True, "unreachable", None)]
    await ingest(SourceRead(source=source(), observed_at=NOON.replace(hour=13), courses=12))
    assert await rows(engine, state) == [(True, False, "unreachable", 12)]
    await ingest(failed)
    assert await rows(engine, state) == [(True, False, "unreachable", 12)]


async def test_two_publishers_may_use_the_same_event_id(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(course(), source=source("other", "other.test")))
    assert await value(engine, "select count(*) from course") == 2


async def test_two_sources_may_have_timetables_of_one_name_but_not_of_one_address(engine) -> None:
    for _ in range(2):
        ingest = Ingest(engine, PARIS)
        for slug in ("l1-ps-td1", "l1-ps-td2", "l1-ps-td3"):
            await ingest(observed(source=source(slug)))
    shown = "select name, slug from timetable order by id"
    assert await rows(engine, shown) == [("L1 PS", "l1-ps"), ("L1 PS", "l1-ps-2"), ("L1 PS", "l1-ps-3")]


async def test_a_timetable_that_is_renamed_there_and_back_has_its_name_again(engine) -> None:
    ingest = Ingest(engine, PARIS)
    for name in ("L1 PS", "L1 Physique", "L1 PS"):
        await ingest(observed(source=source(timetable=name)))
        assert await rows(engine, "select name from timetable") == [(name,)]


async def test_of_a_calendar_that_is_listed_no_longer_nothing_is_known_from_then_on(engine) -> None:
    ingest = Ingest(engine, PARIS)
    past, today = course("1:2026-11-16", name="Passé"), course("2:2026-11-16", day_of("2026-W47", 5), name="À venir")
    await ingest(observed(past, today))
    await ingest(observed(course("3:2026-11-16"), calendar="g2"))
    gone = read_to_the_end(1, gone=("g1", "unheard-of"))
    for _ in range(2):
        await ingest(gone)
    cancelled = "select name from course where cancelled_at is not null"
    assert await rows(engine, cancelled) == [("À venir",)]
    days = "select min(day), max(day) from calendar_day d join calendar c on c.id = d.calendar_id where c.key = 'g1'"
    assert await rows(engine, days) == [(day_of("2026-W47", 0), day_of("2026-W47", 4))]
    await ingest(observed(past, today, at=2))
    await ingest(gone)
    assert await rows(engine, cancelled) == [], "it was published anew, and the older read comes again"


async def test_a_course_s_last_update_never_goes_back(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course()))
    await ingest(observed(course(hour=9), at=1, published_at=NOON - timedelta(days=3)))
    assert await rows(engine, "select last_update, version from course") == [(NOON, 1)]


async def test_the_moments_in_the_journal_never_go_back_and_differ_by_seconds(engine) -> None:
    ingest = Ingest(engine, PARIS)
    await ingest(observed(course(), at=5))
    await ingest(observed(course("8:2026-11-16"), source=source("l1-mi"), calendar="g2", at=1))
    await ingest(observed(course(hour=10), at=6))
    moments = [at for (at,) in await rows(engine, "select at from journal order by number")]
    assert moments == [NOON + timedelta(minutes=5, seconds=second) for second in (0, 1, 60)]


CONTENTS = st.builds(
    lambda day, hour, rooms, name: {"day": day_of("2026-W47", day), "hour": hour, "rooms": rooms, "name": name},
    st.integers(0, 6),
    st.integers(0, 20),
    st.sampled_from([(), ("U1",), ("U1", "U2")]),
    st.sampled_from("ab"),
)
SNAPSHOTS = st.lists(
    st.tuples(
        st.sampled_from(["g1", "g2"]),
        st.integers(0, 9),
        st.dictionaries(st.sampled_from(["x", "y", "z"]), CONTENTS, max_size=3),
    ),
    max_size=5,
    unique_by=lambda snapshot: snapshot[:2],
)


def expected_state(snapshots) -> dict[str, tuple]:
    """By the obvious reading: of each calendar the newest snapshot, of each course the newest that shows it."""
    newest = {}
    for calendar, at, shown in sorted(snapshots, key=lambda snapshot: snapshot[1]):
        newest[calendar] = (at, shown)
    found: dict[str, tuple] = {}
    for at, shown in sorted(newest.values(), key=lambda one: one[0]):
        for event_id, fields in shown.items():
            found[event_id] = (at, fields)
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(snapshots=SNAPSHOTS, data=st.data())
async def test_any_order_and_repetition_ends_in_the_same_state(engine, snapshots, data) -> None:
    calendars_tie = len({at for _, at, _ in snapshots}) < len(snapshots)
    order = data.draw(
        st.permutations(
            snapshots + data.draw(st.lists(st.sampled_from(snapshots), max_size=3) if snapshots else st.just([]))
        )
    )
    await truncate(engine)
    await apply_all(engine, order)
    first = await rows(engine, COURSES + " ")
    alive = {row[0]: row for row in first if not row[6]}
    expected = expected_state(snapshots)
    assert alive.keys() == expected.keys()
    if not calendars_tie:
        for event_id, (_, fields) in expected.items():
            assert alive[event_id][1] == fields["name"]
            assert alive[event_id][9] == list(fields["rooms"])
    await truncate(engine)
    await apply_all(engine, sorted(snapshots, key=lambda snapshot: snapshot[1]))
    in_time = {row[0]: row for row in await rows(engine, COURSES) if not row[6]}
    assert in_time == alive


async def apply_all(engine: AsyncEngine, snapshots) -> None:
    ingest = Ingest(engine, PARIS)
    for calendar, at, shown in snapshots:
        await ingest(
            observed(*(course(event_id, **fields) for event_id, fields in shown.items()), calendar=calendar, at=at)
        )
        if at % 3 == 0:
            await ingest(read_to_the_end(at))
    await ingest(read_to_the_end(9))


async def test_replaying_the_journal_gives_the_courses_of_now(engine) -> None:
    ingest = Ingest(engine, PARIS)
    for at, hours in enumerate([(8, 10), (8,), (9, 10), (), (8, 14)]):
        await ingest(observed(*(course(f"{n}:2026-11-16", hour=hour) for n, hour in enumerate(hours)), at=at))
        await ingest(read_to_the_end(at))
    replayed: dict[int, dict] = {}
    for number, before, after in await rows(engine, "select course_id, before, after from journal order by number"):
        assert before == replayed.get(number)
        replayed[number] = after
    now = dict(await rows(engine, "select id, to_jsonb(begin) from course where cancelled_at is null"))
    alive = {number: state["begin"] for number, state in replayed.items() if not state["cancelled"]}
    assert {key: begin[:19] for key, begin in now.items()} == {key: begin[:19] for key, begin in alive.items()}


async def test_events_of_one_publisher_applied_at_once_do_not_collide(engine) -> None:
    ingests = [Ingest(engine, PARIS) for _ in range(4)]
    events = [
        observed(*(course(f"{n}:2026-11-16", rooms=(f"U{n}", f"U{n + 1}")) for n in range(10)), calendar=f"g{calendar}")
        for calendar in range(8)
    ]
    await asyncio.gather(*(ingests[n % 4](event) for n, event in enumerate(events)))
    assert await value(engine, "select count(*) from course") == 10
    assert await value(engine, "select count(*) from sighting") == 80
    assert await kinds(engine) == ["added"] * 10
