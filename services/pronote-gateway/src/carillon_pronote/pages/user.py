"""Everything ParametresUtilisateur says of the account; came with the sign-in, so reading asks nothing of Pronote."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from carillon_pronote.reading import (
    Json,
    Reference,
    decoder,
    domain,
    entry,
    flag,
    items,
    local_moment,
    named,
    number,
    numbers,
    reference,
    references,
    text,
)
from carillon_pronote.session import Session

DEEPEST_TABS = 10


@dataclass(frozen=True, slots=True)
class FormerClass:
    """A class of this or an earlier time."""

    school_class: Reference
    with_marks: bool
    with_options: bool


@dataclass(frozen=True, slots=True)
class Pillar:
    """A domain of the common core."""

    pillar: Reference
    foreign_language: bool
    common_core: bool
    subject: Reference | None


@dataclass(frozen=True, slots=True)
class PillarLevel:
    """A cycle and its pillars."""

    level: Reference
    pillars: tuple[Pillar, ...]


@dataclass(frozen=True, slots=True)
class TabPeriod:
    """A period a page offers; ``notation`` 1 for an ordinary marking period."""

    period: Reference
    notation: int


@dataclass(frozen=True, slots=True)
class TabPeriods:
    """A page's periods and the one it opens with."""

    tab: int
    periods: tuple[TabPeriod, ...]
    default: Reference | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """When something of the pupil's is open, with times in Pronote's words ("08h00")."""

    on: datetime | None
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class PupilDetails:
    """A pupil as the account's answer describes it."""

    pupil: Reference
    establishment: Reference | None
    has_photo: bool
    school_class: Reference | None
    class_history: tuple[FormerClass, ...]
    groups: tuple[Reference, ...]
    tab_pillars: tuple[tuple[int, tuple[PillarLevel, ...]], ...]
    tab_periods: tuple[TabPeriods, ...]
    sittings: tuple[Sitting, ...]
    delegate: bool


@dataclass(frozen=True, slots=True)
class Establishment:
    """A school's address."""

    establishment: Reference
    logo: int
    address: tuple[str, ...]
    postal_code: str
    postal_label: str
    city: str
    province: str
    country: str
    website: str


@dataclass(frozen=True, slots=True)
class Settings:
    """How the person set the site up."""

    version: int
    theme: int
    unread_discussions: bool
    with_cancelled: bool
    inverted: bool
    weekly_plan_inverted: bool
    day_plan_inverted: bool
    second_day_plan_inverted: bool
    days: int
    resources: int
    timetable_days: int
    sequences: int


@dataclass(frozen=True, slots=True)
class Rights:
    """What the account may do; weeks are school weeks, sizes bytes."""

    discussions: bool
    discussions_with_teachers: bool
    discussions_with_staff: bool
    discussions_with_parents: bool
    discussions_with_pupils: bool
    advanced_discussions: bool
    discussions_forbidden: bool
    largest_school_file: int
    largest_handed_in_file: int
    may_print: bool
    visible_weeks: tuple[int, ...]
    editable_weeks: tuple[int, ...]
    class_parts_hidden: bool
    may_change_password: bool
    may_see_personal_information: bool
    may_change_pupil_password: bool
    may_change_contact: bool
    may_change_permissions: bool
    twitter: bool
    extended_certificates: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the menu and those below it."""

    id: int
    below: tuple["Tab", ...]


@dataclass(frozen=True, slots=True)
class User:
    """The account. ``delegate`` … ``may_talk_to_guardians`` and the reasons concern parents."""

    resource: Reference
    pupils: tuple[PupilDetails, ...]
    establishments: tuple[Establishment, ...]
    settings: Settings
    rights: Rights
    password_length: tuple[int, int]
    password_rules: tuple[int, ...]
    kiosk: bool
    tabs: tuple[Tab, ...]
    hidden_tabs: tuple[int, ...]
    notified_tabs: tuple[int, ...]
    delegate: bool
    board_member: bool
    may_talk_to_guardians: bool
    absence_reasons: tuple[Reference, ...]
    delay_reasons: tuple[Reference, ...]
    delegate_of: tuple[Reference, ...]


def read_user(session: Session) -> User:
    """Read what the sign-in brought."""
    return decode(session.raw_user(), session.timezone)


@decoder("ParametresUtilisateur")
def decode(raw: Json, timezone: ZoneInfo) -> User:
    """Read ParametresUtilisateur's ``data``."""
    resource, rules = entry(raw, "ressource"), entry(raw, "reglesSaisieMDP")
    own = reference(resource)
    children = [resource] if "classeDEleve" in resource else items(resource, "listeRessources")
    return User(
        resource=own,
        pupils=tuple(_pupil(child, timezone) for child in children),
        establishments=tuple(_establishment(item) for item in items(raw, "listeInformationsEtablissements")),
        settings=_settings(entry(raw, "parametresUtilisateur")),
        rights=_rights(entry(raw, "autorisations"), entry(raw, "autorisationsSession")),
        password_length=(number(rules, "min"), number(rules, "max")),
        password_rules=domain(rules, "regles"),
        kiosk=flag(raw, "autorisationKiosque"),
        tabs=tuple(_tab(item, 0) for item in items(raw, "listeOnglets")),
        hidden_tabs=numbers(raw, "listeOngletsInvisibles"),
        notified_tabs=numbers(raw, "listeOngletsNotification"),
        delegate=flag(resource, "estDelegue"),
        board_member=flag(resource, "estMembreCA"),
        may_talk_to_guardians=flag(resource, "avecDiscussionResponsables"),
        absence_reasons=references(raw, "listeMotifsAbsences"),
        delay_reasons=references(raw, "listeMotifsRetards"),
        delegate_of=references(resource, "listeClassesDelegue"),
    )


