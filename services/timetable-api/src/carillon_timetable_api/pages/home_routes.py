"""The front page, the search, and the groups of a timetable."""

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Response

from carillon_timetable_api.answers import not_found
from carillon_timetable_api.pages import courses_found, names_found
from carillon_timetable_api.pages.site import VisitDep
from carillon_timetable_api.routes.numbers import ID, Id

router = APIRouter(include_in_schema=False)
_LARGEST = 2**31 - 1


@router.get("/")
async def home(visit: VisitDep) -> Response:
    """Search, what was opened lately on this device, and all timetables by year."""
    return visit.answer("home.html", "timetables", years=await names_found.years(visit.connection))


@router.get("/search/")
async def search(visit: VisitDep, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """What the typed words find."""
    found, names = await names_found.search_courses_too(visit, q)
    courses = await courses_found.next_meetings(visit, names)
    by_kind = {kind: [one for one in found if one.kind == kind] for kind in ("group", "room", "timetable")}
    return visit.answer(
        "search.html", "timetables", q=q, found=by_kind, courses=courses, count=len(found) + len(courses)
    )


@router.get(f"/timetables/{ID}/")
async def timetable(visit: VisitDep, wanted: Id) -> Response:
    """The groups of a timetable, by semester."""
    found = await names_found.groups_of_timetable(visit.connection, min(wanted, _LARGEST))
    if found is None:
        raise not_found()
    name, groups = found
    semesters = [(semester, list(same)) for semester, same in groupby(groups, key=lambda group: group.semester)]
    return visit.answer("timetable.html", "timetables", name=name, semesters=semesters, id=wanted)
