"""Writing discussions: `SaisieMessage` in all its forms (PAGES.md)."""

from collections.abc import Callable
from datetime import timedelta

from carillon_pronote_simulator.errors import access_denied, page_unavailable
from carillon_pronote_simulator.pages.call import Call
from carillon_pronote_simulator.pages.discussions import of_message, possessed, visible
from carillon_pronote_simulator.school.communication import BIN, DRAFT, Discussion, Message
from carillon_pronote_simulator.school.model import Attachment
from carillon_pronote_simulator.typed import Json, untyped


def save_message(call: Call) -> Json:
    """Carry out a command on discussions, reply, start a discussion, or keep a draft."""
    command = call.data.get("commande")
    if command and command != "brouillon":
        _command(call, str(command))
    elif call.session.key_of(call.data.get("messagePourReponse")) is not None:
        _reply(call)
    else:
        _create(call, draft=command == "brouillon")
    return {}


def _command(call: Call, command: str) -> None:
    me = call.account.key
    if command == "viderCorbeille":
        for discussion in visible(call):
            if discussion.folders.get(me) == BIN:
                discussion.gone_for.add(me)
        return
    carry_out = _COMMANDS.get(command)
    if carry_out is None:
        raise page_unavailable(f"SaisieMessage {command}")
    carry_out(call, possessed(call))


def _mark_read(call: Call, discussion: Discussion) -> None:
    for message in discussion.messages:
        (message.read_by.add if call.data.get("lu") else message.read_by.discard)(call.account.key)


def _put_into_bin(call: Call, discussion: Discussion) -> None:
    discussion.folders[call.account.key] = BIN


def _restore(call: Call, discussion: Discussion) -> None:
    discussion.folders.pop(call.account.key, None)


def _remove(call: Call, discussion: Discussion) -> None:
    discussion.gone_for.add(call.account.key)


def _open_or_close(call: Call, discussion: Discussion) -> None:
    if discussion.messages[0].author != call.account.key:
        raise access_denied()
    discussion.closed = not call.data.get("ouvrir")


def _rename(call: Call, discussion: Discussion) -> None:
    discussion.subject = str(call.data.get("objet") or "")


_COMMANDS: dict[str, Callable[[Call, Discussion], None]] = {
    "pourLu": _mark_read,
    "corbeille": _put_into_bin,
    "restauration": _restore,
    "suppression": _remove,
    "purger": _remove,
    "pourOuvrirFermer": _open_or_close,
    "modificationObjetDiscussion": _rename,
}


def _text(call: Call) -> tuple[str, bool]:
    content = call.data.get("contenu")
    return str(untyped(content) or ""), isinstance(content, dict)


def _message(call: Call, key: str, source: str | None, recipients: tuple[str, ...], after: int) -> Message:
    """A message of the account; its time is that of the simulated day, a second later for each before it."""
    text, html = _text(call)
    return Message(
        key=key,
        author=call.account.key,
        sent=call.school.now + timedelta(seconds=after),
        text=text,
        html=html,
        source=source,
        recipients=recipients,
        attachments=_attachments(call, key),
        read_by={call.account.key},
    )


def _attachments(call: Call, key: str) -> tuple[Attachment, ...]:
    attachments = []
    for number, element in enumerate(call.data.get("listeFichiers") or []):
        uploaded = call.session.uploads.pop(str(element.get("idFichier")), None)
        if uploaded is None:
            raise page_unavailable(call.function)
        attachments.append(Attachment(f"file-{key}-{number}", str(element.get("L") or uploaded[0]), uploaded[1]))
    call.school.keep(*attachments)
    return tuple(attachments)


def _reply(call: Call) -> None:
    source = call.session.key_of(call.data.get("messagePourReponse"))
    discussion = of_message(call, {source})
    if discussion.closed:
        raise access_denied()
    count = len(discussion.messages)
    others = tuple(key for key in discussion.participants if key != call.account.key)
    key = f"{discussion.key}-reply-{count}"
    discussion.messages.append(_message(call, key, source, others, count))
    if discussion.folders.get(call.account.key) == DRAFT:
        del discussion.folders[call.account.key]


def _create(call: Call, *, draft: bool) -> None:
    """Start a discussion; a draft has no reader yet."""
    people = call.school.people
    known = {each.key: each.name for each in people.teachers} | {each.key: each.name for each in people.staff}
    chosen = [call.session.key_of(each) for each in call.data.get("listeDestinataires") or []]
    recipients = tuple(key for key in chosen if key is not None and key in known)
    if not recipients and not draft:
        raise page_unavailable(call.function)
    number = len(call.school.discussions)
    participants = {call.account.key: call.account.name} | {key: known[key] for key in recipients}
    message = _message(call, f"discussion-{number}-first", None, recipients, 0)
    discussion = Discussion(f"discussion-{number}", str(call.data.get("objet") or ""), participants, [message])
    if draft:
        discussion.folders[call.account.key] = DRAFT
        discussion.gone_for.update(recipients)
    call.school.discussions.append(discussion)
