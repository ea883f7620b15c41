"""`DernieresNotes`, `PageBulletins` and `DernieresEvaluations` (PAGES.md)."""

from collections.abc import Callable
from statistics import fmean
from typing import Any

from carillon_pronote_simulator.pages.call import PERIOD, SUBJECT, Call
from carillon_pronote_simulator.pages.parameters import LEVELS
from carillon_pronote_simulator.school.marks import (
    Assessment,
    Evaluation,
    SkillResult,
    overall_average,
    read_mark,
    subject_average,
    within,
    write_mark,
)
from carillon_pronote_simulator.school.model import Period, Pupil, Subject
from carillon_pronote_simulator.typed import Json, date_value, list_value, mark_value, object_value

_ASSESSMENT = 21


def asked_period(call: Call) -> Period:
    """The period of the data, else the current one."""
    key = call.session.key_of(call.anycase("periode"))
    periods = call.school.year.periods
    named = next((period for period in periods if period.key == key), None)
    return named or next(period for period in periods if period.holds(call.school.today))


def _classmates(call: Call, pupil: Pupil) -> list[Pupil]:
    return [each for each in call.school.people.pupils if each.school_class == pupil.school_class]


def _text(value: float | None) -> Json:
    return mark_value("" if value is None else write_mark(value))


def _averages(average: Callable[[Pupil], float | None], pupils: list[Pupil]) -> list[float]:
    return [value for each in pupils if (value := average(each)) is not None]


def latest_marks(call: Call) -> Json:
    """Marks and averages of a pupil in a period."""
    pupil, period = call.pupil(), asked_period(call)
    assessments = within(period, call.school.assessments, pupil.school_class)
    answer: Json = {
        "avecDetailDevoir": True,
        "avecDetailService": True,
        "listeServices": list_value(_service(call, *entry) for entry in _by_subject(assessments, pupil, call)),
        "listeDevoirs": list_value(_assessment(call, each, pupil, period) for each in assessments),
    }
    own = overall_average(assessments, pupil)
    if own is not None:
        answer |= {
            "moyGenerale": mark_value(write_mark(own)),
            "moyGeneraleClasse": mark_value(
                write_mark(fmean(_averages(lambda each: overall_average(assessments, each), _classmates(call, pupil))))
            ),
            "baremeMoyGenerale": mark_value("20"),
            "baremeMoyGeneraleParDefaut": mark_value("20"),
        }
    return answer


_Entry = tuple[int, Subject, float | None, list[float]]


def _by_subject(assessments: list[Assessment], pupil: Pupil, call: Call) -> list[_Entry]:
    """Rank, subject, own average and all averages of the class, of each marked subject."""
    entries: list[_Entry] = []
    subjects = dict.fromkeys(each.subject for each in assessments)
    for rank, subject in enumerate(subjects, start=1):
        marked = [each for each in assessments if each.subject == subject]
        averages = [value for each in _classmates(call, pupil) if (value := subject_average(marked, each)) is not None]
        if averages:
            entries.append((rank, subject, subject_average(marked, pupil), averages))
    return entries


def _service(call: Call, rank: int, subject: Subject, own: float | None, averages: list[float]) -> Json:
    return {
        **call.subject(subject),
        "G": 12,
        "ordre": rank,
        "estServiceEnGroupe": False,
        "estServiceGroupe": False,
        "moyEleve": mark_value("|3" if own is None else write_mark(own)),
        "baremeMoyEleve": mark_value("20"),
        "baremeMoyEleveParDefaut": mark_value("20"),
        "moyClasse": _text(fmean(averages)),
        "moyMin": _text(min(averages)),
        "moyMax": _text(max(averages)),
        "couleur": subject.colour,
    }


def _assessment(call: Call, assessment: Assessment, pupil: Pupil, period: Period) -> Json:
    numbers = [value for mark in assessment.marks.values() if (value := read_mark(mark)) is not None]
    element: Json = {
        "N": call.number(_ASSESSMENT, assessment.key),
        "G": 60,
        "note": mark_value(assessment.marks[pupil.key]),
        "bareme": mark_value(str(assessment.out_of)),
        "baremeParDefaut": mark_value("20"),
        "date": date_value(assessment.day),
        "service": object_value(
            {**call.subject(assessment.subject), "couleur": assessment.subject.colour, "estServiceGroupe": False}
        ),
        "periode": object_value({"N": call.number(PERIOD, period.key), "L": period.name}),
        "ListeThemes": list_value([]),
        "moyenne": mark_value(write_mark(fmean(numbers))),
        "estEnGroupe": False,
        "noteMax": mark_value(write_mark(max(numbers))),
        "noteMin": mark_value(write_mark(min(numbers))),
        "commentaire": assessment.title,
        "commentaireSurNote": "",
        "coefficient": assessment.coefficient,
        "estFacultatif": assessment.optional,
        "estBonus": assessment.bonus,
        "estRamenerSur20": False,
    }
    if assessment.paper is not None and assessment.correction is not None:
        element |= {"libelleSujet": assessment.paper.name, "libelleCorrige": assessment.correction.name}
    return element


