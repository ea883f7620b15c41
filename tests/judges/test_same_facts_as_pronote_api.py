"""Our client and pronote-api 2.4.1 read the same accounts of the same simulated school of 2022: the same facts.

Ours are put into the words of pronote-api, whose numbers are its own hashes and are left out. It strips tags from
texts with a library of its own, so that the formatted texts are compared instead.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from carillon_pronote import AccountKind, Pronote, Session, pages
from carillon_pronote.pages import timetable

ERA = "2022"
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 21)  # LAST is a midnight for pronote-api
PERIOD = "Trimestre 1"


@pytest.fixture(params=["student", "parent"])
async def both(request, results, pronote) -> tuple[dict, Session, str | None]:
    """What pronote-api read, our session of the same account, and the child it asks about."""
    theirs = {name.split(".")[1]: value for name, value in results.items() if name.startswith(f"{request.param}.")}
    async with Pronote() as client:
        account = AccountKind.named(request.param)
        session = await client.sign_in(pronote.root(ERA), "demonstration", "pronotevs", account)
        yield theirs, session, "PARENT Fanny" if request.param == "parent" else None


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def midnight(session: Session, on: date) -> datetime:
    return datetime.combine(on, time(), session.timezone)


def rounded(value: Decimal | float | None) -> float | None:
    return round(float(value), 6) if value is not None else None


def value(mark) -> float | None:
    return rounded(mark.value) if mark else None


def files(found: list | tuple) -> list:
    """By name and kind: addresses hold each session's own numbers."""
    return sorted((one["name"], one["type"]) if isinstance(one, dict) else (one.name, one.kind) for one in found)


async def test_the_timetable(both):
    theirs, session, child = both
    lessons = await timetable.read_lessons(session, midnight(session, FIRST), midnight(session, LAST), child)
    ours = [
        {
            "from": one.start,
            "to": one.end,
            "isDetention": one.detention,
            "remoteLesson": one.at_home,
            "hasDuplicate": one.has_duplicate,
            "subject": one.label or None,
            "teacher": next(iter(one.teachers), None),
            "room": next(iter(one.rooms), None),
            "status": one.status or None,
            "isAway": None if one.detention else one.teacher_away,
            "isCancelled": None if one.detention else one.cancelled and not one.teacher_away,
            "color": None if one.detention else one.colour,
        }
        for one in lessons
    ]
    named = [
        {name: one.get(name) for name in ours[0]} | {"from": moment(one["from"]), "to": moment(one["to"])}
        for one in theirs["timetable"]
    ]
    assert sorted(ours, key=_by_start) == sorted(named, key=_by_start)


def _by_start(lesson: dict) -> tuple:
    return lesson["from"], lesson["subject"] or ""


async def test_marks(both):
    theirs, session, child = both
    marks = await pages.marks.read_marks(session, PERIOD, child)
    assert value(marks.overall) == theirs["marks"]["averages"]["student"]
    assert value(marks.overall_class) == theirs["marks"]["averages"]["studentClass"]
    ours = [
        {
            "name": line.subject.name,
            "color": line.colour,
            "averages": {
                "student": rounded(line.pupil.value / line.scale * 20) if line.pupil and line.pupil.value else None,
                "studentClass": value(line.class_),
                "max": value(line.highest),
                "min": value(line.lowest),
            },
            "marks": [_grade(session, one) for one in marks.grades if one.subject.name == line.subject.name],
        }
        for line in sorted(marks.subjects, key=lambda line: line.order)
    ]
    told = [
        subject
        | {
            "averages": {name: rounded(average) for name, average in subject["averages"].items()},
            "marks": [
                {
                    name: one.get(name)
                    for name in ["title", "isAway", "value", "min", "max", "average", "scale", "coefficient"]
                }
                | {"date": moment(one["date"])}
                for one in subject["marks"]
            ],
        }
        for subject in theirs["marks"]["subjects"]
    ]
    assert ours == told


def _grade(session: Session, one) -> dict:
    annotated = one.mark.annotation is not None
    return {
        "title": one.title,
        "isAway": annotated,
        "value": None if annotated else value(one.mark),
        "min": value(one.lowest),
        "max": value(one.highest),
        "average": value(one.average),
        "scale": rounded(one.scale),
        "coefficient": rounded(one.coefficient),
        "date": midnight(session, one.on),
    }


