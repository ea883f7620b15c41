"""Reading discussions: list, messages, participants, possible recipients (PAGES.md)."""

from datetime import datetime

from carillon_pronote_simulator.errors import foreign_object
from carillon_pronote_simulator.pages.call import GUARDIAN, PUPIL, STAFF, SUBJECT, TEACHER, Call
from carillon_pronote_simulator.pages.files import attachment_element
from carillon_pronote_simulator.school.communication import BIN, DRAFT, Discussion, Message
from carillon_pronote_simulator.typed import Json, datetime_value, html_value, list_value, object_value

_LABEL, MESSAGE, _POSSESSION = 80, 92, 93
_FOLDERS = ((1, "Réception"), (3, "Envoyés"), (DRAFT, "Brouillon"), (BIN, "Corbeille"))
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_KINDS = {"pupil": PUPIL, "guardian": GUARDIAN, "teacher": TEACHER, "staff": STAFF}
_ROLES = {"pupil": "Élève", "guardian": "Responsable", "teacher": "Professeur", "staff": "Personnel"}


def visible(call: Call) -> list[Discussion]:
    """The discussions of the account, the newest first."""
    mine = [
        each
        for each in call.school.discussions
        if call.account.key in each.participants and call.account.key not in each.gone_for and each.messages
    ]
    return sorted(mine, key=lambda each: each.messages[-1].sent, reverse=True)


def discussions(call: Call) -> Json:
    """The list of discussions; only those with something unread when `avecLu` is false."""
    listed = [each for each in visible(call) if call.data.get("avecLu") is not False or unread(call, each)]
    return {
        "listeEtiquettes": list_value(
            {"L": label, "N": call.number(_LABEL, str(kind)), "G": kind} for kind, label in _FOLDERS
        ),
        "listeMessagerie": list_value(_discussion(call, each) for each in listed),
    }


def unread(call: Call, discussion: Discussion) -> int:
    """How many messages the account has not read."""
    return sum(call.account.key not in message.read_by for message in discussion.messages)


def _discussion(call: Call, discussion: Discussion) -> Json:
    first = discussion.messages[0]
    others = {key: name for key, name in discussion.participants.items() if key != call.account.key}
    folder = discussion.folders.get(call.account.key)
    labels = [] if folder is None else [{"N": call.number(_LABEL, str(folder)), "G": folder}]
    row = {
        "estUneDiscussion": True,
        "profondeur": 0,
        "objet": discussion.subject,
        "public": ", ".join(others.values()),
        "nombreMessages": len(discussion.messages),
        "nbNonLus": unread(call, discussion),
        "nbPublic": len(discussion.participants),
        "lu": not unread(call, discussion),
        "libelleDate": date_label(discussion.messages[-1].sent, call.school.now),
        "destinatairesMessage": list_value(_person(call, key, name) for key, name in others.items()),
        "listePossessionsMessages": list_value(
            {"N": call.number(_POSSESSION, message.key)} for message in discussion.messages
        ),
        "messagePourParticipants": object_value({"N": call.number(MESSAGE, first.key)}),
        "listeEtiquettes": list_value(labels),
        "ferme": discussion.closed,
    }
    # A discussion one has started oneself shows no initiator.
    return row if first.author == call.account.key else row | {"initiateur": discussion.participants[first.author]}


def date_label(sent: datetime, now: datetime) -> str:
    """When the last message came, in the shortest form the official list uses."""
    days = (now.date() - sent.date()).days
    if days == 0:
        return f"{sent:%Hh%M}"
    return f"{_DAYS[sent.weekday()]} {sent:%Hh%M}" if 0 < days < 7 else f"{sent:%d/%m/%Y}"


def _person(call: Call, key: str, name: str) -> Json:
    return call.element(_KINDS[key.split("-", maxsplit=1)[0]], key, name)


def possessed(call: Call) -> Discussion:
    """The discussion whose messages are named.

    Raises:
        PronoteError: kind 22, no such message of this account.
    """
    keys = {call.session.key_of(each) for each in call.data.get("listePossessionsMessages") or []}
    keys.add(call.session.key_of(call.data.get("message")))
    keys.discard(None)
    return of_message(call, keys)


