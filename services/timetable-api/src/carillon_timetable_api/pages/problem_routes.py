"""`/problems/<slug>`: what a problem means and how to mend it; the address that each problem's `type` gives."""

from carillon_kit.page_frame import language_of
from fastapi import APIRouter, Response

from carillon_timetable_api.answers import not_found
from carillon_timetable_api.pages.site import VisitDep
from carillon_timetable_api.problem_catalogue import PROBLEMS

router = APIRouter(include_in_schema=False)


@router.get("/problems/{slug}")
async def about(visit: VisitDep, slug: str) -> Response:
    """In the reader's language; 404 for a word that is no problem's."""
    explained = PROBLEMS.get(slug)
    if explained is None:
        raise not_found()
    language = language_of(visit.request)
    meaning, remedy = (sentence.in_language(language) for sentence in explained)
    return visit.answer("problem.html", slug=slug, meaning=meaning, remedy=remedy)
