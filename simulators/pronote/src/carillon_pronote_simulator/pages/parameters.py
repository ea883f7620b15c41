"""`FonctionParametres`: the instance and its calendar (PAGES.md)."""

from datetime import timedelta
from typing import Any

from carillon_pronote_simulator.eras import Era
from carillon_pronote_simulator.pages.call import PERIOD
from carillon_pronote_simulator.school.people import SCHOOL_NAME
from carillon_pronote_simulator.school.school import School
from carillon_pronote_simulator.school.timetable import PLACES_PER_DAY, PLACES_PER_HOUR, moment
from carillon_pronote_simulator.sessions import Session
from carillon_pronote_simulator.typed import (
    Json,
    date_value,
    datetime_value,
    domain_value,
    list_value,
    mark_value,
    set_value,
    url_value,
)

# Label, abbreviation, colour, points: the levels of mastery of a French collège.
LEVELS = (
    ("Très bonne maîtrise", "A+", "#008000", 50),
    ("Maîtrise satisfaisante", "A", "#45B851", 40),
    ("Presque maîtrisé", "B", "#8BC34A", 32),
    ("Maîtrise fragile", "C", "#FFDA01", 25),
    ("Début de maîtrise", "D", "#F80A0A", 10),
)
_LOGO, _EXAMPLE = 5, "https://www.example.org"


def parameters(era: Era, school: School, session: Session, navigator: str) -> Json:
    """The content of `data`; nobody is signed in yet, so it is the same for everyone."""
    return {
        "identifiantNav": navigator,
        "listePolices": list_value([{"L": "Arial"}, {"L": "Verdana"}]),
        "avecMembre": session.space.kind == "parent",
        "pourNouvelleCaledonie": False,
        "genreImageConnexion": 4,
        "urlImageConnexion": "",
        "logoProduitCss": "Image_Logo_PronoteBarreHaut",
        "Theme": 8,
        "DateServeurHttp": datetime_value(school.now),
        "URLMobile": f"mobile.{session.space.page}.html",
        "AvecEspaceMobile": session.space.mobile_number is not None,
        "Nom": session.space.title,
        "General": _identity(era, school) | _calendar(school) | _day(school, session) | _marking(session) | _rights(),
    }


def _identity(era: Era, school: School) -> Json:
    first = school.year.first_monday
    return {
        "urlSiteIndexEducation": url_value(_EXAMPLE),
        "versionPN": era.version_text,
        "version": f"PRONOTE {era.version_text}",
        "millesime": str(first.year),
        "langID": 1036,
        "langue": "fr",
        "listeLangues": list_value([{"langID": 1036, "description": "français"}]),
        "lienMentions": "mentions.html",
        "avecForum": False,
        "UrlAide": url_value(f"{_EXAMPLE}/aide"),
        "urlAccesVideos": url_value(f"{_EXAMPLE}/videos"),
        "urlAccesTwitter": url_value(f"{_EXAMPLE}/flux"),
        "AvecChoixConnexion": False,
        "NomEtablissement": SCHOOL_NAME,
        "AnneeScolaire": f"{first.year}-{school.year.last_day.year}",
        "Police": "Arial",
        "TaillePolice": 10,
        "logo": {"_T": 25, "V": _LOGO},
        "nomCookieAppli": "appliMobile",
        "maskTelephone": "## ## ## ## ##",
        "maxECTS": 30,
        "TailleMaxAppreciation": [255, 255],
    }


def _calendar(school: School) -> Json:
    year = school.year
    weeks = range(1, year.weeks + 1)
    return {
        "afficherSemainesCalendaires": 0,
        "dateDebutPremierCycle": date_value(year.first_monday),
        "PremierLundi": date_value(year.first_monday),
        "PremiereDate": date_value(year.first_day),
        "DerniereDate": date_value(year.last_day),
        "JourOuvre": date_value(_next_open_day(school)),
        "JoursOuvres": {"_T": 11, "V": "[1..5]"},
        "joursOuvresParCycle": 5,
        "premierJourSemaine": 0,
        "grillesEDTEnCycle": 0,
        "setOfJoursCycleOuvre": set_value(range(1, 6)),
        "DemiJourneesOuvrees": [set_value(range(5)), {"_T": 26, "V": "[0,1,3,4]"}],
        "DomainesFrequences": [
            domain_value(weeks),
            {"_T": 8, "V": f"[{','.join(str(week) for week in weeks if week % 2)}]"},
            {"_T": 8, "V": f"[{','.join(str(week) for week in weeks if not week % 2)}]"},
        ],
        "LibellesFrequences": ["", "Q1", "Q2", ""],
    }