def of_message(call: Call, keys: set[str | None]) -> Discussion:
    """The discussion that holds one of the messages.

    Raises:
        PronoteError: kind 22, no such message of this account.
    """
    for discussion in visible(call):
        if keys & {message.key for message in discussion.messages}:
            return discussion
    raise foreign_object()


def messages(call: Call) -> Json:
    """The messages of one discussion, and what is needed to reply unless it is closed."""
    discussion = possessed(call)
    if call.data.get("marquerCommeLu") is True:
        for message in discussion.messages:
            message.read_by.add(call.account.key)
    draft = discussion.folders.get(call.account.key) == DRAFT
    answer: Json = {
        "listeMessages": list_value(_message(call, discussion, each, draft=draft) for each in discussion.messages)
    }
    if discussion.closed:
        return answer | {"listeBoutons": list_value([])}
    last = discussion.messages[-1]
    asked = call.session.key_of(call.data.get("message"))
    target = next((each for each in discussion.messages if each.key == asked), last)
    buttons = [{"L": "Envoyer", "N": "0", "G": 0}]
    if len(discussion.participants) > 2:
        buttons.append({"L": "Envoyer à tous", "N": "0", "G": 2})
    return answer | {
        "messagePourReponse": object_value({"N": call.number(MESSAGE, target.key), "G": 0}),
        "listeBoutons": list_value(buttons),
    }


def _message(call: Call, discussion: Discussion, message: Message, *, draft: bool) -> Json:
    mine = message.author == call.account.key
    me = {"name": "Moi", "hint": "Moi"}
    author = me if mine else _shown(discussion, message.author)
    others = [_shown(discussion, key) for key in message.recipients if key != call.account.key]
    recipient = others[0] if mine and others else me
    entry: Json = {
        "N": call.number(MESSAGE, message.key),
        "possessionMessage": object_value({"N": call.number(_POSSESSION, message.key)}),
        "messageSource": object_value({"N": "0" if message.source is None else call.number(MESSAGE, message.source)}),
        "public_gauche": author["name"],
        "hint_gauche": author["hint"],
        "public_droite": recipient["name"],
        "hint_droite": recipient["hint"],
        "emetteur": mine,
        "lu": call.account.key in message.read_by,
        "date": datetime_value(message.sent),
        "estHTML": message.html,
        "contenu": html_value(message.text) if message.html else message.text,
        "listeDocumentsJoints": list_value(attachment_element(call, each) for each in message.attachments),
        "nbPublic": len(message.recipients),
    }
    return entry | {"brouillon": object_value({"N": call.number(94, message.key)})} if draft else entry


def _shown(discussion: Discussion, key: str) -> dict[str, str]:
    return {"name": discussion.participants[key], "hint": _ROLES[key.split("-", maxsplit=1)[0]]}


def participants(call: Call) -> Json:
    """Everybody in a discussion, or the recipients of one message."""
    key = call.session.key_of(call.data.get("message"))
    discussion = of_message(call, {key})
    message = next(each for each in discussion.messages if each.key == key)
    keys = discussion.participants if call.data.get("estPublicParticipant") is True else message.recipients
    return {"listeDest": list_value(_person(call, each, discussion.participants[each]) for each in keys)}


def recipients(call: Call) -> Json:
    """Teachers (kind 3) or staff (kind 34) who can be written to."""
    tab = call.data.get("onglet") or {}
    everybody = call.school.people
    if tab.get("G") == STAFF:
        listed = [
            call.member(
                each,
                P=rank,
                avecDiscussion=True,
                fonction=object_value({"L": each.function, "N": call.number(35, each.function)}),
            )
            for rank, each in enumerate(everybody.staff, start=1)
        ]
    else:
        listed = [
            call.member(
                each,
                P=rank,
                avecDiscussion=True,
                estPrincipal=rank == 1,
                email=f"{each.key}@example.org",
                listeRessources=list_value(
                    {**call.subject(subject), "G": SUBJECT, "estUneSousMatiere": False, "libelleMatiere": ""}
                    for subject in each.subjects
                ),
            )
            for rank, each in enumerate(everybody.teachers, start=1)
        ]
    return {"listeRessourcesPourCommunication": list_value(listed)}
