"""The sample answers read as what they say."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from carillon_pronote import pages
from carillon_pronote.errors import NotPublishedError
from carillon_pronote.pages import attendance, timetable
from carillon_pronote.school_year import PeriodKind, read_account, read_school_year
from carillon_pronote.values import Annotation, Mark

PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.fixture(scope="module")
def year(page):
    return read_school_year(page("FonctionParametres"))


def test_the_school_year(year):
    assert (year.first_monday, year.places_per_day, year.places_per_hour) == (date(2026, 8, 31), 20, 2)
    assert year.week_of(date(2026, 8, 31)) == 1
    assert year.week_of(date(2026, 9, 6)) == 1
    assert year.week_of(date(2026, 9, 7)) == 2
    assert year.week_of(date(2027, 1, 4)) == 19
    assert list(year.weeks(date(2026, 11, 23), date(2026, 12, 1))) == [13, 14]
    assert year.monday_of(13) == date(2026, 11, 23)


def test_the_current_period(year):
    assert year.period_of(date(2026, 11, 21)).name == "Trimestre 1"
    assert year.period("Trimestre 2").kind is PeriodKind.TRIMESTER


def test_the_pupil_and_the_parent(page):
    pupil = read_account(page("ParametresUtilisateur.student"))
    assert (pupil.is_pupil, pupil.pupil().name, pupil.pupil().class_name) == (True, "DUPONT Alex", "3A")
    parent = read_account(page("ParametresUtilisateur.parent"))
    assert not parent.is_pupil
    assert next(child.name for child in parent.pupils) == "DUPONT Alex"
    assert not read_account(page("ParametresUtilisateur.teacher")).pupils
    assert pages.school_life.decode_classes(page("ParametresUtilisateur.teacher"))[0].name == "3A"


def test_the_timetable(page, year):
    week = timetable.decode(page("PageEmploiDuTemps"), year, PARIS)
    first, second = week.lessons[:2]
    assert (first.start, first.end) == (at("2026-11-23T08:00"), at("2026-11-23T09:00"))
    assert (first.subject.name, first.teachers, first.rooms, first.groups) == (
        "MATHEMATIQUES",
        ("MARTIN P.",),
        ("101",),
        ("[3ALV2GR1]",),
    )
    assert first.test
    assert (second.cancelled, second.status, second.teacher_away) == (True, "Prof. absent", True)
    assert week.ical_token == "ICALTOKEN"
    assert any(lesson.detention for lesson in week.lessons)
    assert any(lesson.outing for lesson in week.lessons)
    assert pages.timetable.top_lessons(week.lessons)


def test_homework_and_contents(page):
    (homework, *_) = pages.homework.decode(page("PageCahierDeTexte.88"))
    assert (homework.due, homework.given, homework.done) == (date(2026, 11, 26), date(2026, 11, 23), False)
    assert homework.attachments[0].name == "Exercices chapitre 3.pdf"
    (content, *_) = pages.lesson_contents.decode(page("PageCahierDeTexte.89"), PARIS)
    assert content.start == at("2026-11-23T08:00")
    assert (content.contents[0].title, content.contents[0].category.name) == ("Théorème", "Cours")


def test_marks(page):
    marks = pages.marks.decode(page("DernieresNotes"))
    assert marks.overall == Mark("14,52")
    assert marks.grades[0].mark.value == Decimal("15.5")
    assert marks.grades[1].mark.annotation is Annotation.ABSENT
    assert marks.grades[0].subject_file.name == "sujet.pdf"
    assert marks.subjects[0].highest.value == Decimal("18.50")


def test_the_report_and_one_that_is_not_published(page):
    report = pages.reports.decode(page("PageBulletins"))
    assert (report.overall.text, report.subjects[0].teachers) == ("14,52", ("M. MARTIN Paul",))
    assert report.comments[0].comment == "Bon trimestre."
    with pytest.raises(NotPublishedError, match="pas encore"):
        pages.reports.decode({"Message": "Le bulletin n'est pas encore publié"})


def test_evaluations(page):
    (evaluation, *_) = pages.evaluations.decode(page("DernieresEvaluations"))
    assert (evaluation.name, evaluation.teacher, evaluation.on) == (
        "Évaluation orale",
        "Mme PETIT Anne",
        date(2026, 10, 6),
    )
    assert (evaluation.levels[0].short, evaluation.levels[0].prefixes) == ("A+", ("D1.2",))


def test_attendance(page):
    found = attendance.decode(page("PagePresence"), PARIS)
    assert (found.absences[0].start, found.absences[0].reasons) == (at("2026-10-05T08:00"), ("Maladie",))
    assert (found.delays[0].minutes, found.delays[0].reasons) == (10, ("Transport",))
    assert (found.punishments[0].detention, found.punishments[0].schedule[0].minutes) == (True, 60)
    assert (found.observations[0].kind, found.observations[0].giver_is_head_teacher) == (1, True)
    assert (found.totals[0].attended_seconds, found.totals[0].missed_seconds) == (36000, 3600)


def test_an_event_without_kind_is_told_by_its_page():
    raw = {
        "listeAbsences": {"_T": 24, "V": [{"N": "1", "page": {"Absence": 45}}, {"N": "2", "G": 21, "L": "Infirmerie"}]}
    }
    found = attendance.decode(raw, PARIS)
    assert [one.id for one in found.observations] == ["1"]
    assert [(one.kind, one.name) for one in found.others] == [(21, "Infirmerie")]


def test_news_and_its_questions(page):
    (item, *_) = pages.news.decode(page("PageActualites.list"), PARIS)
    assert (item.title, item.author, item.category, item.read) == ("Réunion parents", "Mme DURAND C.", "Divers", False)
    (question,) = pages.news.decode_detail(page("PageActualites.detail"))
    assert [choice.text for choice in question.choices] == ["Oui", "Non"]
    assert not question.answer.given


def test_menus(page):
    week = pages.menus.decode(page("PageMenus"))
    meal = week.days[0].meals[0]
    assert (week.days[0].on, meal.kind, meal.dishes[0].foods[0].name) == (date(2026, 11, 23), 0, "Carottes râpées")
    assert meal.dishes[0].foods[0].labels[0].name == "Bio"


def test_discussions(page):
    (discussion,) = pages.discussions.decode_discussions(page("ListeMessagerie"))
    assert (discussion.subject, discussion.unread, len(discussion.possessions)) == ("Sortie scolaire", 1, 2)
    thread = pages.discussions.decode_thread(page("ListeMessages"), PARIS)
    first, second = thread.messages
    assert (first.reply_to, first.own, first.sent) == ("", False, at("2026-11-20T10:12"))
    assert (second.reply_to, second.own, second.content) == (first.id, True, "Merci")


def test_people_and_places(page):
    teachers = pages.recipients.decode(page("ListeRessourcesPourCommunication.3"))
    staff = pages.recipients.decode(page("ListeRessourcesPourCommunication.34"))
    assert (teachers[0].head_teacher, teachers[0].subjects[0].subject.name) == (True, "MATHEMATIQUES")
    assert (staff[0].role, staff[0].kind) == ("CPE", 34)
    known = pages.personal_information.decode(page("PageInfosPerso"))
    assert (known.city, known.ine, known.calendars[0].token) == ("EXEMPLE", "001", "ICALTOKEN")
    team = pages.teaching_staff.decode(page("PageEquipePedagogique"))
    assert team[0].subjects[0].hours == "3h30"
    assert pages.school_life.decode_pupils(page("ListeRessources"))[0].options == ("LATIN",)
    assert pages.school_life.decode_record(page("FicheEleve")).guardians[0].relation == "MERE"
    files = pages.resources.decode(page("RessourcePedagogique"))
    assert [(one.attachment.name, one.subject) for one in files] == [
        ("Fiche.pdf", "MATHEMATIQUES"),
        ("Vidéo", "MATHEMATIQUES"),
    ]
    home = pages.home_page.decode(page("PageAccueil"))
    assert ([one.code for one in home.partners], home.wallets[0].balance) == (["TURBOSELF", "ARD"], "12,50 €")


def test_all_of_the_parameters_and_of_the_account(page):
    parameters = pages.parameters.decode(page("FonctionParametres"), PARIS)
    assert parameters.site.establishment == "COLLEGE EXEMPLE"
    assert parameters.site.server_time == at("2026-11-21T12:00")
    assert parameters.grid.working_half_days == ((0, 1, 2, 3, 4), (0, 1, 3, 4))
    assert [hour.round for hour in parameters.grid.hours[:2]] == [True, False]
    assert parameters.assessment.levels[0].weighting == 50
    parent = pages.user.decode(page("ParametresUtilisateur.parent"), PARIS)
    assert (parent.password_length, parent.rights.visible_weeks[-1]) == ((8, 64), 44)
    assert parent.pupils[0].tab_periods[0].default.name == "Trimestre 1"
    assert parent.absence_reasons[0].name == "Maladie"
    assert parent.establishments[0].address == ("1 rue des Tests",)