async def test_evaluations(both):
    theirs, session, child = both
    found = await pages.evaluations.read_evaluations(session, PERIOD, child)
    ours = sorted(
        (
            one.subject.name,
            one.name,
            midnight(session, one.on),
            float(one.coefficient),
            [(level.item.name, level.short, level.name, list(level.prefixes)) for level in one.levels],
        )
        for one in found
    )
    told = sorted(
        (
            subject["name"],
            one["name"],
            moment(one["date"]),
            float(one["coefficient"]),
            [
                (level["name"], level["value"]["short"], level["value"]["long"], level["prefixes"])
                for level in one["levels"]
            ],
        )
        for subject in theirs["evaluations"]
        for one in subject["evaluations"]
    )
    assert ours
    assert ours == told
    assert {(one.subject.name, one.teacher, one.colour) for one in found} >= {
        (subject["name"], subject["teacher"], subject["color"]) for subject in theirs["evaluations"]
    }


async def test_absences_and_delays(both):
    theirs, session, child = both
    told = theirs["absences"]
    found = await pages.attendance.read_attendance(session, PERIOD, pupil=child)
    assert [
        (one.start, one.end, one.justified, one.settled, _hours(one.hours), next(iter(one.reasons), ""))
        for one in found.absences
    ] == [
        (moment(one["from"]), moment(one["to"]), one["justified"], one["solved"], one["hours"], one["reason"])
        for one in told["absences"]
    ]
    assert [
        (one.on, one.justified, one.settled, one.justification, one.minutes, next(iter(one.reasons), ""))
        for one in found.delays
    ] == [
        (
            moment(one["date"]),
            one["justified"],
            one["solved"],
            one["justification"],
            one["minutesMissed"],
            one["reason"],
        )
        for one in told["delays"]
    ]


async def test_punishments_observations_and_totals(both):
    theirs, session, child = both
    told = theirs["absences"]
    found = await pages.attendance.read_attendance(session, PERIOD, pupil=child)
    assert [_punishment(session, one) for one in found.punishments] == [
        {name: each for name, each in one.items() if name != "id"}
        | {
            "date": moment(one["date"]),
            "detention": one["detention"] and {name: moment(one["detention"][name]) for name in ("from", "to")},
        }
        for one in told["punishments"]
    ]
    assert [(one.name, one.on, one.giver, one.comment, one.subject.name) for one in found.observations] == [
        (one["kind"], moment(one["date"]), one["giver"], one["comment"], one["subject"]) for one in told["other"]
    ]
    assert [
        (one.subject.name, one.attended_seconds / 3600, one.missed_seconds / 3600)
        for one in found.totals
        if not one.in_group
    ] == [(one["subject"], one["hoursAssisted"], one["hoursMissed"]) for one in told["totals"]]


def _hours(text: str) -> float:
    hours, _, minutes = text.partition("h")
    return int(hours) + int(minutes or 0) / 60


def _punishment(session: Session, one) -> dict:
    detention = None
    if one.detention:
        first, grid = one.schedule[0], pages.parameters.read_parameters(session).grid
        start = datetime.combine(first.on, grid.time_of(first.place), session.timezone)
        detention = {"from": start, "to": start + timedelta(minutes=first.minutes)}
    return {
        "date": one.given,
        "isExclusion": one.exclusion,
        "isDuringLesson": not one.outside_lessons,
        "homework": one.homework,
        "circumstances": one.circumstances,
        "giver": one.giver,
        "reason": next(iter(one.reasons), ""),
        "detention": detention,
    }


async def test_homework(both):
    theirs, session, child = both
    ours = [
        (
            one.html,
            one.subject.name,
            midnight(session, one.given),
            midnight(session, one.due),
            one.done,
            one.colour,
            files(one.attachments),
        )
        for one in await pages.homework.read_homework(session, FIRST, LAST, child)
    ]
    assert ours
    assert sorted(ours) == sorted(
        (
            one["htmlDescription"],
            one["subject"],
            moment(one["givenAt"]),
            moment(one["for"]),
            one["done"],
            one["color"],
            files(one["files"]),
        )
        for one in theirs["homeworks"]
    )


