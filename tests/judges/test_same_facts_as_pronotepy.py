"""Our client and pronotepy read the same account of the same simulated school: field for field the same facts.

Numbers of objects are left out: they are new in every session. pronotepy strips tags from texts; here that is done to
ours. Where pronotepy errs or says less, the line below says so.
"""

import json
import re
from datetime import date, datetime, time
from html import unescape
from pathlib import Path

import pytest
from carillon_pronote import AccountKind, Pronote, Session, pages
from carillon_pronote.pages import timetable
from judge_environments import run

HERE = Path(__file__).parent
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 28)
TODAY = date(2026, 11, 20)
ANNOTATIONS = ["Absent", "Dispense", "NonNote", "Inapte", "NonRendu", "AbsentZero", "NonRenduZero", "Felicitations"]
ACCOUNTS = [
    ("previous_pronotepy", "2025.2.8", "eleve", ""),
    ("previous_pronotepy", "2026.2.4", "parent", "PARENT Fanny"),
    ("newest_pronotepy", "2026.2.5", "eleve", ""),
    ("newest_pronotepy", "2026.2.5", "parent", "PARENT Gaspard"),
]


@pytest.fixture(scope="module", params=ACCOUNTS, ids=lambda account: " ".join(account[1:]).strip())
def judged(request, pronote) -> tuple[dict, str, AccountKind, str | None]:
    """What pronotepy read; the root, the account and the child it read."""
    judge, era, space, child = request.param
    told = run(request.getfixturevalue(judge), HERE / "pronotepy_facts.py", pronote.root(era), space, child)
    return json.loads(told), pronote.root(era), AccountKind.named(space), child or None


@pytest.fixture
async def both(judged) -> tuple[dict, Session, str | None]:
    """What pronotepy read, our session of the same account, and the child asked about."""
    theirs, root, account, child = judged
    async with Pronote() as client:
        yield theirs, await client.sign_in(root, "demonstration", "pronotevs", account), child


