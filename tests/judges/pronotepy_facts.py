"""Run in an environment of pronotepy: read every page of an account and print what pronotepy makes of it, as JSON.

Arguments: root of a Pronote, "eleve" or "parent", and the name of the child a parent asks about ("" for a pupil).
"""

import datetime as dt
import json
import sys

import pronotepy

FIRST, LAST = dt.date(2026, 11, 16), dt.date(2026, 11, 28)


def fields(thing, names):
    return {name: getattr(thing, name) for name in names.split()}


def files(attachments):
    return sorted([file.name, file.type] for file in attachments)


def plain(value):
    """Durations in seconds, moments in ISO 8601 without a zone, as pronotepy has them."""
    return value.total_seconds() if isinstance(value, dt.timedelta) else value.isoformat()


def lessons():
    names = (
        "start end teacher_names classrooms group_names canceled status exempted detention outing test memo "
        "virtual_classrooms num background_color"
    )
    return [
        fields(lesson, names) | {"subject": lesson.subject.name if lesson.subject else None}
        for lesson in client.lessons(FIRST, LAST)
    ]


def contents():
    return [
        fields(lesson.content, "title description category")
        | {"start": lesson.start, "files": files(lesson.content.files)}
        for lesson in client.lessons(FIRST, LAST)
        if lesson.content
    ]


def homework():
    return [
        fields(one, "date description done background_color") | {"subject": one.subject.name, "files": files(one.files)}
        for one in client.homework(FIRST, LAST)
    ]


def marks(period):
    names = "grade out_of date average max min coefficient comment is_bonus is_optionnal"
    return {
        "grades": [fields(one, names) | {"subject": one.subject.name} for one in period.grades],
        "averages": [
            fields(one, "student out_of class_average min max background_color") | {"subject": one.subject.name}
            for one in period.averages
        ],
        "overall": period.overall_average,
        "overall_class": period.class_overall_average,
    }


def attendance(period):
    punishment = "given during_lesson exclusion homework circumstances nature requires_parent reasons giver duration"
    return {
        "absences": [fields(one, "from_date to_date justified hours days reasons") for one in period.absences],
        "delays": [fields(one, "date minutes justified justification reasons") for one in period.delays],
        "punishments": [
            fields(one, punishment) | {"schedule": [fields(each, "start duration") for each in one.schedule]}
            for one in period.punishments
        ],
    }


def evaluations(period):
    skill = "level abbreviation coefficient domain name order pillar pillar_prefix"
    return [
        fields(one, "name domain teacher coefficient description paliers date")
        | {"subject": one.subject.name, "skills": [fields(each, skill) for each in one.acquisitions]}
        for one in period.evaluations
    ]


def report(period):
    found = period.report
    if found is None:
        return None
    names = "name color comments class_average student_average min_average max_average coefficient teachers"
    return {"subjects": [fields(one, names) for one in found.subjects], "comments": found.comments}


def menus():
    def foods(part):
        return [[food.name, [[label.name, label.color] for label in food.labels]] for food in part or []]

    parts = ["first_meal", "main_meal", "side_meal", "other_meal", "cheese", "dessert"]
    return [
        fields(menu, "date name is_lunch is_dinner") | {part: foods(getattr(menu, part)) for part in parts}
        for menu in client.menus(FIRST, LAST)
    ]


def news():
    names = "title author read creation_date start_date end_date category survey anonymous_response"
    return [
        fields(one, names) | {"content": one.content(), "files": files(one.attachments())}
        for one in client.information_and_surveys()
    ]


def discussions():
    return [
        fields(one, "subject creator unread closed labels")
        | {
            "participants": sorted(one.participants()),
            "messages": [fields(each, "content author seen created") for each in one.messages],
        }
        for one in client.discussions()
    ]


def people():
    return {
        "staff": [
            fields(one, "name num type") | {"subjects": [fields(each, "name duration") for each in one.subjects]}
            for one in client.get_teaching_staff()
        ],
        "recipients": [fields(one, "name type functions with_discussion") for one in client.get_recipients()],
    }


root, space, child = sys.argv[1:]
if space == "parent":
    client = pronotepy.ParentClient(f"{root}/parent.html", "demonstration", "pronotevs")
    client.set_child(child)
else:
    client = pronotepy.Client(f"{root}/eleve.html", "demonstration", "pronotevs")
facts = {
    "lessons": lessons(),
    "contents": contents(),
    "homework": homework(),
    "menus": menus(),
    "news": news(),
    "discussions": discussions(),
    "people": people(),
    "periods": [fields(one, "name start end") for one in client.periods],
    "current_period": client.current_period.name,
    "by_period": {
        one.name: {
            "marks": marks(one),
            "attendance": attendance(one),
            "evaluations": evaluations(one),
            "report": report(one),
        }
        for one in client.periods
    },
}
sys.stdout.write(json.dumps(facts, default=plain))
