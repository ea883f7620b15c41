"""`PageEmploiDuTemps` and the weeks that have lessons (PAGES.md)."""

from datetime import date, timedelta

from carillon_pronote_simulator.errors import access_denied
from carillon_pronote_simulator.pages.call import CONTENT_BOOK, LESSON, SUBJECT, Call
from carillon_pronote_simulator.school.model import Group, Lesson, Pupil
from carillon_pronote_simulator.school.school import Resource
from carillon_pronote_simulator.school.timetable import place_of
from carillon_pronote_simulator.typed import (
    Json,
    datetime_value,
    domain_value,
    list_value,
    object_value,
    read_datetime,
    read_numbers,
    untyped,
)


def timetable(call: Call) -> Json:
    """The lessons of a week, of several weeks, or between two days."""
    resource = viewed_resource(call)
    lessons = [lesson for first, last in asked_days(call) for lesson in call.school.lessons_of(resource, first, last)]
    return {
        "avecCoursAnnule": any(lesson.cancelled for lesson in lessons),
        "avecExportICal": True,
        "ParametreExportiCal": call.school.calendar_token(resource.key),
        "ListeCours": [_lesson(call, lesson, resource) for lesson in lessons],
        "absences": {
            "listeAbsences": list_value([]),
            "listeRetards": list_value([]),
            "listePunitions": list_value([]),
            "joursCycle": list_value(
                {"jourCycle": day.weekday(), "numeroSemaine": call.school.year.week_of(day), "DP": True}
                for day in sorted({lesson.start.date() for lesson in lessons})
            ),
        },
        "recreations": list_value([{"L": "Récréation matin", "N": "0", "place": 4}]),
        "prefsGrille": {"genreRessource": 4},
    }


def filled_weeks(call: Call) -> Json:
    """The weeks and days of the year on which the resource has lessons."""
    year = call.school.year
    days = {
        lesson.start.date() for lesson in call.school.lessons_of(viewed_resource(call), year.first_day, year.last_day)
    }
    return {
        "Domaine": domain_value({year.week_of(day) for day in days}),
        "joursPresence": domain_value({(day - year.first_monday).days + 1 for day in days}),
    }


def viewed_resource(call: Call) -> Resource:
    """Whose timetable is asked for: staff may see everybody's, others their own or their children's.

    Raises:
        PronoteError: kind 3 when the account may not see it, 22 for a number of another session.
    """
    account = call.account
    if not account.is_staff:
        return call.pupil()
    asked = call.session.key_of(call.anycase("ressource")) or account.key
    resource = call.school.resource(asked)
    if resource is None:
        # School life staff have no lessons of their own; they start with the first class.
        if asked == account.key:
            return call.school.people.classes[0]
        raise access_denied()
    return resource


def asked_days(call: Call) -> list[tuple[date, date]]:
    """First and last days asked for, by week number, by domain of weeks, or by dates; else the current week."""
    year = call.school.year
    week = untyped(call.anycase("numeroSemaine"))
    first = read_datetime(call.anycase("dateDebut"))
    if isinstance(week, int) and not isinstance(week, bool):
        weeks = {week}
    elif first is not None:
        last = read_datetime(call.anycase("dateFin")) or first
        return [(first.date(), last.date())]
    else:
        weeks = read_numbers(call.anycase("domaine")) or {year.week_of(call.school.today)}
    return [(year.monday_of(week), year.monday_of(week) + timedelta(days=6)) for week in sorted(weeks) if week > 0]


def _lesson(call: Call, lesson: Lesson, resource: Resource) -> Json:
    place = place_of(lesson.start)
    places = int((lesson.end - lesson.start).total_seconds()) // 1800
    entry: Json = {
        "N": call.number(LESSON, lesson.key),
        "G": 0,
        "P": lesson.layer + 1,
        "place": place,
        "duree": places,
        "DateDuCours": datetime_value(lesson.start),
        "DateDuCoursFin": datetime_value(lesson.end),
        "CouleurFond": lesson.subject.colour,
        "ListeContenus": list_value(_contents(call, lesson, resource)),
    }
    if lesson.status is not None:
        entry["Statut"] = lesson.status
    if lesson.cancelled:
        entry["estAnnule"] = True
    if lesson.memo is not None:
        entry["memo"] = lesson.memo
    if lesson.video_address is not None:
        entry["listeVisios"] = list_value([{"L": "Visio", "url": lesson.video_address}])
    if isinstance(resource, Pupil) and resource.key in lesson.exempted:
        entry["dispenseEleve"] = object_value({"maison": False, "commentaire": "Dispense d'activité"})
    _add_written_work(call, lesson, entry)
    if lesson.kind == "detention":
        entry["estRetenue"] = True
    if lesson.kind == "outing":
        entry |= {
            "estSortiePedagogique": True,
            "motif": lesson.subject.name,
            "accompagnateurs": [teacher.name for teacher in lesson.teachers],
            "strGenreRess": "Classe",
            "strRess": lesson.audience.name,
        }
    return entry


def _add_written_work(call: Call, lesson: Lesson, entry: Json) -> None:
    """Say whether the lesson has contents or homework, and whether a test is planned."""
    entry["AvecTafPublie"] = lesson.key in call.school.with_homework
    written = lesson.key in call.school.with_content
    entry["AvecCdT"] = written
    if written or lesson.test:
        number = call.number(CONTENT_BOOK, f"content-{lesson.key}")
        entry["cahierDeTextes"] = object_value({"N": number, "estDevoir": lesson.test})


def _contents(call: Call, lesson: Lesson, resource: Resource) -> list[Json]:
    title = call.element(SUBJECT, lesson.subject.key, lesson.subject.name)
    if lesson.kind == "detention":
        # pronote-api takes the first three contents of a detention for title, supervisor and room.
        title = {"L": lesson.subject.name, "estHoraire": True}
    contents = [title]
    contents += [call.member(teacher) for teacher in lesson.teachers]
    contents += [call.member(room) for room in lesson.rooms]
    if isinstance(lesson.audience, Group) or not isinstance(resource, Pupil):
        contents.append(call.member(lesson.audience))
    return contents
