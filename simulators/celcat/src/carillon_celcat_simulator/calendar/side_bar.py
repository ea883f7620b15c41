"""`GetSideBarEvent`: all resources of one event, uncut (FORMATS.md section 3.5)."""

from datetime import datetime
from typing import Any

from carillon_celcat_simulator.calendar.selection import ResourceType
from carillon_celcat_simulator.model.academic_year import Holiday
from carillon_celcat_simulator.model.timetable import Meeting, Timetable

_NONE = 0


def side_bar(timetable: Timetable, subject: Meeting | Holiday | None) -> dict[str, Any]:
    """The answer for a meeting, a holiday, or an id that names none: no elements."""
    match subject:
        case Meeting():
            elements = _meeting_elements(timetable, subject)
        case Holiday():
            elements = [
                _element("Time", f"{subject.day.month}/{subject.day.day}/{subject.day.year}"),
                _element("Catégorie", "FERIE"),
                _element("Notes", subject.name, notes=True),
                _element("Name", None),
            ]
        case None:
            elements = []
    return {"federationId": None, "entityType": _NONE, "elements": elements}


def _meeting_elements(timetable: Timetable, meeting: Meeting) -> list[dict[str, Any]]:
    begin, end = timetable.begin_of(meeting), timetable.end_of(meeting)
    modules = [(f"{module.label} [{module.code}]", module.code) for module in meeting.modules]
    groups = [(group.name, group.federation_id) for group in meeting.groups]
    rooms = [(room.name, str(room.identifier)) for room in meeting.rooms]
    staff = [(person.name.upper(), str(person.identifier)) for person in meeting.staff]
    return [
        # In the culture of the server's United States installation, whatever the language of the labels.
        _element("Date", f"{begin.month}/{begin.day}/{begin.year} {_american(begin)}-{_american(end)}"),
        _element("Catégorie", meeting.category.name),
        *_run("Matière", "Matières", modules, ResourceType.MODULE),
        *_run("Groupe", "Groupes", groups, ResourceType.GROUP),
        *_run("Salle", "Salles", rooms, ResourceType.ROOM),
        *_run("Enseignant", "Enseignants", staff, ResourceType.STAFF),
        _element("Notes", meeting.notes, notes=True),
        _element("Name", None),
    ]


def _run(one: str, several: str, items: list[tuple[str, str]], kind: ResourceType) -> list[dict[str, Any]]:
    """The elements of one kind: the first bears the label, all bear their position in the run."""
    last = len(items) - 1
    positions = ["a-start" if place == 0 else "a-end-0" if place == last else "a" for place in range(len(items))]
    if last == 0:
        positions = ["a-start-end"]
    labels = [(several if last else one) if place == 0 else None for place in range(len(items))]
    return [
        _element(label, content, identifier, kind, position)
        for (content, identifier), label, position in zip(items, labels, positions, strict=True)
    ]


def _element(
    label: str | None,
    content: str | None,
    identifier: str | None = None,
    kind: int = _NONE,
    position: str | None = None,
    *,
    notes: bool = False,
) -> dict[str, Any]:
    return {
        "label": label,
        "content": content,
        "federationId": identifier,
        "entityType": int(kind),
        "assignmentContext": position,
        "containsHyperlinks": False,
        "isNotes": notes,
        "isStudentSpecific": False,
    }


def _american(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"
