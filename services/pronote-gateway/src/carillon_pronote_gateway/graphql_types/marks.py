"""Marks and evaluations."""

from datetime import datetime

import strawberry


@strawberry.type
class MarksAverages:
    """Averages over all subjects, out of 20."""

    student: float | None = None
    student_class: float | None = None


@strawberry.type
class MarksSubjectAverages:
    """A subject's averages; -1 where Pronote gives none, as for a mark's extremes."""

    student: float
    student_class: float
    min: float
    max: float


@strawberry.type
class Mark:
    """One mark; `value` is null where an annotation stands."""

    id: str
    title: str
    value: float | None = None
    scale: float
    average: float | None = None
    coefficient: float
    min: float | None = None
    max: float | None = None
    date: datetime
    is_away: bool


@strawberry.type
class MarksSubject:
    """A subject's averages and marks."""

    name: str
    averages: MarksSubjectAverages
    color: str
    marks: list[Mark]


@strawberry.type
class Marks:
    """A period's marks."""

    subjects: list[MarksSubject | None]
    averages: MarksAverages


@strawberry.type
class EvaluationLevelValue:
    """A level, short and long."""

    short: str
    long: str


@strawberry.type
class EvaluationLevel:
    """A skill and its level."""

    name: str
    value: EvaluationLevelValue
    prefixes: list[str]


@strawberry.type
class Evaluation:
    """One evaluation of skills."""

    id: str
    name: str
    date: datetime
    coefficient: float
    levels: list[EvaluationLevel]


@strawberry.type
class EvaluationSubject:
    """A subject's evaluations."""

    name: str
    teacher: str
    color: str
    evaluations: list[Evaluation]
