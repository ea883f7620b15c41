"""PDF files Pronote makes on request: ``GenerationPDF`` (timetable tab 16, report tab 13)."""

from carillon_pronote.errors import ProtocolError
from carillon_pronote.pages.attachments import fetch as fetch_file
from carillon_pronote.reading import Json, text
from carillon_pronote.school_year import Period, Pupil
from carillon_pronote.session import Session
from carillon_pronote.values import ValueKind, encode

TIMETABLE_TAB, REPORT_TAB = 16, 13
_TIMETABLE, _REPORT = 0, 2


async def timetable_address(
    session: Session, week: int | None = None, *, portrait: bool = False, pupil: Pupil | str | None = None
) -> str:
    """Have the timetable of a school week (the year's without one) printed and return the PDF's address."""

    def data(current: Session) -> Json:
        resource = current.facts.timetable_owner(pupil)
        return {
            "options": {
                "portrait": portrait,
                "taillePolice": 8,
                "taillePoliceMin": 5,
                "couleur": 1,
                "renvoi": 0,
                "uneGrilleParSemaine": False,
                "inversionGrille": False,
                "ignorerLesPlagesSansCours": False,
                "estEDTAnnuel": week is None,
            },
            "genreGenerationPDF": _TIMETABLE,
            "estPlanningOngletParJour": False,
            "estPlanningParRessource": False,
            "indiceJour": 0,
            "ressource": resource,
            "ressources": [resource],
            "domaine": encode(ValueKind.DOMAIN, (0,) if week is None else (week,)),
            "avecCoursAnnules": True,
            "grilleInverse": False,
        }

    return _address(session, await session.request("GenerationPDF", data, TIMETABLE_TAB, pupil))


async def report_address(session: Session, period: Period | str, pupil: Pupil | str | None = None) -> str:
    """Have a period's report printed and return the PDF's address."""

    def data(current: Session) -> Json:
        return {
            "options": {
                "adapterHauteurService": False,
                "desEleves": False,
                "gererRectoVerso": False,
                "hauteurServiceMax": 15,
                "hauteurServiceMin": 10,
                "piedMonobloc": True,
                "portrait": True,
                "taillePolice": 6.5,
                "taillePoliceMin": 5,
                "taillePolicePied": 6.5,
                "taillePolicePiedMin": 5,
            },
            "genreGenerationPDF": _REPORT,
            "avecCodeCompetences": False,
            "periode": current.year.period(period).wire(),
        }

    return _address(session, await session.request("GenerationPDF", data, REPORT_TAB, pupil))


async def download(session: Session, address: str) -> bytes:
    """Fetch a PDF whose address one of the two functions gave."""
    return await fetch_file(session, address)


def _address(session: Session, raw: Json) -> str:
    path = text(raw, "url")
    if not path or "://" in path or path.startswith("//") or ".." in path:
        raise ProtocolError("GenerationPDF: no address of a file of this Pronote")
    return f"{session.channel.state.root}/{path.lstrip('/')}"
