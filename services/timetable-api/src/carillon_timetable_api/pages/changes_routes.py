"""`/changes/`: what changed lately, for all or for one group, room or timetable; the page goes on by itself (SSE)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from carillon_contracts.events import ChangeKind
from carillon_kit.languages import Language
from carillon_kit.page_frame import language_of
from fastapi import APIRouter, Query, Response

from carillon_timetable_api.changes import filters, journal_reads, wording
from carillon_timetable_api.changes.change import Change
from carillon_timetable_api.changes.filters import ChangeParameters
from carillon_timetable_api.changes.wording import Difference
from carillon_timetable_api.pages.site import VisitDep
from carillon_timetable_api.pages.subjects import Subject, SubjectDep

router = APIRouter(include_in_schema=False)
_SHOWN_FOR = timedelta(days=60)
_MOST = 100
_KINDS = tuple(kind for kind in ChangeKind if kind is not ChangeKind.ADDED)


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A change; `begin` is when the course now begins (or was to begin)."""

    id: int
    kind: str
    word: str
    name: str
    begin: datetime
    at: datetime
    differences: tuple[Difference, ...]
    course_address: str | None


def _shown(change: Change, language: Language) -> ChangeShown:
    after = change.after
    begin = datetime.fromisoformat(after["begin"])
    places = [("groups", after["groups"]), ("rooms", after["rooms"])]
    found = next((f"/{of}/{named[0]['id']}/" for of, named in places if named), None)
    return ChangeShown(
        id=change.number,
        kind=change.kind.value,
        word=wording.kind(change.kind, language),
        name=after["name"],
        begin=begin,
        at=change.at,
        differences=tuple(wording.differences(change, language)) if change.before else (),
        course_address=found and f"{found}?date={begin.date()}#course-{change.course}",
    )


def _parameters(subject: Subject, *, added: bool) -> ChangeParameters:
    one = {subject.one.kind: (subject.one.id,)} if subject.one else {}
    return ChangeParameters.model_validate({**one, "kind": () if added else _KINDS})


@router.get("/changes/")
async def changes(visit: VisitDep, subject: SubjectDep, *, added: Annotated[bool, Query()] = False) -> Response:
    """The newest first, by the day on which they were seen; courses that are new only if they are asked for."""
    parameters = _parameters(subject, added=added)
    chosen = await filters.look_up(visit.connection, parameters)
    since = visit.now - _SHOWN_FOR
    found = await journal_reads.newest(visit.connection, chosen, visit.zone, now=visit.now, since=since, limit=_MOST)
    language = language_of(visit.request)
    shown = [_shown(change, language) for change in reversed(found)]
    stream = [
        (name, value) for name, values in parameters.model_dump(exclude_defaults=True).items() for value in values
    ]
    return visit.answer(
        "changes.html",
        "changes",
        subject=subject,
        added=added,
        days=[(day, list(same)) for day, same in groupby(shown, key=lambda change: change.at.date())],
        count=len(shown),
        most=_MOST,
        stream="/api/changes/stream/?" + urlencode(stream),
    )
