"""The made-up faculty: what the demonstration promises."""

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from carillon_celcat_simulator.model.academic_year import academic_year
from carillon_celcat_simulator.model.faculty import faculty
from carillon_celcat_simulator.model.university import university

TODAY = date(2026, 11, 21)
NAME = re.compile(r"^[LM][123] [A-Z-]+( s[12] (CMA|TDA\d|TPA\d\d|GA\d{3}|GPA\d\d))?$")


def test_the_same_seed_and_year_give_the_same_faculty_and_another_seed_another():
    assert faculty(TODAY) == faculty(TODAY + timedelta(days=30))
    assert faculty(TODAY, seed=2) != faculty(TODAY)


def test_it_has_some_thirty_taught_groups_a_semester_and_sixty_rooms_all_in_use():
    made = faculty(TODAY)
    taught = Counter(group.semester for group in made.groups if group.kind in ("CM", "TD", "TP"))
    assert taught == {1: 33, 2: 33}
    assert len({room.name for room in made.rooms}) == 60
    assert {room for meeting in made.meetings.values() for room in meeting.rooms} == set(made.rooms)


def test_names_follow_the_grammar_and_prepared_groups_have_no_meeting():
    made = faculty(TODAY)
    assert all(NAME.match(group.name) for group in made.groups)
    used = {group.kind for meeting in made.meetings.values() for group in meeting.groups}
    assert used == {"CM", "TD", "TP"}
    assert {group.kind for group in made.groups} - used == {"", "G", "GP"}
    assert all(re.fullmatch(r"E[A-Z]{4}[12][A-Z]1 - .+", module.name) for module in made.modules)


def test_no_room_and_no_group_with_its_relatives_is_used_twice_at_a_time():
    made = faculty(TODAY)
    relatives = {group: made.relatives(group) for group in made.groups}
    taken: defaultdict[tuple, list] = defaultdict(list)
    for meeting in made.meetings.values():
        day = (meeting.week, meeting.day)
        for room in meeting.rooms:
            taken[(*day, "room", room.identifier)].append((meeting.begin, meeting.end))
        # Whoever is in a group is busy: the group itself and all below it.
        for busy in {other for group in meeting.groups for other in relatives[group] if group.holds(other)}:
            taken[(*day, "group", busy.identifier)].append((meeting.begin, meeting.end))
    for found in taken.values():
        ordered = sorted(found)
        assert all(before[1] <= after[0] for before, after in pairwise(ordered))


def test_lunch_is_free_and_nothing_is_taught_on_holidays():
    made = faculty(TODAY)
    assert all(meeting.end <= 12 * 60 + 15 or meeting.begin >= 13 * 60 + 30 for meeting in made.meetings.values())
    closed = {holiday.day for holiday in made.holidays}
    assert date(2026, 11, 11) in closed
    assert date(2026, 12, 24) in closed
    assert not closed & {made.date_of(meeting) for meeting in made.meetings.values()}


def test_it_has_what_recorded_pages_have():
    meetings = faculty(TODAY).meetings.values()
    assert {len(meeting.groups) for meeting in meetings} == {1, 3, 8}
    assert {len(meeting.rooms) for meeting in meetings} == {0, 1, 2}
    assert {len(meeting.modules) for meeting in meetings} == {0, 1}
    assert {meeting.category.name for meeting in meetings} == {
        "COURS", "COURS/TD", "TD", "TP", "Tpne", "CONTROLE CONTINU", "EXAMEN", "REUNION", "CONFERENCE",
        "ENCADREMENT PROJET",
    }  # fmt: skip
    assert {None, " "} < {meeting.notes for meeting in meetings}


@pytest.mark.parametrize("offset", range(0, 730, 13))
def test_around_every_day_there_is_a_past_week_and_a_future(offset):
    today = TODAY + timedelta(days=offset)
    year = academic_year(today)
    assert year.first_monday.weekday() == 0
    assert year.weeks in (52, 53)
    assert 2 <= year.week_of(today) <= year.weeks - 15
    assert year.monday(year.week_of(today)) <= today < year.monday(year.week_of(today) + 1)


def test_a_year_has_a_53rd_week_where_the_next_one_begins_53_weeks_later():
    year = academic_year(date(2026, 3, 2))
    assert (year.first_monday, year.weeks) == (date(2026, 2, 16), 53)
    assert academic_year(year.monday(54) + timedelta(days=7)).first_monday > year.first_monday


def test_a_university_has_exactly_the_asked_size():
    made = university(courses=2_500, groups=45, rooms=80, weeks=12, today=TODAY)
    assert len(made.meetings) == 2_500
    assert len([group for group in made.groups if group.kind]) == 45
    assert len({room.name for room in made.rooms}) == 80
    assert len({meeting.week for meeting in made.meetings.values()}) == 12


def test_a_university_that_is_not_possible_is_refused_with_the_reason():
    with pytest.raises(ValueError, match="ask for more groups, rooms or weeks"):
        university(courses=10_000, groups=10, rooms=80, weeks=12, today=TODAY)
