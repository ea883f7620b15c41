"""`PagePresence`: absences, delays, punishments, observations, measures, and hours by subject (PAGES.md)."""

from datetime import date, timedelta

from carillon_pronote_simulator.pages.call import Call
from carillon_pronote_simulator.pages.marks import asked_period
from carillon_pronote_simulator.school.attendance import (
    Absence,
    Delay,
    Event,
    Observation,
    PrecautionaryMeasure,
    Punishment,
)
from carillon_pronote_simulator.school.model import Pupil
from carillon_pronote_simulator.school.timetable import place_of
from carillon_pronote_simulator.typed import Json, date_value, datetime_value, list_value, object_value, read_datetime

_RIGHTS = (
    "absence saisieMotifAbsence retard saisieMotifRetard punition exclusion sanction mesureConservatoire infirmerie "
    "absenceRepas absenceInternat observation incident totalHeuresManquees"
)
ABSENCE, DELAY, PUNISHMENT, OBSERVATION, MEASURE = 13, 14, 41, 46, 72
# pronote-api reads the kind from a second member, in which observations have another number.
_PAGE_KINDS = {OBSERVATION: 45}


def attendance(call: Call) -> Json:
    """The events of a pupil in a period, or between two days when they are given."""
    pupil = call.pupil()
    first, last = _days(call)
    events = [each for each in call.school.events if each.pupil == pupil and first <= each.day <= last]
    absences = [each for each in events if isinstance(each, Absence)]
    hours = sum(_hours(each) for each in absences)
    return {
        "autorisations": dict.fromkeys(_RIGHTS.split(), True),
        "nbMaxJoursDeclarationAbsence": 7,
        "listeAbsences": list_value(_event(call, each) for each in events),
        "Matieres": list_value(_hours_by_subject(call, pupil, absences, first, last)),
        "listeRecapitulatifs": list_value(
            [
                {
                    "G": ABSENCE,
                    "L": "Absences",
                    "NombreTotal": len(absences),
                    "NbrHeures": f"{hours}h00",
                    "NombreNonJustifie": sum(not each.justified for each in absences),
                }
            ]
        ),
        "listeSanctionUtilisateur": list_value([]),
    }


def _days(call: Call) -> tuple[date, date]:
    first, last = read_datetime(call.anycase("dateDebut")), read_datetime(call.anycase("dateFin"))
    if first is not None and last is not None:
        return first.date(), last.date()
    period = asked_period(call)
    return period.first, period.last


def _hours(absence: Absence) -> int:
    return int((absence.end - absence.start) / timedelta(hours=1))


def _event(call: Call, event: Event) -> Json:
    if isinstance(event, Absence):
        return _absence(call, event)
    if isinstance(event, Delay):
        return _delay(call, event)
    if isinstance(event, Punishment):
        return _punishment(call, event)
    if isinstance(event, Observation):
        return _observation(call, event)
    return _measure(call, event)


def _head(call: Call, kind: int, key: str) -> Json:
    return {"N": call.number(kind, key), "G": kind, "page": {"Absence": _PAGE_KINDS.get(kind, kind)}}


def _absence(call: Call, absence: Absence) -> Json:
    return {
        **_head(call, ABSENCE, absence.key),
        "dateDebut": datetime_value(absence.start),
        "dateFin": datetime_value(absence.end),
        "justifie": absence.justified,
        "reglee": absence.justified,
        "ouverte": False,
        "NbrHeures": f"{_hours(absence)}h00",
        "NbrJours": 1,
        "aJustifierParParents": not absence.justified,
        "estMotifNonEncoreConnu": False,
        "listeMotifs": list_value([{"L": absence.reason, "N": call.number(39, absence.reason)}]),
    }


def _delay(call: Call, delay: Delay) -> Json:
    return {
        **_head(call, DELAY, delay.key),
        "date": datetime_value(delay.arrived),
        "duree": delay.minutes,
        "justifie": delay.justified,
        "justification": delay.reason if delay.justified else "",
        "reglee": delay.justified,
        "aJustifierParParents": False,
        "estMotifNonEncoreConnu": False,
        "listeMotifs": list_value([{"L": delay.reason, "N": call.number(40, delay.reason)}]),
    }