def _next_open_day(school: School) -> Any:
    day = school.today
    while not school.year.is_open(day) and day < school.year.last_day:
        day += timedelta(days=1)
    return day


def _day(school: School, session: Session) -> Json:
    first_hour = moment(school.year.first_monday, 0)

    def hour(place: int, end: int) -> Json:
        label: Json = {"G": place, "L": f"{first_hour + timedelta(minutes=30 * end):%Hh%M}"}
        return label if end % PLACES_PER_HOUR == 0 else label | {"A": False}

    return {
        "PlacesParJour": PLACES_PER_DAY,
        "PlacesParHeure": PLACES_PER_HOUR,
        "DureeSequence": 1 / 24,
        "PlaceDemiJourneeAbsence": 8,
        "activationDemiPension": True,
        "debutDemiPension": 8,
        "finDemiPension": 11,
        "AvecHeuresPleinesApresMidi": True,
        "JoursDemiPension": set_value(range(5)),
        "afficherSequences": False,
        "sequences": [str(number) for number in range(1, PLACES_PER_DAY // PLACES_PER_HOUR + 1)],
        "PremiereHeure": datetime_value(first_hour),
        "ListeHeures": list_value(hour(place, place) for place in range(PLACES_PER_DAY)),
        "ListeHeuresFin": list_value(hour(place, place + 1) for place in range(PLACES_PER_DAY)),
        "recreations": list_value([{"L": "Récréation matin", "N": "0", "place": 4}]),
        "listeJoursFeries": list_value(
            {
                "L": holiday.name,
                "N": session.object_number(52, holiday.key),
                "dateDebut": date_value(holiday.first),
                "dateFin": date_value(holiday.last),
            }
            for holiday in school.year.holidays
        ),
        "ListePeriodes": [
            {
                "N": session.object_number(PERIOD, period.key),
                "G": period.kind,
                "L": period.name,
                "periodeNotation": number,
                "dateDebut": date_value(period.first),
                "dateFin": date_value(period.last),
            }
            for number, period in enumerate(school.year.periods)
        ],
    }


def _marking(session: Session) -> Json:
    return {
        "BaremeNotation": mark_value("20"),
        "BaremeMaxDevoirs": mark_value("200"),
        "listeAnnotationsAutorisees": set_value(range(1, 8)),
        "ListeNiveauxDAcquisitions": list_value(
            _level(session, rank, level) for rank, level in enumerate(LEVELS, start=1)
        ),
        "AfficherAbbreviationNiveauDAcquisition": False,
        "AvecEvaluationHistorique": False,
        "SansValidationNivIntermediairesDsValidAuto": False,
        "NeComptabiliserQueEvalsAnneeScoDsValidAuto": True,
        "AvecGestionNiveauxCECRL": True,
        "couleurActiviteLangagiere": "#4E97E9",
        "minBaremeQuestionQCM": 1,
        "maxBaremeQuestionQCM": 100,
        "maxNbPointQCM": 20,
        "tailleLibelleElementGrilleCompetence": 255,
        "tailleCommentaireDevoir": 500,
    }


def _level(session: Session, rank: int, level: tuple[str, str, str, int]) -> Json:
    label, short, colour, points = level
    position = str(6 - rank)
    acquired = rank <= 2
    return {
        "L": label,
        "N": session.object_number(32, f"level-{rank}"),
        "G": rank,
        "P": rank,
        "listePositionnements": list_value(
            [{"G": rank, "L": label, "abbreviation": position, "abbreviationAvecPrefixe": f"Pos.{position}"}]
        ),
        "positionJauge": rank,
        "actifPour": set_value((0, 1)),
        "abbreviation": short,
        "raccourci": position,
        "raccourciPositionnement": position,
        "couleur": colour,
        "ponderation": mark_value(str(points)),
        "nombrePointsBrevet": mark_value(str(points)),
        "estAcqui": acquired,
        "estNonAcqui": not acquired,
        "estNotantPourTxReussite": True,
    }


def _rights() -> Json:
    return {
        "ActivationMessagerieEntreParents": False,
        "O365_Actif": False,
        "O365_ModeFederated": False,
        "O365_UrlTuto_Office": url_value(f"{_EXAMPLE}/office"),
        "O365_UrlTuto_OneDrive": url_value(f"{_EXAMPLE}/onedrive"),
        "AvecRecuperationInfosConnexion": True,
        "AvecElevesRattaches": False,
    }
