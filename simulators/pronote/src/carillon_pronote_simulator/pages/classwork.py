"""`PageCahierDeTexte`, `donneesContenusCDT`, ticking and handing in homework, and teaching files (PAGES.md)."""

from carillon_pronote_simulator.errors import access_denied, foreign_object, page_unavailable
from carillon_pronote_simulator.pages.call import CONTENT_BOOK, LESSON, SUBJECT, Call
from carillon_pronote_simulator.pages.files import attachment_element
from carillon_pronote_simulator.school.model import Attachment, Homework, LessonContent, Pupil
from carillon_pronote_simulator.typed import (
    Json,
    date_value,
    datetime_value,
    html_value,
    list_value,
    object_value,
    read_numbers,
)

HOMEWORK_TAB, CONTENTS_TAB = 88, 89
_HOMEWORK = 45


def text_book(call: Call) -> Json:
    """Homework on tab 88, contents of lessons on tab 89, of the weeks asked for."""
    pupil = call.pupil()
    weeks = read_numbers(call.data.get("domaine")) or {call.school.year.week_of(call.school.today)}
    if call.tab == HOMEWORK_TAB:
        return {
            "ListeTravauxAFaire": list_value(
                homework_element(call, work, pupil)
                for work in call.school.homework
                if work.given_in.concerns(pupil) and call.school.year.week_of(work.due) in weeks
            )
        }
    return {
        "ListeCahierDeTextes": list_value(
            _content(call, content)
            for content in call.school.contents
            if content.lesson.concerns(pupil) and call.school.year.week_of(content.lesson.start.date()) in weeks
        ),
        **_no_further_resources(),
    }


def _no_further_resources() -> Json:
    return {
        "ListeRessourcesPedagogiques": object_value(
            {"listeRessources": list_value([]), "listeMatieres": list_value([])}
        ),
        "ListeRessourcesNumeriques": object_value({"listeRessources": list_value([])}),
    }


def homework_element(call: Call, work: Homework, pupil: Pupil) -> Json:
    """One piece of homework as the pupil sees it."""
    subject = work.given_in.subject
    element: Json = {
        "N": call.number(_HOMEWORK, work.key),
        "descriptif": html_value(work.html),
        "PourLe": date_value(work.due),
        "DonneLe": date_value(work.given_in.start.date()),
        "TAFFait": pupil.key in work.done,
        "niveauDifficulte": work.difficulty,
        "duree": work.minutes,
        "cours": object_value({"N": call.number(LESSON, work.given_in.key)}),
        "cahierDeTextes": object_value({"N": call.number(CONTENT_BOOK, f"content-{work.given_in.key}")}),
        "Matiere": object_value(call.subject(subject)),
        "CouleurFond": subject.colour,
        "ListePieceJointe": list_value(attachment_element(call, each) for each in work.attachments),
        "nomPublic": work.given_in.audience.name,
        "ListeThemes": list_value([_theme(call, work)]),
        "genreRendu": work.hand_in,
        "peuRendre": work.hand_in == 2,
        "libelleCBTheme": "Matière et thèmes associés",
    }
    handed_in = work.handed_in.get(pupil.key)
    if handed_in is not None:
        element["documentRendu"] = object_value(attachment_element(call, handed_in))
    return element


def _theme(call: Call, work: Homework) -> Json:
    subject = work.given_in.subject
    return {
        "N": call.number(60, subject.key),
        "L": subject.name.title(),
        "Matiere": object_value(call.subject(subject)),
    }


def _content(call: Call, content: LessonContent) -> Json:
    lesson = content.lesson
    following = next((work for work in call.school.homework if work.given_in is lesson), None)
    kind, category = content.category
    element: Json = {
        "N": call.number(CONTENT_BOOK, content.key),
        "cours": object_value({"N": call.number(LESSON, lesson.key)}),
        "verrouille": False,
        "listeGroupes": list_value([]),
        "Matiere": object_value(call.subject(lesson.subject)),
        "CouleurFond": lesson.subject.colour,
        "listeProfesseurs": list_value(call.member(each) for each in lesson.teachers),
        "Date": datetime_value(lesson.start),
        "DateFin": datetime_value(lesson.end),
        "listeContenus": list_value(
            [
                {
                    "N": call.number(77, content.key),
                    "L": content.title,
                    "descriptif": html_value(content.html),
                    "categorie": object_value({"G": kind, "L": category, "N": call.number(78, category)}),
                    "parcoursEducatif": -1,
                    "ListePieceJointe": list_value(attachment_element(call, each) for each in content.attachments),
                    "ListeThemes": list_value([]),
                    "training": object_value({"ListeExecutionsQCM": []}),
                }
            ]
        ),
        "listeElementsProgrammeCDT": list_value([]),
    }
    if following is not None:
        element["dateTAF"] = date_value(following.due)
    return element


def content_details(call: Call) -> Json:
    """The contents of one lesson, with the homework given in it when asked."""
    pupil = call.pupil()
    key = call.session.key_of(call.data.get("cahierDeTextes"))
    content = next((each for each in call.school.contents if each.key == key), None)
    if content is None or not content.lesson.concerns(pupil):
        raise foreign_object()
    element = _content(call, content)
    if call.data.get("pourTAF") is True:
        element["ListeTravailAFaire"] = list_value(
            homework_element(call, work, pupil) for work in call.school.homework if work.given_in is content.lesson
        )
    return {"ListeCahierDeTextes": list_value([element]), **_no_further_resources()}


def _homework(call: Call, element: object) -> Homework:
    key = call.session.key_of(element)
    work = next((each for each in call.school.homework if each.key == key), None)
    if work is None or not work.given_in.concerns(call.pupil()):
        raise foreign_object()
    return work


def tick_homework(call: Call) -> Json:
    """Mark homework done or not done; only pupils may."""
    if call.account.kind != "pupil":
        raise access_denied()
    for element in call.data.get("listeTAF") or []:
        done = _homework(call, element).done
        if element.get("TAFFait") is True:
            done.add(call.pupil().key)
        else:
            done.discard(call.pupil().key)
    return {}


def hand_in(call: Call) -> Json:
    """Attach an uploaded file to homework, or take it back."""
    if call.account.kind != "pupil":
        raise access_denied()
    pupil = call.pupil()
    for element in call.data.get("listeFichiers") or []:
        work = _homework(call, element.get("TAF"))
        if element.get("E") == 3:
            work.handed_in.pop(pupil.key, None)
            continue
        uploaded = call.session.uploads.pop(str(element.get("idFichier")), None)
        if uploaded is None or work.hand_in != 2:
            raise page_unavailable(call.function)
        attachment = Attachment(f"upload-{work.key}-{pupil.key}", str(element.get("L") or uploaded[0]), uploaded[1])
        call.school.keep(attachment)
        work.handed_in[pupil.key] = attachment
    return {}


def teaching_files(call: Call) -> Json:
    """The files of all lessons of a pupil, by subject."""
    pupil = call.pupil()
    contents = [each for each in call.school.contents if each.attachments and each.lesson.concerns(pupil)]
    subjects = {content.lesson.subject for content in contents}
    return {
        "listeMatieres": list_value(call.subject(subject) for subject in sorted(subjects, key=lambda each: each.name)),
        "listeRessources": list_value(
            {
                "date": date_value(content.lesson.start.date()),
                "matiere": object_value({**call.subject(content.lesson.subject), "G": SUBJECT}),
                "ressource": object_value(attachment_element(call, attachment)),
            }
            for content in contents
            for attachment in content.attachments
        ),
    }
