"""Marks and evaluations."""

from collections.abc import Iterable
from decimal import Decimal
from zoneinfo import ZoneInfo

from carillon_pronote.errors import ProtocolError
from carillon_pronote.pages import evaluations as client_evaluations
from carillon_pronote.pages import marks as client_marks
from carillon_pronote.values import Mark as ClientMark

from carillon_pronote_gateway.graphql_types.marks import (
    Evaluation,
    EvaluationLevel,
    EvaluationLevelValue,
    EvaluationSubject,
    Mark,
    Marks,
    MarksAverages,
    MarksSubject,
    MarksSubjectAverages,
)
from carillon_pronote_gateway.translations.identifiers import identifier, number_duplicates
from carillon_pronote_gateway.translations.moments import midnight

UNKNOWN = -1.0
"""What pronote-api writes for a mark that Pronote does not tell."""


def marks(found: client_marks.Marks, timezone: ZoneInfo) -> Marks:
    """A period's marks, by subject."""
    lines = [_subject(line) for line in sorted(found.subjects, key=lambda line: line.order)]
    for line in lines:
        own = [one for one in found.grades if one.subject is not None and one.subject.name == line.name]
        line.marks = number_duplicates(_mark(one, line.name, timezone) for one in own)
    averages = MarksAverages(
        student=_rounded(_out_of_20(found.overall, found.scale)),
        student_class=_rounded(mark_value(found.overall_class)),
    )
    return Marks(subjects=list(lines), averages=averages)


def _subject(line: client_marks.SubjectAverages) -> MarksSubject:
    return MarksSubject(
        name=line.subject.name,
        averages=MarksSubjectAverages(
            student=_known(_out_of_20(line.pupil, line.scale)),
            student_class=_known(mark_value(line.class_)),
            min=_known(mark_value(line.lowest)),
            max=_known(mark_value(line.highest)),
        ),
        color=line.colour,
        marks=[],
    )


def _mark(one: client_marks.Grade, subject: str, timezone: ZoneInfo) -> Mark:
    if one.on is None or one.scale is None:
        raise ProtocolError("a mark without its day or scale")
    when = midnight(one.on, timezone)
    away = one.mark is None or one.mark.annotation is not None
    average = mark_value(one.average)
    return Mark(
        id=identifier({"title": one.title, "date": when}, subject),
        title=one.title,
        value=None if away else mark_value(one.mark),
        scale=float(one.scale),
        average=average,
        coefficient=float(one.coefficient or 0),
        min=None if average is None else _known(mark_value(one.lowest)),
        max=None if average is None else _known(mark_value(one.highest)),
        date=when,
        is_away=away,
    )


def mark_value(mark: ClientMark | None) -> float | None:
    """A mark's number; None for an annotation, or where there is no mark."""
    return float(mark.value) if mark is not None and mark.value is not None else None


def _out_of_20(mark: ClientMark | None, scale: Decimal | None) -> float | None:
    value = mark_value(mark)
    return value / float(scale) * 20 if value is not None and scale else None


def _known(value: float | None) -> float:
    return UNKNOWN if value is None else value


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def evaluations(found: Iterable[client_evaluations.Evaluation], timezone: ZoneInfo) -> list[EvaluationSubject]:
    """A period's evaluations, by subject."""
    by_subject: dict[str, list[client_evaluations.Evaluation]] = {}
    for one in found:
        by_subject.setdefault(one.subject.name if one.subject else "", []).append(one)
    ordered = sorted(by_subject.items(), key=lambda item: item[1][0].subject_order)
    return [
        EvaluationSubject(
            name=name,
            teacher=own[0].teacher,
            color=own[0].colour,
            evaluations=number_duplicates(_evaluation(one, name, timezone) for one in own),
        )
        for name, own in ordered
    ]


def _evaluation(one: client_evaluations.Evaluation, subject: str, timezone: ZoneInfo) -> Evaluation:
    if one.on is None:
        raise ProtocolError("an evaluation without its day")
    when = midnight(one.on, timezone)
    return Evaluation(
        id=identifier({"name": one.name, "date": when}, subject),
        name=one.name,
        date=when,
        coefficient=float(one.coefficient or 0),
        levels=[
            EvaluationLevel(
                name=level.item.name if level.item else level.domain.name if level.domain else "",
                value=EvaluationLevelValue(short=level.short, long=level.name),
                prefixes=list(level.prefixes),
            )
            for level in sorted(one.levels, key=lambda level: level.order)
        ],
    )
