"""`ParametresUtilisateur`: who is signed in, and what the account may do (PAGES.md)."""

from carillon_pronote_simulator.pages.call import (
    CLASS,
    ESTABLISHMENT,
    GROUP,
    GUARDIAN,
    PERIOD,
    PUPIL,
    STAFF,
    TEACHER,
    Call,
)
from carillon_pronote_simulator.school.accounts import Kind
from carillon_pronote_simulator.school.attendance import ABSENCE_REASONS, DELAY_REASONS
from carillon_pronote_simulator.school.model import Pupil, SchoolClass
from carillon_pronote_simulator.school.people import CITY, SCHOOL_NAME, SUBJECTS
from carillon_pronote_simulator.typed import Json, date_value, domain_value, list_value, object_value, set_value

_FAMILY_TABS: list[Json] = [
    {"G": 7},
    {"G": 1, "Onglet": [{"G": 16}, {"G": 37}]},
    {"G": 2, "Onglet": [{"G": 88}, {"G": 89}, {"G": 99}]},
    {"G": 3, "Onglet": [{"G": 198}, {"G": 12}, {"G": 13}, {"G": 201}]},
    {"G": 19},
    {"G": 8},
    {"G": 10},
    {"G": 131},
    {"G": 49},
]
_STAFF_TABS: list[Json] = [
    {"G": 7},
    {"G": 1, "Onglet": [{"G": 16}]},
    {"G": 105},
    {"G": 8},
    {"G": 10},
    {"G": 131},
    {"G": 49},
]
_OUTSIDER_TABS: list[Json] = [{"G": 7}, {"G": 16}, {"G": 8}, {"G": 131}, {"G": 49}]
_TABS_WITH_PERIODS = (198, 13, 19, 201, 12)
_RESOURCE_KINDS: dict[Kind, int] = {
    "pupil": PUPIL,
    "parent": GUARDIAN,
    "teacher": TEACHER,
    "school-life": STAFF,
    "management": STAFF,
    "attendant": GUARDIAN,
    "company": GUARDIAN,
}
LARGEST_UPLOAD = 4 * 1024 * 1024


def allowed_tabs(kind: Kind) -> set[int]:
    """The tabs an account of that kind may use."""
    return {tab["G"] for entry in _tabs(kind) for tab in (entry, *entry.get("Onglet", ()))}


def _tabs(kind: Kind) -> list[Json]:
    if kind in ("pupil", "parent"):
        return _FAMILY_TABS
    return _OUTSIDER_TABS if kind in ("attendant", "company") else _STAFF_TABS


def user(call: Call) -> Json:
    """The resource signed in, its classes, settings, rights and tabs."""
    return {
        "ressource": _resource(call),
        "listeClasses": list_value(_class_with_level(call, school_class) for school_class in _classes(call)),
        "listeMotifsAbsences": list_value({"L": reason, "N": call.number(39, reason)} for reason in ABSENCE_REASONS),
        "listeMotifsRetards": list_value({"L": reason, "N": call.number(40, reason)} for reason in DELAY_REASONS),
        "listeInformationsEtablissements": list_value([_establishment_information(call)]),
        **_settings(),
        "autorisations": _rights(call),
        "reglesSaisieMDP": {"min": 8, "max": 64, "regles": set_value(range(5))},
        "autorisationKiosque": False,
        "listeOnglets": _tabs(call.account.kind),
        "listeOngletsInvisibles": [],
        "listeOngletsNotification": [7],
    }


def _classes(call: Call) -> list[SchoolClass]:
    if call.account.is_staff:
        return list(call.school.people.classes)
    return list(dict.fromkeys(pupil.school_class for pupil in call.account.pupils))


def _class_with_level(call: Call, school_class: SchoolClass) -> Json:
    level = {"L": school_class.level, "N": call.number(10, f"level-{school_class.level}")}
    return call.member(school_class, estResponsable=True, niveau=object_value(level))


def _establishment(call: Call) -> Json:
    return {"L": SCHOOL_NAME, "N": call.number(ESTABLISHMENT, "establishment")}


def _resource(call: Call) -> Json:
    account = call.account
    if account.kind == "pupil":
        return _pupil(call, account.pupils[0])
    resource = call.element(
        _RESOURCE_KINDS[account.kind],
        account.key,
        account.name,
        Etablissement=object_value(_establishment(call)),
        avecPhoto=False,
    )
    if account.kind in ("parent", "attendant", "company"):
        resource |= {
            "estDelegue": False,
            "estMembreCA": False,
            "avecDiscussionResponsables": True,
            "listeClassesDelegue": list_value([]),
            "listeRessources": [_pupil(call, pupil) for pupil in account.pupils],
        }
    return resource


