"""Absences, delays, punishments."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from carillon_pronote.pages import attendance
from carillon_pronote.pages.parameters import Grid

from carillon_pronote_gateway.graphql_types.attendance import (
    Absence,
    Absences,
    Delay,
    Detention,
    OtherEvent,
    Punishment,
    SubjectAbsences,
)
from carillon_pronote_gateway.translations.identifiers import identifier, number_duplicates
from carillon_pronote_gateway.translations.moments import said

_HOURS = re.compile(r"(\d+)h(\d+)?")
_SECONDS_AN_HOUR = 3600


def absences(found: attendance.Attendance, grid: Grid, timezone: ZoneInfo) -> Absences:
    """A period's events."""
    return Absences(
        absences=number_duplicates(_absence(one) for one in found.absences),
        delays=number_duplicates(_delay(one) for one in found.delays),
        punishments=number_duplicates(_punishment(one, grid, timezone) for one in found.punishments),
        other=number_duplicates(_other(one) for one in found.observations),
        totals=_totals(found.totals),
    )


def _absence(one: attendance.Absence) -> Absence:
    start, end = said(one.start), said(one.end)
    return Absence(
        id=identifier({"from": start, "to": end}),
        from_=start,
        to=end,
        justified=one.justified,
        solved=one.settled,
        hours=_hours(one.hours),
        reason=next(iter(one.reasons), ""),
    )


def _delay(one: attendance.Delay) -> Delay:
    return Delay(
        id=identifier({"minutesMissed": one.minutes}),
        date=said(one.on),
        justified=one.justified,
        solved=one.settled,
        justification=one.justification,
        minutes_missed=one.minutes,
        reason=next(iter(one.reasons), ""),
    )


def _punishment(one: attendance.Punishment, grid: Grid, timezone: ZoneInfo) -> Punishment:
    return Punishment(
        id=identifier({}),
        date=said(one.given),
        is_exclusion=one.exclusion,
        is_during_lesson=not one.outside_lessons,
        homework=one.homework,
        circumstances=one.circumstances,
        giver=one.giver,
        reason=next(iter(one.reasons), ""),
        detention=_detention(one, grid, timezone) if one.detention else None,
    )


def _detention(one: attendance.Punishment, grid: Grid, timezone: ZoneInfo) -> Detention | None:
    """When it is served; null while that is not settled."""
    if not one.schedule:
        return None
    first = one.schedule[0]
    at = grid.time_of(first.place) if first.place is not None else None
    if first.on is None or at is None:
        return None
    start = datetime.combine(first.on, at, timezone)
    end = start + timedelta(minutes=first.minutes or 0)
    return Detention(id=identifier({"from": start, "to": end}), from_=start, to=end)


def _other(one: attendance.Observation) -> OtherEvent:
    when = said(one.on)
    return OtherEvent(
        id=identifier({"kind": one.name, "date": when}),
        kind=one.name,
        date=when,
        giver=one.giver,
        comment=one.comment,
        subject=one.subject.name if one.subject else None,
    )


def _totals(found: tuple[attendance.SubjectTotal, ...]) -> list[SubjectAbsences]:
    totals = []
    for one in found:
        if not one.in_group:
            total = _total(one)
            if one.group:
                total.subs = [_total(other) for other in found if other.in_group == one.group]
            totals.append(total)
    return totals


def _total(one: attendance.SubjectTotal) -> SubjectAbsences:
    return SubjectAbsences(
        subject=one.subject.name,
        hours_assisted=one.attended_seconds / _SECONDS_AN_HOUR,
        hours_missed=one.missed_seconds / _SECONDS_AN_HOUR,
    )


def _hours(text: str) -> float:
    """`4h30` is 4.5."""
    match = _HOURS.fullmatch(text.strip())
    return int(match[1]) + int(match[2] or 0) / 60 if match else 0.0