async def test_contents(both):
    theirs, session, child = both
    first, last = midnight(session, FIRST), midnight(session, LAST)
    ours = [
        (
            one.subject.name,
            list(one.teachers),
            one.start,
            one.end,
            one.colour,
            one.contents[0].title,
            one.contents[0].category.name,
            files(one.contents[0].attachments),
        )
        for one in await pages.lesson_contents.read_contents(session, first, last, child)
        if one.contents and one.end <= last
    ]
    assert ours
    assert sorted(ours) == sorted(
        (
            one["subject"],
            one["teachers"],
            moment(one["from"]),
            moment(one["to"]),
            one["color"],
            one["title"],
            one["category"],
            files(one["files"]),
        )
        for one in theirs["contents"]
    )


async def test_files(both):
    theirs, session, child = both
    if theirs["files"] is None:
        assert child is not None, "pronote-api offers them to pupils only"
        return
    ours = [
        (midnight(session, one.on), one.subject, one.attachment.name, one.attachment.kind)
        for one in await pages.resources.read_resources(session, child)
    ]
    assert ours
    assert sorted(ours) == sorted(
        (moment(one["time"]), one["subject"], one["name"], one["type"]) for one in theirs["files"]
    )


async def test_news_and_menus(both):
    theirs, session, child = both
    news = await pages.news.read_news(session, child)
    ours = [
        (one.start, one.title, one.author, one.questions[0].html, files(one.questions[0].attachments)) for one in news
    ]
    assert ours
    assert sorted(ours) == sorted(
        (moment(one["date"]), one["title"], one["author"], one["htmlContent"], files(one["files"]))
        for one in theirs["infos"]
    )
    ours = [
        {
            "date": midnight(session, day.on),
            "meals": [
                [
                    [
                        {
                            "name": food.name,
                            "labels": [{"name": label.name, "color": label.colour} for label in food.labels],
                        }
                        for food in dish.foods
                    ]
                    for dish in meal.dishes
                ]
                for meal in day.meals
            ],
        }
        for day in await pages.menus.read_menus(session, FIRST, LAST, child)
    ]
    assert ours
    assert ours == [one | {"date": moment(one["date"])} for one in theirs["menu"]]


async def test_the_school_and_the_account(results, pronote):
    """`params` and `user` as pronote-api keeps them, beside our typed ones."""
    async with Pronote() as client:
        session = await client.sign_in(pronote.root(ERA), "demonstration", "pronotevs")
        params, user = results["fetchParams"], results["fetchUser"]
        found, account = pages.parameters.read_parameters(session), pages.user.read_user(session)
    site, grid, marking = found.site, found.grid, found.assessment
    assert (site.establishment, site.version, site.title, site.school_year) == (
        params["establishment"],
        params["version"],
        params["title"],
        params["schoolYear"],
    )
    assert (grid.first_monday, grid.first_day, grid.last_day) == tuple(
        moment(params[name]) for name in ("firstMonday", "firstDay", "lastDay")
    )
    assert (grid.places_per_day, grid.places_per_hour) == (params["ticksPerDay"], params["ticksPerHour"])
    assert [list(week) for week in grid.frequency_weeks] == params["frequenciesRanges"]
    assert list(grid.working_days) == params["workingDays"]
    assert [(one.name, one.first, one.last) for one in grid.periods] == [
        (one["name"], moment(one["from"]), moment(one["to"])) for one in params["periods"]
    ]
    assert [(one.name, one.count, one.round) for one in grid.hours] == [
        (one["name"], one["count"], one["round"]) for one in params["hours"]
    ]
    assert [(one.name, one.short_name, one.shortcut, one.acquired) for one in marking.levels] == [
        (one["name"], one["shortName"], one["shortPath"], one["acquired"]) for one in params["acquisitionLevels"]
    ]
    pupil = account.pupils[0]
    assert (account.resource.name, pupil.school_class.name) == (user["name"], user["studentClass"]["name"])
    assert [group.name for group in pupil.groups] == [one["name"] for one in user["groups"]]
    assert [one.tab for one in pupil.tab_periods] == [one["tab"] for one in user["tabsPeriods"]]
    assert (account.password_length, list(account.password_rules)) == (
        (user["minPasswordSize"], user["maxPasswordSize"]),
        user["passwordRules"],
    )
    assert [_tab(tab) for tab in account.tabs] == user["tabs"]


def _tab(tab) -> dict:
    return {"id": tab.id, "subs": [_tab(below) for below in tab.below]}