def _pupil(call: Call, pupil: Pupil) -> Json:
    school_class = {"L": pupil.school_class.name, "N": call.number(CLASS, pupil.school_class.key)}
    return call.member(
        pupil,
        P=320,
        Etablissement=object_value(_establishment(call)),
        avecPhoto=True,
        classeDEleve=school_class,
        listeClassesHistoriques=list_value([{**school_class, "AvecNote": True, "AvecFiliere": False}]),
        listeGroupes=list_value({"L": group.name, "N": call.number(GROUP, group.key)} for group in pupil.groups),
        listeOngletsPourPiliers=list_value([_skills(call)]),
        listeOngletsPourPeriodes=list_value(_periods_of_tab(call, tab) for tab in _TABS_WITH_PERIODS),
        listeSessions=list_value(
            [{"date": date_value(call.school.year.first_day), "strHeureDebut": "08h00", "strHeureFin": "18h00"}]
        ),
    )


def _skills(call: Call) -> Json:
    pillar = call.element(
        23,
        "pillar-english",
        "D1.2 - ANGLAIS LV1",
        P=2,
        estPilierLVE=True,
        estSocleCommun=True,
        Service=object_value(call.subject(SUBJECTS["english"])),
    )
    level = call.element(27, "cycle-4", "Cycle 4", listePiliers=list_value([pillar]))
    return {"G": 45, "listePaliers": list_value([level])}


def _periods_of_tab(call: Call, tab: int) -> Json:
    periods = call.school.year.periods[:3]
    current = next((period for period in periods if period.holds(call.school.today)), periods[0])
    return {
        "G": tab,
        "listePeriodes": list_value(
            {
                "L": period.name,
                "N": call.number(PERIOD, period.key),
                "G": 2,
                "A": True,
                "GenreNotation": 1,
            }
            for period in periods
        ),
        "periodeParDefaut": object_value({"L": current.name, "N": call.number(PERIOD, current.key)}),
    }


def _establishment_information(call: Call) -> Json:
    return {
        **_establishment(call),
        "Logo": {"_T": 25, "V": 6},
        "Coordonnees": {
            "Adresse1": "1 rue des Collines",
            "Adresse2": "",
            "CodePostal": "00000",
            "LibellePostal": CITY,
            "LibelleVille": CITY,
            "Province": "",
            "Pays": "FRANCE",
            "SiteInternet": "https://www.example.org",
        },
    }


def _settings() -> Json:
    return {
        "parametresUtilisateur": {
            "version": 1,
            "EDT": {
                "afficherCoursAnnules": True,
                "axeInverseEDT": False,
                "axeInversePlanningHebdo": False,
                "axeInversePlanningJour": False,
                "axeInversePlanningJour2": False,
                "nbJours": 5,
                "nbRessources": 1,
                "nbJoursEDT": 5,
                "nbSequences": 10,
            },
            "theme": {"theme": 0},
            "Communication": {"DiscussionNonLues": False},
        },
        "autorisationsSession": {"fonctionnalites": {"gestionTwitter": False, "attestationEtendue": True}},
    }


def _rights(call: Call) -> Json:
    weeks = domain_value(range(1, call.school.year.weeks + 1))
    return {
        "AvecDiscussion": True,
        "AvecDiscussionProfesseurs": True,
        "AvecDiscussionPersonnels": True,
        "AvecDiscussionParents": False,
        "AvecDiscussionEleves": False,
        "AvecDiscussionAvancee": False,
        "discussionInterdit": False,
        "tailleMaxDocJointEtablissement": LARGEST_UPLOAD,
        "tailleMaxRenduTafEleve": LARGEST_UPLOAD,
        "autoriserImpression": True,
        "cours": {
            "domaineConsultationEDT": weeks,
            "domaineModificationCours": weeks,
            "masquerPartiesDeClasse": False,
        },
        "compte": {
            "avecSaisieMotDePasse": True,
            "avecInformationsPersonnelles": True,
            "avecSaisieMotDePasseEleve": True,
            "avecSaisieInfosPersoCoordonnees": True,
            "avecSaisieInfosPersoAutorisations": True,
        },
    }
