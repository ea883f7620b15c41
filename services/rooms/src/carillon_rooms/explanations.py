"""Reasons in sentences, and the problems that this service answers with."""

from carillon_kit.languages import Text
from carillon_kit.problems import ProblemError

from carillon_rooms.availability import Reason

REASONS: dict[Reason, Text] = {
    Reason.COURSE: Text("Un cours y est prévu.", "A course takes place in it."),
    Reason.CLOSED: Text("Fermée à cette heure.", "Closed at that time."),
    Reason.HOLIDAY: Text("Fermée : vacances ou jour férié.", "Closed: holiday."),
    Reason.BETWEEN_COURSES: Text("Aucun cours connu à cette heure.", "No known course at that time."),
    Reason.NO_COURSE_THAT_DAY: Text(
        "Aucun cours connu ce jour-là ; la salle est peut-être fermée à clef.",
        "No known course on that day; the room may be locked.",
    ),
    Reason.NOT_COVERED: Text("Aucun emploi du temps connu pour ce jour.", "No timetable is known for that day."),
    Reason.PARTLY_COVERED: Text(
        "Une partie seulement des emplois du temps est connue pour ce jour.",
        "Only some of the timetables are known for that day.",
    ),
    Reason.STALE: Text("Les données sont trop anciennes.", "The data are too old."),
    Reason.UNREADABLE: Text("Les données de cette salle sont illisibles.", "This room's data cannot be read."),
}


def not_ready() -> ProblemError:
    """Nothing is known yet, which must not look like free rooms."""
    return ProblemError(
        "not-ready",
        503,
        Text("Service pas encore prêt.", "Service not ready yet."),
        Text(
            "Les données des salles sont en cours de chargement ; réessayez dans un instant.",
            "The rooms' data are still being loaded; try again in a moment.",
        ),
        headers={"Retry-After": "5"},
    )


def unknown_room() -> ProblemError:
    """No room has this id."""
    return ProblemError(
        "not-found",
        404,
        Text("Pas trouvé.", "Not found."),
        Text("Aucune salle ne porte ce numéro.", "No room has this number."),
    )


def hidden_room(why: str | None) -> ProblemError:
    """The operator has taken the room out of the search."""
    return ProblemError(
        "hidden-room",
        404,
        Text("Salle retirée de la recherche.", "Room taken out of the search."),
        Text(why, why) if why else None,
    )