def report(call: Call) -> Json:
    """The school report of a period that is over; before that, the message that it is not published."""
    pupil, period = call.pupil(), asked_period(call)
    if period.last >= call.school.today and period.kind == 1 and period.first > call.school.today:
        return {"Message": "Le bulletin n'est pas encore publié."}
    assessments = within(period, call.school.assessments, pupil.school_class)
    classmates = _classmates(call, pupil)
    return {
        "Classe": object_value(call.member(pupil.school_class)),
        "eleve": object_value(call.member(pupil)),
        "General": object_value(
            {
                "MoyenneEleve": _text(overall_average(assessments, pupil)),
                "MoyenneClasse": _text(_mean(_averages(lambda each: overall_average(assessments, each), classmates))),
            }
        ),
        "ObjetListeAppreciations": object_value(
            {
                "ListeAppreciations": list_value(
                    [
                        {
                            "N": call.number(90, f"{pupil.key}-{period.key}"),
                            "L": "Un trimestre sérieux, à poursuivre.",
                            "Intitule": "Appréciation globale",
                        }
                    ]
                )
            }
        ),
        "ListeServices": list_value(
            _report_service(call, pupil, entry) for entry in _by_subject(assessments, pupil, call)
        ),
        "ListeAbsences": list_value([]),
        "graphe": "",
    }


def _mean(values: list[float]) -> float | None:
    return fmean(values) if values else None


def _report_service(call: Call, pupil: Pupil, entry: _Entry) -> Json:
    _, subject, own, averages = entry
    return {
        **call.subject(subject),
        "couleur": subject.colour,
        "Matiere": object_value(call.subject(subject)),
        "SurMatiere": object_value({}),
        "ListeProfesseurs": list_value(call.member(each) for each in call.school.people.teachers_of(subject)[:1]),
        "Coefficient": mark_value("1"),
        "MoyenneEleve": _text(own),
        "MoyenneClasse": _text(fmean(averages)),
        "MoyenneInf": _text(min(averages)),
        "MoyenneSup": _text(max(averages)),
        "ListeAppreciations": list_value(
            [{"N": call.number(91, f"{pupil.key}-{subject.key}"), "L": "Élève appliqué."}]
        ),
    }


def latest_evaluations(call: Call) -> Json:
    """Evaluations of skills of a pupil in a period."""
    pupil, period = call.pupil(), asked_period(call)
    return {
        "listeEvaluations": list_value(
            _evaluation(call, each, pupil, period)
            for each in call.school.evaluations
            if each.school_class == pupil.school_class and period.holds(each.day)
        )
    }


def _evaluation(call: Call, evaluation: Evaluation, pupil: Pupil, period: Period) -> Json:
    subject = evaluation.subject
    return {
        "N": call.number(13, evaluation.key),
        "L": evaluation.title,
        "descriptif": evaluation.description,
        "date": date_value(evaluation.day),
        "coefficient": 1,
        "matiere": object_value(
            {
                **call.subject(subject),
                "G": SUBJECT,
                "couleur": subject.colour,
                "ordre": 1,
                "serviceConcerne": object_value(call.subject(subject)),
            }
        ),
        "individu": object_value(call.member(evaluation.teacher)),
        "domaine": object_value({"L": evaluation.skills[0].domain, "N": call.number(31, evaluation.skills[0].domain)}),
        "periode": object_value({"L": period.name, "N": call.number(PERIOD, period.key)}),
        "listePaliers": list_value([{"L": "Cycle 4", "N": call.number(27, "cycle-4")}]),
        "listeNiveauxDAcquisitions": list_value(
            _skill(call, rank, skill, pupil) for rank, skill in enumerate(evaluation.skills, start=1)
        ),
    }


def _skill(call: Call, rank: int, skill: SkillResult, pupil: Pupil) -> dict[str, Any]:
    level = skill.levels[pupil.key]
    label, short, _, _ = LEVELS[level - 1]
    return {
        "N": call.number(32, f"level-{level}-{skill.key}"),
        "L": label,
        "ordre": rank,
        "abbreviation": short,
        "coefficient": 1,
        "pilier": object_value(
            {"L": f"{skill.prefix} - {skill.domain}", "N": call.number(23, skill.prefix), "strPrefixes": skill.prefix}
        ),
        "domaine": object_value({"L": skill.domain, "N": call.number(31, skill.domain)}),
        "item": object_value({"L": skill.item, "N": call.number(33, skill.item)}),
    }