def plain(moment: datetime | date | None) -> str | None:
    """Without a zone, as pronotepy has it."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None).isoformat()
    return moment.isoformat() if moment else None


def words(html: str) -> str:
    return unescape(re.sub(r"<.*?>", "", html))


def mark(value) -> str | None:
    if value is None:
        return None
    return ANNOTATIONS[value.annotation - 1] if value.annotation else value.text


def text(value) -> str | None:
    return value.text if value else None


def number(value) -> str | None:
    return str(value) if value is not None else None


def files(attachments) -> list:
    return sorted([file.name, file.kind] for file in attachments)


def in_order(facts: list) -> list:
    return sorted(facts, key=lambda fact: json.dumps(fact, sort_keys=True))


def midnight(session: Session, on: date) -> datetime:
    return datetime.combine(on, time(), session.timezone)


def span(session: Session) -> tuple[datetime, datetime]:
    return midnight(session, FIRST), datetime.combine(LAST, time(23, 59), session.timezone)


async def read_lessons(session: Session, child: str | None) -> tuple[timetable.Lesson, ...]:
    return await timetable.read_lessons(session, *span(session), child)


async def test_timetable(both):
    theirs, session, child = both
    lessons = await read_lessons(session, child)
    ours = [
        {
            "start": plain(one.start),
            "end": plain(one.end),
            "subject": one.subject.name if one.subject else None,
            "teacher_names": list(one.teachers),
            "classrooms": list(one.rooms),
            "group_names": list(one.groups),
            "canceled": one.cancelled,
            "status": one.status or None,
            "exempted": one.exempted,
            "detention": one.detention,
            "outing": one.outing,
            "test": one.test,
            "memo": one.memo or None,
            "virtual_classrooms": list(one.virtual_rooms),
            "num": one.position,
            "background_color": one.colour or None,
        }
        for one in lessons
    ]
    assert ours
    assert in_order(ours) == in_order(theirs["lessons"])


async def test_contents(both):
    theirs, session, child = both
    by_lesson = {one.id: one for one in await read_lessons(session, child)}
    contents = await pages.lesson_contents.read_contents(session, *span(session), child)
    ours = [
        {
            "start": plain(by_lesson[one.lesson].start),
            "title": one.contents[0].title or None,
            "description": words(one.contents[0].html) or None,
            "category": one.contents[0].category.name if one.contents[0].category else None,
            "files": files(one.contents[0].attachments),
        }
        for one in contents
        if one.contents
    ]
    assert ours
    assert in_order(ours) == in_order(theirs["contents"])


async def test_homework_and_menus(both):
    theirs, session, child = both
    ours = [
        {
            "date": plain(one.due),
            "description": words(one.html),
            "done": one.done,
            "background_color": one.colour,
            "subject": one.subject.name,
            "files": files(one.attachments),
        }
        for one in await pages.homework.read_homework(session, FIRST, LAST, child)
    ]
    assert ours
    assert in_order(ours) == in_order(theirs["homework"])

    parts = dict(enumerate(["first_meal", "main_meal", "side_meal", "other_meal", "dessert", "cheese"]))
    ours = []
    for day in await pages.menus.read_menus(session, FIRST, LAST, child):
        for meal in day.meals:
            foods = dict.fromkeys(parts.values(), None) | {
                parts[dish.kind]: [
                    [food.name, [[label.name, label.colour or None] for label in food.labels]] for food in dish.foods
                ]
                for dish in meal.dishes
            }
            about = {"date": plain(day.on), "name": meal.name or None}
            kinds = {"is_lunch": meal.kind == pages.menus.LUNCH, "is_dinner": meal.kind == pages.menus.DINNER}
            ours.append(about | kinds | {name: dishes or [] for name, dishes in foods.items()})
    assert ours
    assert in_order(ours) == in_order(theirs["menus"])


async def test_periods_marks_and_reports(both):
    theirs, session, child = both
    ours = [
        {"name": one.name, "start": plain(midnight(session, one.first)), "end": plain(midnight(session, one.last))}
        for one in session.year.periods
    ]
    assert ours == theirs["periods"]
    assert session.year.period_of(TODAY).name == theirs["current_period"]
    for period in session.year.periods:
        told = theirs["by_period"][period.name]
        marks = await pages.marks.read_marks(session, period, child)
        assert [_grade(one) for one in marks.grades] == told["marks"]["grades"]
        assert [_average(one) for one in marks.subjects] == told["marks"]["averages"]
        if marks.overall:  # without one pronotepy makes one up
            assert marks.overall.text == told["marks"]["overall"]
        assert text(marks.overall_class) == told["marks"]["overall_class"]
        try:
            report = await pages.reports.read_report(session, period, child)
        except pages.reports.NotPublishedError:
            assert told["report"] is None
            continue
        assert [_report_line(one) for one in report.subjects] == told["report"]["subjects"]
        assert [one.comment for one in report.comments] == told["report"]["comments"]
    assert theirs["by_period"]["Trimestre 1"]["marks"]["grades"]


def _grade(one) -> dict:
    return {
        "grade": mark(one.mark),
        "out_of": number(one.scale),
        "date": plain(one.on),
        "subject": one.subject.name,
        "average": mark(one.average),
        "max": mark(one.highest),
        "min": mark(one.lowest),
        "coefficient": number(one.coefficient),
        "comment": one.title or None,
        "is_bonus": one.bonus,
        "is_optionnal": one.optional and not one.bonus,
    }


def _average(one) -> dict:
    return {
        "subject": one.subject.name,
        "student": mark(one.pupil),
        "out_of": number(one.scale),
        "class_average": mark(one.class_),
        "min": mark(one.lowest),
        "max": mark(one.highest),
        "background_color": one.colour or None,
    }


def _report_line(one) -> dict:
    return {
        "name": one.subject.name,
        "color": one.colour,
        "comments": list(one.comments),
        "class_average": text(one.class_),
        "student_average": text(one.pupil),
        "min_average": text(one.lowest),
        "max_average": text(one.highest),
        "coefficient": text(one.coefficient),
        "teachers": list(one.teachers),
    }


async def test_attendance(both):
    theirs, session, child = both
    grid = pages.parameters.read_parameters(session).grid

    def at_place(on: date | datetime, place: int | None) -> str:
        day = on.date() if isinstance(on, datetime) else on
        return plain(day) if place is None else plain(datetime.combine(day, grid.time_of(place)))

    for period in session.year.periods:
        told = theirs["by_period"][period.name]["attendance"]
        found = await pages.attendance.read_attendance(session, period, pupil=child)
        assert [
            {
                "from_date": plain(one.start),
                "to_date": plain(one.end),
                "justified": one.justified,
                "hours": one.hours or None,
                "days": int(one.days or 0),
                "reasons": list(one.reasons),
            }
            for one in found.absences
        ] == told["absences"]
        assert [
            {
                "date": plain(one.on),
                "minutes": one.minutes,
                "justified": one.justified,
                "justification": one.justification or None,
                "reasons": list(one.reasons),
            }
            for one in found.delays
        ] == [each | {"justification": each["justification"] or None} for each in told["delays"]]
        assert [
            {
                "given": at_place(one.given, None if one.outside_lessons else one.place),
                "during_lesson": not one.outside_lessons,
                "exclusion": one.exclusion,
                "homework": one.homework,
                "circumstances": one.circumstances,
                "nature": one.nature.name,
                "requires_parent": str(one.needs_parents),
                "reasons": list(one.reasons),
                "giver": one.giver,
                "duration": one.minutes * 60 if one.minutes is not None else None,
                "schedule": [
                    {"start": at_place(each.on, each.place), "duration": each.minutes * 60 if each.minutes else None}
                    for each in one.schedule
                ],
            }
            for one in found.punishments
        ] == told["punishments"]
    assert theirs["by_period"]["Trimestre 1"]["attendance"]["absences"]


async def test_evaluations(both):
    theirs, session, child = both
    for period in session.year.periods:
        found = await pages.evaluations.read_evaluations(session, period, child)
        assert [_evaluation(one) for one in found] == theirs["by_period"][period.name]["evaluations"]
    assert theirs["by_period"]["Trimestre 1"]["evaluations"]


def _evaluation(one) -> dict:
    return {
        "name": one.name,
        "domain": one.domain or None,
        "teacher": one.teacher,
        "coefficient": int(one.coefficient),
        "description": one.description,
        "paliers": list(one.paliers),
        "date": plain(one.on),
        "subject": one.subject.name,
        "skills": [
            {
                "level": level.name,
                "abbreviation": level.short,
                "coefficient": int(level.coefficient),
                "domain": level.domain.name,
                "name": level.item.name if level.item else None,
                "order": level.order,
                "pillar": level.pillar.name,
                "pillar_prefix": ", ".join(level.prefixes),
            }
            for level in one.levels
        ],
    }


async def test_news(both):
    theirs, session, child = both
    ours = []
    for one in await pages.news.read_news(session, child):
        questions = await pages.news.read_questions(session, one, child)
        ours.append(
            {
                "title": one.title or None,
                "author": one.author,
                "read": one.read,
                "creation_date": plain(one.created),
                "start_date": plain(one.start),
                "end_date": plain(one.end),
                "category": one.category,
                "survey": one.is_survey,
                "anonymous_response": one.anonymous,
                "content": words(questions[0].html),
                "files": files(file for question in questions for file in question.attachments),
            }
        )
    assert ours
    assert in_order(ours) == in_order(theirs["news"])


async def test_discussions(both):
    theirs, session, child = both
    ours = [await _discussion(session, one, child) for one in await pages.discussions.read_discussions(session, child)]
    assert ours
    assert in_order(ours) == in_order(theirs["discussions"])


async def test_people(both):
    theirs, session, child = both
    staff = await pages.teaching_staff.read_teaching_staff(session, child)
    assert [(one.name, one.position, [each.subject.name for each in one.subjects]) for one in staff] == [
        (one["name"], one["num"], [each["name"] for each in one["subjects"]]) for one in theirs["people"]["staff"]
    ]
    recipients = await pages.recipients.read_recipients(session, pupil=child)
    assert [
        {
            "name": one.name,
            "type": "teacher" if one.kind == pages.recipients.TEACHERS else "staff",
            "functions": [one.role] if one.role else [each.subject.name for each in one.subjects],
            "with_discussion": one.accepts,
        }
        for one in recipients
    ] == theirs["people"]["recipients"]


async def _discussion(session: Session, one, child: str | None) -> dict:
    thread = await pages.discussions.read_thread(session, one, pupil=child)
    participants = await pages.recipients.read_participants(session, one.participants_of, child)
    names = {pages.discussions.FolderKind.DRAFT: "Drafts", pages.discussions.FolderKind.BIN: "Trash"}
    return {
        "subject": one.subject,
        "creator": one.creator or None,
        "unread": one.unread,
        "closed": one.closed,
        "labels": [names[folder.kind] for folder in one.folders],
        "participants": sorted(each.name for each in participants),
        "messages": [
            {
                "content": words(each.content) if each.html else each.content,
                "author": None if each.own else each.author,
                "seen": each.read,
                "created": plain(each.sent),
            }
            for each in sorted(thread.messages, key=lambda each: each.sent)
        ],
    }
