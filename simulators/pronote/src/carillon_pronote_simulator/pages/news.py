"""`PageActualites` and `SaisieActualites` (PAGES.md)."""

import zlib
from typing import Any

from carillon_pronote_simulator.errors import foreign_object
from carillon_pronote_simulator.pages.call import STAFF, Call
from carillon_pronote_simulator.pages.files import attachment_element
from carillon_pronote_simulator.school.communication import MANY_CHOICES, News, Question
from carillon_pronote_simulator.typed import Json, datetime_value, html_value, list_value, object_value

_NEWS, _QUESTION, _CHOICE, _CATEGORY = 56, 57, 58, 59


def news(call: Call) -> Json:
    """The list of news, or the questions of one piece when the data name it."""
    if call.data.get("genreRequeteActualite") == 1 or "actualite" in call.data:
        item = _named(call, call.data.get("actualite"))
        questions = [_question(call, item, each, rank) for rank, each in enumerate(item.questions, start=1)]
        return {"detailsActualite": {"N": call.number(_NEWS, item.key), "listeQuestions": list_value(questions)}}
    items = [each for each in call.school.news if call.account.key not in each.deleted_by]
    categories = [
        {"L": name, "N": call.number(_CATEGORY, name), "estDefaut": not rank}
        for rank, name in enumerate(dict.fromkeys(item.category for item in call.school.news))
    ]
    return {
        "listeCategories": list_value(categories),
        "listeNatures": list_value(categories),
        "listeModesAff": [{"G": 0, "listeActualites": list_value(_news(call, item) for item in items)}],
    }


def _named(call: Call, element: Any) -> News:
    key = call.session.key_of(element)
    found = next((each for each in call.school.news if each.key == key), None)
    if found is None:
        raise foreign_object()
    return found


def _news(call: Call, item: News) -> Json:
    author = {"L": item.author_name, "N": call.number(STAFF, item.author_key), "G": STAFF}
    category = {"L": item.category, "N": call.number(_CATEGORY, item.category)}
    entry: Json = {
        "N": call.number(_NEWS, item.key),
        "L": item.title,
        "auteur": item.author_name,
        "elmauteur": object_value(author),
        "categorie": object_value(category),
        "nature": object_value(category),
        "public": object_value(_public(call)),
        "genrePublic": 4,
        "dateCreation": datetime_value(item.created),
        "dateDebut": datetime_value(item.created.replace(hour=0)),
        "dateFin": datetime_value(item.shown_until),
        "lue": call.account.key in item.read_by,
        "estInformation": not item.is_survey,
        "estSondage": item.is_survey,
        "reponseAnonyme": item.anonymous,
        "estAuteur": item.author_key == call.account.key,
    }
    if call.era.questions_in_news_list:
        entry["listeQuestions"] = list_value(
            _question(call, item, each, rank) for rank, each in enumerate(item.questions, start=1)
        )
    return entry


def _public(call: Call) -> Json:
    if call.account.pupils:
        pupil = call.pupil()
        return call.member(pupil)
    return call.element(STAFF, call.account.key, call.account.name)


def _question(call: Call, item: News, question: Question, rank: int) -> Json:
    answered = item.answers.get((call.account.key, question.key))
    maximum = len(question.choices) if question.kind == MANY_CHOICES else 0
    return {
        "N": call.number(_QUESTION, question.key),
        "L": question.title,
        "titre": question.title,
        "rang": rank,
        "genreReponse": question.kind,
        "tailleReponse": 200,
        "avecMaximum": maximum > 0,
        "nombreReponsesMax": maximum,
        "nombreReponseMax": maximum,
        "texte": html_value(question.html),
        "listePiecesJointes": list_value(attachment_element(call, each) for each in question.attachments),
        "listeChoix": list_value(
            {"N": call.number(_CHOICE, f"{question.key}-{number}"), "L": choice, "rang": number}
            for number, choice in enumerate(question.choices, start=1)
        ),
        "reponse": object_value(
            {
                "N": str(zlib.crc32(f"{call.account.key}:{question.key}".encode())),
                "avecReponse": answered is not None,
                "estReponseAttendue": True,
                "valeurReponse": "" if answered is None else answered,
            }
        ),
    }


def save_news(call: Call) -> Json:
    """Mark as read or unread, delete, acknowledge and answer.

    Some clients leave out the number of an element; it is then recognised by its title.
    """
    for element in call.data.get("listeActualites") or []:
        item = _named(call, element) if element.get("N") else _titled(call, element.get("L"))
        if item is None:
            continue
        reader = call.account.key
        if element.get("supprimee") is True:
            item.deleted_by.add(reader)
        if element.get("lue") is False:
            item.read_by.discard(reader)
        else:
            item.read_by.add(reader)
        for question in element.get("listeQuestions") or []:
            _save_answer(call, item, question)
    return {}


def _titled(call: Call, title: Any) -> News | None:
    return next((each for each in call.school.news if each.title == title), None)


def _save_answer(call: Call, item: News, element: Json) -> None:
    answer = element.get("reponse") or {}
    number = element.get("N")
    key = call.session.key_of(element) if number else item.questions[0].key
    if key not in {question.key for question in item.questions}:
        raise foreign_object()
    free = answer.get("valeurReponseLibre")
    item.answers[call.account.key, str(key)] = free or answer.get("valeurReponse", "")
