"""Assessments with marks, averages, and evaluations of skills."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from carillon_pronote_simulator.school.model import Attachment, Period, Pupil, SchoolClass, SchoolYear, Subject, Teacher
from carillon_pronote_simulator.school.people import SUBJECTS, People

_MARKED = ("mathematics", "french", "history", "english", "biology", "physics", "sport", "music")
# What may stand instead of a mark, by its digit: absent, exempted, not marked, unfit, not handed in.
_ANNOTATIONS = ("|1", "|2", "|3", "|4", "|5")
_SKILLS = (
    ("D1.1", "Langue française", "Comprendre et s'exprimer à l'écrit"),
    ("D1.2", "Langues étrangères", "S'exprimer à l'oral"),
    ("D4", "Systèmes naturels", "Mener une démarche scientifique"),
)


@dataclass(frozen=True)
class Assessment:
    """A marked test of a class; marks by pupil's key, as text with a comma, or an annotation."""

    key: str
    title: str
    subject: Subject
    teacher: Teacher
    school_class: SchoolClass
    day: date
    coefficient: int
    out_of: int
    optional: bool
    bonus: bool
    marks: dict[str, str]
    paper: Attachment | None
    correction: Attachment | None

    def value(self, pupil: Pupil) -> float | None:
        """The mark out of 20, if it is a number."""
        return None if (mark := read_mark(self.marks[pupil.key])) is None else mark * 20 / self.out_of


@dataclass(frozen=True)
class SkillResult:
    """One skill within an evaluation: prefix, domain, item, and the level 1-5 of every pupil."""

    key: str
    prefix: str
    domain: str
    item: str
    levels: dict[str, int]


@dataclass(frozen=True)
class Evaluation:
    """An evaluation of skills of a class."""

    key: str
    title: str
    description: str
    subject: Subject
    teacher: Teacher
    school_class: SchoolClass
    day: date
    skills: tuple[SkillResult, ...]


def read_mark(text: str) -> float | None:
    """The number of a mark, None for an annotation."""
    return None if "|" in text else float(text.replace(",", "."))


def write_mark(value: float) -> str:
    """A number as Pronote writes marks."""
    return f"{value:.2f}".replace(".", ",")


def assessments_of(rng: random.Random, year: SchoolYear, everybody: People, today: date) -> list[Assessment]:
    """Two assessments a subject and class in every month that is over, the newest at most a week old."""
    found = []
    for week in range(2, year.weeks + 1, 2):
        for school_class in everybody.classes:
            for number, key in enumerate(_MARKED):
                day = year.monday_of(week + number % 2) + timedelta(days=number % 5)
                if day > today or not year.is_open(day) or rng.random() < 0.4:
                    continue
                found.append(_assessment(rng, everybody, school_class, SUBJECTS[key], day))
    return sorted(found, key=lambda assessment: (assessment.day, assessment.key))


def _assessment(
    rng: random.Random, everybody: People, school_class: SchoolClass, subject: Subject, day: date
) -> Assessment:
    key = f"assessment-{school_class.name}-{subject.key}-{day}"
    out_of = rng.choice((20, 20, 20, 10))
    pupils = [pupil for pupil in everybody.pupils if pupil.school_class == school_class]
    marks = {
        pupil.key: rng.choice(_ANNOTATIONS)
        if rng.random() < 0.06
        else write_mark(round(min(out_of, max(0.0, rng.gauss(0.62, 0.18) * out_of)) * 2) / 2)
        for pupil in pupils
    }
    kind = rng.random()
    with_paper = rng.random() < 0.3
    return Assessment(
        key=key,
        title=f"Contrôle du {day:%d/%m}",
        subject=subject,
        teacher=everybody.teachers_of(subject)[0],
        school_class=school_class,
        day=day,
        coefficient=rng.choice((1, 1, 2, 3)),
        out_of=out_of,
        optional=0.06 < kind < 0.12,
        bonus=kind < 0.06,
        marks=marks,
        paper=Attachment(f"paper-{key}", "sujet.pdf", b"Sujet\n") if with_paper else None,
        correction=Attachment(f"correction-{key}", "corrige.pdf", b"Corrige\n") if with_paper else None,
    )


def subject_average(assessments: list[Assessment], pupil: Pupil) -> float | None:
    """A pupil's average out of 20, weighted by coefficients; None without a mark."""
    weighted = [
        (value, assessment.coefficient)
        for assessment in assessments
        if not assessment.bonus and (value := assessment.value(pupil)) is not None
    ]
    total = sum(weight for _, weight in weighted)
    return sum(value * weight for value, weight in weighted) / total if total else None


def overall_average(assessments: list[Assessment], pupil: Pupil) -> float | None:
    """The mean of a pupil's averages of subjects; None without a mark."""
    subjects = dict.fromkeys(assessment.subject for assessment in assessments)
    averages = [
        average
        for subject in subjects
        if (average := subject_average([each for each in assessments if each.subject == subject], pupil)) is not None
    ]
    return fmean(averages) if averages else None


def evaluations_of(rng: random.Random, year: SchoolYear, everybody: People, today: date) -> list[Evaluation]:
    """Some evaluations of skills a class in every period that has begun."""
    found = []
    for week in range(3, year.weeks + 1, 4):
        day = year.monday_of(week) + timedelta(days=1)
        if day > today or not year.is_open(day):
            continue
        for school_class in everybody.classes:
            for number, key in enumerate(("french", "english", "biology")):
                found.append(_evaluation(rng, everybody, school_class, SUBJECTS[key], day + timedelta(days=number)))
    return found


def _evaluation(
    rng: random.Random, everybody: People, school_class: SchoolClass, subject: Subject, day: date
) -> Evaluation:
    key = f"evaluation-{school_class.name}-{subject.key}-{day}"
    pupils = [pupil.key for pupil in everybody.pupils if pupil.school_class == school_class]
    skills = tuple(
        SkillResult(f"{key}-{number}", prefix, domain, item, {pupil: rng.randrange(1, 6) for pupil in pupils})
        for number, (prefix, domain, item) in enumerate(rng.sample(_SKILLS, 2))
    )
    teacher = everybody.teachers_of(subject)[0]
    return Evaluation(key, "Évaluation de compétences", skills[0].item, subject, teacher, school_class, day, skills)


def within(period: Period, assessments: list[Assessment], school_class: SchoolClass) -> list[Assessment]:
    """The assessments of a class in a period."""
    return [each for each in assessments if each.school_class == school_class and period.holds(each.day)]