def _punishment(call: Call, punishment: Punishment) -> Json:
    served = punishment.served_in
    by = call.member(punishment.by)
    nature = {
        "L": punishment.nature,
        "N": call.number(43, punishment.nature),
        "G": 1 if served is not None else 2,
        "estProgrammable": served is not None,
        "estAvecARParent": False,
    }
    entry = {
        **_head(call, PUNISHMENT, punishment.key),
        "dateDemande": date_value(punishment.asked),
        "placeDemande": punishment.place,
        "horsCours": False,
        "estUneExclusion": False,
        "estLieAUnIncident": False,
        "travailAFaire": punishment.work,
        "documentsTAF": list_value([]),
        "circonstances": punishment.circumstances,
        "documentsCirconstances": list_value([]),
        "duree": 60,
        "estProgrammable": served is not None,
        "nature": object_value(nature),
        "demandeur": object_value(by),
        "listeMotifs": list_value([{"L": punishment.reason, "N": call.number(44, punishment.reason)}]),
        "programmation": list_value([]),
    }
    if served is not None:
        serving = {
            "N": call.number(47, served.key),
            "date": date_value(served.start.date()),
            "placeExecution": place_of(served.start) % 20,
            "duree": 60,
        }
        entry["programmation"] = list_value([serving])
    return entry


def _observation(call: Call, observation: Observation) -> Json:
    by = call.member(observation.by, estProfPrincipal=True, mail="")
    return {
        **_head(call, OBSERVATION, observation.key),
        "L": "Encouragement" if observation.kind == 2 else "Observation",
        "date": {"_T": 7, "V": f"{observation.day:%d/%m/%Y} 00:00:00"},
        "estLue": False,
        "avecARObservation": True,
        "genreObservation": observation.kind,
        "rubrique": object_value({"N": call.number(70, observation.heading), "L": observation.heading}),
        "commentaire": observation.comment,
        "demandeur": object_value(by),
        "matiere": object_value(call.subject(observation.subject)),
    }


def _measure(call: Call, measure: PrecautionaryMeasure) -> Json:
    nature = {"L": "Mesure conservatoire", "N": call.number(43, "measure"), "G": 72, "estProgrammable": False}
    by = object_value(call.member(measure.by))
    return {
        **_head(call, MEASURE, measure.key),
        "dateDemande": date_value(measure.first),
        "dateDebut": date_value(measure.first),
        "dateFin": date_value(measure.last),
        "nature": object_value(nature),
        "commentaire": measure.comment,
        "listeMotifs": list_value([{"L": "Incident", "N": call.number(44, "Incident")}]),
        "estUneExclusion": False,
        "circonstances": "",
        "documentsCirconstances": list_value([]),
        "decideur": by,
        "demandeur": by,
        "interditAcces": {"_T": 26, "V": "[0,1]"},
    }


def _hours_by_subject(call: Call, pupil: Pupil, absences: list[Absence], first: date, last: date) -> list[Json]:
    """Seconds followed and seconds missed of every subject."""
    followed: dict[str, list[int]] = {}
    lessons = call.school.lessons_of(pupil, first, min(last, call.school.today))
    subjects = {lesson.subject.key: lesson.subject for lesson in lessons if lesson.kind == "lesson"}
    for lesson in lessons:
        if lesson.cancelled or lesson.kind != "lesson":
            continue
        missed = any(each.start < lesson.end and lesson.start < each.end for each in absences)
        seconds = int((lesson.end - lesson.start).total_seconds())
        counts = followed.setdefault(lesson.subject.key, [0, 0])
        counts[1 if missed else 0] += seconds
    return [
        {
            "P": rank,
            **call.subject(subjects[key]),
            "regroupement": 0,
            "dansRegroupement": 0,
            "suivi": attended,
            "absence": missed_seconds,
            "excluCours": 0,
            "excluEtab": 0,
        }
        for rank, (key, (attended, missed_seconds)) in enumerate(sorted(followed.items()), start=1)
    ]
