"""Absences, delays, punishments."""

from datetime import datetime

import strawberry


@strawberry.type
class Absence:
    """An absence."""

    id: str
    from_: datetime = strawberry.field(name="from")
    to: datetime
    justified: bool
    solved: bool
    hours: float
    reason: str | None = None


@strawberry.type
class Delay:
    """A late arrival."""

    id: str
    date: datetime
    justified: bool
    solved: bool
    justification: str
    minutes_missed: int
    reason: str | None = None


@strawberry.type
class Detention:
    """When a punishment is served."""

    id: str
    from_: datetime = strawberry.field(name="from")
    to: datetime


@strawberry.type
class Punishment:
    """A punishment."""

    id: str
    date: datetime
    is_exclusion: bool
    is_during_lesson: bool
    homework: str
    circumstances: str
    giver: str
    reason: str | None = None
    detention: Detention | None = None


@strawberry.type
class OtherEvent:
    """A note in the pupil's book."""

    id: str
    kind: str
    date: datetime
    giver: str
    comment: str
    subject: str | None = None


@strawberry.type
class SubjectAbsences:
    """Hours attended and missed in a subject."""

    subject: str
    hours_assisted: float
    hours_missed: float
    subs: "list[SubjectAbsences] | None" = None


@strawberry.type
class Absences:
    """A period's events."""

    absences: list[Absence]
    delays: list[Delay]
    punishments: list[Punishment]
    other: list[OtherEvent]
    totals: list[SubjectAbsences]
