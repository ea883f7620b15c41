"""Lessons."""

from collections.abc import Iterable

from carillon_pronote.pages import timetable

from carillon_pronote_gateway.graphql_types.timetable import Lesson
from carillon_pronote_gateway.translations.identifiers import identifier, number_duplicates


def lessons(found: Iterable[timetable.Lesson], *, held: bool = True) -> list[Lesson]:
    """Those of one week; `held` is false for a week in which the pupil has no lessons at all."""
    return number_duplicates(lesson(one, held=held) for one in found)


def lesson(one: timetable.Lesson, *, held: bool = True) -> Lesson:
    """One lesson. A teacher's absence is no cancellation for pronote-api."""
    subject = one.label or None
    cancelled = None if one.detention else one.cancelled and not one.teacher_away
    return Lesson(
        id=identifier({"from": one.start, "to": one.end, "subject": subject}),
        from_=one.start,
        to=one.end,
        is_detention=one.detention,
        has_duplicate=one.has_duplicate,
        subject=subject,
        teacher=next(iter(one.teachers), None),
        room=next(iter(one.rooms), None),
        status=one.status or None,
        is_away=None if one.detention else one.teacher_away,
        is_cancelled=cancelled if held else True,
        color=None if one.detention else one.colour,
        remote_lesson=one.at_home,
        pronote_id=one.id,
        teachers=list(one.teachers),
        rooms=list(one.rooms),
        classes=list(one.classes),
        groups=list(one.groups),
        memo=one.memo or None,
        virtual_rooms=list(one.virtual_rooms),
    )