def _pupil(item: Json, timezone: ZoneInfo) -> PupilDetails:
    return PupilDetails(
        pupil=reference(item),
        establishment=named(item, "Etablissement"),
        has_photo=flag(item, "avecPhoto"),
        school_class=named(item, "classeDEleve"),
        class_history=tuple(
            FormerClass(reference(one), flag(one, "AvecNote"), flag(one, "AvecFiliere"))
            for one in items(item, "listeClassesHistoriques")
        ),
        groups=references(item, "listeGroupes"),
        tab_pillars=tuple(
            (number(tab, "G"), tuple(_pillar_level(level) for level in items(tab, "listePaliers")))
            for tab in items(item, "listeOngletsPourPiliers")
        ),
        tab_periods=tuple(_tab_periods(tab) for tab in items(item, "listeOngletsPourPeriodes")),
        sittings=tuple(
            Sitting(local_moment(one, "date", timezone), text(one, "strHeureDebut"), text(one, "strHeureFin"))
            for one in items(item, "listeSessions")
        ),
        delegate=flag(item, "estDelegue"),
    )


def _pillar_level(item: Json) -> PillarLevel:
    return PillarLevel(
        reference(item),
        tuple(
            Pillar(reference(one), flag(one, "estPilierLVE"), flag(one, "estSocleCommun"), named(one, "Service"))
            for one in items(item, "listePiliers")
        ),
    )


def _tab_periods(item: Json) -> TabPeriods:
    periods = (TabPeriod(reference(one), number(one, "GenreNotation")) for one in items(item, "listePeriodes"))
    return TabPeriods(number(item, "G"), tuple(periods), named(item, "periodeParDefaut"))


def _establishment(item: Json) -> Establishment:
    where = entry(item, "Coordonnees")
    return Establishment(
        establishment=reference(item),
        logo=number(item, "Logo"),
        address=tuple(line for line in (text(where, f"Adresse{place}") for place in range(1, 5)) if line),
        postal_code=text(where, "CodePostal"),
        postal_label=text(where, "LibellePostal"),
        city=text(where, "LibelleVille"),
        province=text(where, "Province"),
        country=text(where, "Pays"),
        website=text(where, "SiteInternet"),
    )


def _settings(item: Json) -> Settings:
    timetable = entry(item, "EDT")
    return Settings(
        version=number(item, "version"),
        theme=number(entry(item, "theme"), "theme"),
        unread_discussions=flag(entry(item, "Communication"), "DiscussionNonLues"),
        with_cancelled=flag(timetable, "afficherCoursAnnules"),
        inverted=flag(timetable, "axeInverseEDT"),
        weekly_plan_inverted=flag(timetable, "axeInversePlanningHebdo"),
        day_plan_inverted=flag(timetable, "axeInversePlanningJour"),
        second_day_plan_inverted=flag(timetable, "axeInversePlanningJour2"),
        days=number(timetable, "nbJours"),
        resources=number(timetable, "nbRessources"),
        timetable_days=number(timetable, "nbJoursEDT"),
        sequences=number(timetable, "nbSequences"),
    )


def _rights(item: Json, session: Json) -> Rights:
    lessons, account, functions = entry(item, "cours"), entry(item, "compte"), entry(session, "fonctionnalites")
    return Rights(
        discussions=flag(item, "AvecDiscussion"),
        discussions_with_teachers=flag(item, "AvecDiscussionProfesseurs"),
        discussions_with_staff=flag(item, "AvecDiscussionPersonnels"),
        discussions_with_parents=flag(item, "AvecDiscussionParents"),
        discussions_with_pupils=flag(item, "AvecDiscussionEleves"),
        advanced_discussions=flag(item, "AvecDiscussionAvancee"),
        discussions_forbidden=flag(item, "discussionInterdit"),
        largest_school_file=number(item, "tailleMaxDocJointEtablissement"),
        largest_handed_in_file=number(item, "tailleMaxRenduTafEleve"),
        may_print=flag(item, "autoriserImpression"),
        visible_weeks=domain(lessons, "domaineConsultationEDT"),
        editable_weeks=domain(lessons, "domaineModificationCours"),
        class_parts_hidden=flag(lessons, "masquerPartiesDeClasse"),
        may_change_password=flag(account, "avecSaisieMotDePasse"),
        may_see_personal_information=flag(account, "avecInformationsPersonnelles"),
        may_change_pupil_password=flag(account, "avecSaisieMotDePasseEleve"),
        may_change_contact=flag(account, "avecSaisieInfosPersoCoordonnees"),
        may_change_permissions=flag(account, "avecSaisieInfosPersoAutorisations"),
        twitter=flag(functions, "gestionTwitter"),
        extended_certificates=flag(functions, "attestationEtendue"),
    )


def _tab(item: Json, depth: int) -> Tab:
    below = items(item, "Onglet") if depth < DEEPEST_TABS else []
    return Tab(number(item, "G"), tuple(_tab(one, depth + 1) for one in below))
