"""The made-up school: the same for the same day, plausible on every day of any year."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from carillon_pronote_simulator.school.attendance import Absence, Delay, Observation, PrecautionaryMeasure, Punishment
from carillon_pronote_simulator.school.school import School, make_school

# Every kind of day: holidays of France, weekends, summer, the turn of a year, a leap day, changes of the clock.
DAYS = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(0, 800, 67)]
DAYS += [date(2028, 2, 29), date(2026, 12, 31), date(2027, 8, 15), date(2026, 10, 25), date(2027, 3, 28)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def school(request) -> School:
    return make_school(request.param)


def test_the_same_day_and_seed_give_the_same_school():
    first, second = make_school(DAYS[3], 5), make_school(DAYS[3], 5)
    for part in ("lessons", "homework", "assessments", "evaluations", "events", "meals", "news", "discussions"):
        assert getattr(first, part) == getattr(second, part)
    assert make_school(DAYS[3], 6).lessons != first.lessons


def test_today_lies_in_the_first_term_in_a_week_with_lessons_of_every_kind(school):
    year = school.year
    assert year.week_of(school.today) == 12
    assert year.periods[0].holds(school.today)
    monday = year.monday_of(12)
    lessons = school.lessons_of(school.people.pupils[0], monday, monday + timedelta(days=6))
    assert {each.status for each in lessons} >= {"Prof. absent", "Cours annulé", "Cours déplacé", "Remplacement"}
    assert {each.kind for each in lessons} >= {"lesson", "outing"}
    assert any(school.people.pupils[0].key in each.exempted for each in lessons)
    assert any(each.test for each in lessons)
    assert any(each.video_address for each in lessons)
    assert any(each.memo for each in lessons)
    # The next week is there too, for whoever looks ahead.
    assert len(school.lessons_of(school.people.pupils[0], monday + timedelta(7), monday + timedelta(13))) > 15


def test_the_fifth_day_of_the_year_has_a_lesson_with_contents(school):
    friday = school.year.monday_of(1) + timedelta(days=4)
    for pupil in school.people.pupils:
        first = school.lessons_of(pupil, friday, friday)[0]
        assert first.key in school.with_content


def test_nobody_and_no_room_is_in_two_places(school):
    taken = defaultdict(list)
    for lesson in school.lessons:
        if lesson.cancelled or lesson.kind != "lesson":
            continue
        assert lesson.end > lesson.start
        assert lesson.start.hour >= 8
        assert lesson.end.hour <= 19
        for key in (*(each.key for each in (*lesson.teachers, *lesson.rooms)), lesson.audience.key):
            taken[key].append(lesson)
    for lessons in taken.values():
        lessons.sort(key=lambda each: each.start)
        for before, after in pairwise(lessons):
            assert before.end <= after.start, (before, after)


def test_lessons_are_held_on_open_days_only(school):
    assert all(school.year.is_open(lesson.start.date()) for lesson in school.lessons if lesson.kind != "outing")
    assert len({lesson.key for lesson in school.lessons}) == len(school.lessons)


def test_both_children_of_the_demonstration_have_something_of_everything(school):
    parent = school.accounts["parent", "demonstration"]
    assert [pupil.name for pupil in parent.pupils] == ["PARENT Gaspard", "PARENT Fanny"]
    assert parent.pupils[0].national_number == "001"
    for pupil in parent.pupils:
        mine = [event for event in school.events if event.pupil == pupil]
        assert {type(event) for event in mine} >= {Absence, Delay, Punishment, Observation}
        assert any(pupil.key in each.marks for each in school.assessments)
        assert any(pupil.key in each.skills[0].levels for each in school.evaluations)
        assert any(work.given_in.concerns(pupil) and work.due >= school.today for work in school.homework)
        assert any(pupil.key in work.done for work in school.homework if work.given_in.concerns(pupil))
    assert any(isinstance(event, PrecautionaryMeasure) for event in school.events)


def test_nothing_is_marked_or_noted_in_the_future(school):
    assert all(assessment.day <= school.today for assessment in school.assessments)
    assert all(event.day <= school.today for event in school.events)
    assert all(
        content.lesson.start.date() <= school.today or school.year.week_of(content.lesson.start.date()) == 1
        for content in school.contents
    )


def test_meals_are_served_on_open_days(school):
    assert {meal.kind for meal in school.meals} == {0, 1}
    assert all(school.year.is_open(meal.day) for meal in school.meals)
