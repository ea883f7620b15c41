"""Everything FonctionParametres says of the school; came with the sign-in, so reading it asks nothing of Pronote."""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from carillon_pronote.reading import (
    Json,
    decimal,
    decoder,
    domain,
    entry,
    flag,
    items,
    local_moment,
    names,
    number,
    numbers,
    text,
    texts,
)
from carillon_pronote.session import Session
from carillon_pronote.values import read_domain


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface: Windows' language number and a name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class LevelPosition:
    """A position on a level's scale."""

    name: str
    count: int
    short_name: str
    short_name_with_prefix: str


@dataclass(frozen=True, slots=True)
class AcquisitionLevel:
    """A level of mastery and how it counts."""

    id: str
    name: str
    count: int
    positions: tuple[LevelPosition, ...]
    trigger_position: int
    active_for: tuple[int, ...]
    short_name: str
    shortcut: str
    colour: str
    weighting: Decimal | None
    brevet_points: Decimal | None
    acquired: bool
    counts_for_success: bool


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days without lessons; both belong to it."""

    id: str
    name: str
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Hour:
    """A line of the grid: its place from the day's first and its name ("08h00"); ``round`` for a full hour."""

    name: str
    count: int
    round: bool


@dataclass(frozen=True, slots=True)
class SchoolPeriod:
    """A marking period as Pronote lists it. ``kind``: 1 trimester, 2 semester, 3 year."""

    id: str
    name: str
    kind: int
    notation: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Break:
    """A break and the place it lies before."""

    name: str
    place: int


@dataclass(frozen=True, slots=True)
class Grid:
    """How days and weeks are divided; "places" count from 0."""

    first_cycle: datetime | None
    first_day: datetime | None
    first_monday: datetime | None
    last_day: datetime | None
    next_working_day: datetime | None
    places_per_day: int
    places_per_hour: int
    sequence_duration: Decimal | None
    places_per_half_day_absence: int
    has_lunch: bool
    lunch_start: int
    lunch_end: int
    full_hours_after_noon: bool
    working_days: tuple[int, ...]
    lunch_days: tuple[int, ...]
    working_days_per_cycle: int
    first_day_of_week: int
    grids_in_cycle: int
    working_days_of_cycle: tuple[int, ...]
    working_half_days: tuple[tuple[int, ...], ...]
    frequency_weeks: tuple[tuple[int, ...], ...]
    frequency_labels: tuple[str, ...]
    first_hour: datetime | None
    hours: tuple[Hour, ...]
    end_hours: tuple[Hour, ...]
    sequences: tuple[str, ...]
    with_sequences: bool
    breaks: tuple[Break, ...]
    holidays: tuple[Holiday, ...]
    periods: tuple[SchoolPeriod, ...]

    def time_of(self, place: int) -> time | None:
        """Return when a place of the day begins, local time; None for a place the grid does not know."""
        named = {hour.count: hour.name for hour in self.hours}.get(place % (self.places_per_day or 1), "")
        hours, _, minutes = named.partition("h")
        return time(int(hours), int(minutes or 0)) if hours.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Assessment:
    """How the school marks."""

    greatest_mark: Decimal | None
    annotations: tuple[int, ...]
    levels: tuple[AcquisitionLevel, ...]
    short_levels: bool
    with_history: bool
    no_intermediary_validation: bool
    this_year_only: bool
    with_language_levels: bool
    language_colour: str
    least_question_points: int
    most_question_points: int
    most_questionnaire_points: int
    longest_skill_label: int
    longest_homework_comment: int
    most_ects: int
    longest_comments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """The Pronote site itself."""

    navigator: str
    fonts: tuple[str, ...]
    with_member: bool
    new_caledonia: bool
    image_kind: int
    image_url: str
    logo_style: str
    theme: int
    server_time: datetime | None
    mobile_url: str
    has_mobile: bool
    title: str
    maker_url: str
    version: str
    version_text: str
    year: int
    language: Language | None
    languages: tuple[Language, ...]
    legal_page: str
    has_forum: bool
    help_url: str
    videos_url: str
    twitter_url: str
    with_sign_in_choice: bool
    establishment: str
    calendar_weeks: int
    school_year: str
    parents_may_talk: bool
    office: bool
    office_federated: bool
    office_help: str
    drive_help: str
    may_recover_credentials: bool
    font: str
    font_size: int
    with_attached_pupils: bool
    phone_mask: str
    logo: int
    app_cookie: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """All of it."""

    site: Site
    grid: Grid
    assessment: Assessment


def read_parameters(session: Session) -> Parameters:
    """Read what the sign-in brought."""
    return decode(session.raw_parameters(), session.timezone)


@decoder("FonctionParametres")
def decode(raw: Json, timezone: ZoneInfo) -> Parameters:
    """Read FonctionParametres' ``data``."""
    general = entry(raw, "General")
    return Parameters(_site(raw, general, timezone), _grid(general, timezone), _assessment(general))


def _site(raw: Json, general: Json, timezone: ZoneInfo) -> Site:
    languages = tuple(
        Language(number(item, "langID"), text(item, "description")) for item in items(general, "listeLangues")
    )
    return Site(
        navigator=text(raw, "identifiantNav"),
        fonts=names(raw, "listePolices"),
        with_member=flag(raw, "avecMembre"),
        new_caledonia=flag(raw, "pourNouvelleCaledonie"),
        image_kind=number(raw, "genreImageConnexion"),
        image_url=text(raw, "urlImageConnexion"),
        logo_style=text(raw, "logoProduitCss"),
        theme=number(raw, "Theme"),
        server_time=local_moment(raw, "DateServeurHttp", timezone),
        mobile_url=text(raw, "URLMobile"),
        has_mobile=flag(raw, "AvecEspaceMobile"),
        title=text(raw, "Nom"),
        maker_url=text(general, "urlSiteIndexEducation"),
        version=text(general, "versionPN"),
        version_text=text(general, "version"),
        year=number(general, "millesime"),
        language=Language(number(general, "langID"), text(general, "langue")) if "langID" in general else None,
        languages=languages,
        legal_page=text(general, "lienMentions"),
        has_forum=flag(general, "avecForum"),
        help_url=text(general, "UrlAide"),
        videos_url=text(general, "urlAccesVideos"),
        twitter_url=text(general, "urlAccesTwitter"),
        with_sign_in_choice=flag(general, "AvecChoixConnexion"),
        establishment=text(general, "NomEtablissement"),
        calendar_weeks=number(general, "afficherSemainesCalendaires"),
        school_year=text(general, "AnneeScolaire"),
        parents_may_talk=flag(general, "ActivationMessagerieEntreParents"),
        office=flag(general, "O365_Actif"),
        office_federated=flag(general, "O365_ModeFederated"),
        office_help=text(general, "O365_UrlTuto_Office"),
        drive_help=text(general, "O365_UrlTuto_OneDrive"),
        may_recover_credentials=flag(general, "AvecRecuperationInfosConnexion"),
        font=text(general, "Police"),
        font_size=number(general, "TaillePolice"),
        with_attached_pupils=flag(general, "AvecElevesRattaches"),
        phone_mask=text(general, "maskTelephone"),
        logo=number(general, "logo"),
        app_cookie=text(general, "nomCookieAppli"),
    )


def _grid(general: Json, timezone: ZoneInfo) -> Grid:
    return Grid(
        first_cycle=local_moment(general, "dateDebutPremierCycle", timezone),
        first_day=local_moment(general, "PremiereDate", timezone),
        first_monday=local_moment(general, "PremierLundi", timezone),
        last_day=local_moment(general, "DerniereDate", timezone),
        next_working_day=local_moment(general, "JourOuvre", timezone),
        places_per_day=number(general, "PlacesParJour"),
        places_per_hour=number(general, "PlacesParHeure"),
        sequence_duration=decimal(general, "DureeSequence"),
        places_per_half_day_absence=number(general, "PlaceDemiJourneeAbsence"),
        has_lunch=flag(general, "activationDemiPension"),
        lunch_start=number(general, "debutDemiPension"),
        lunch_end=number(general, "finDemiPension"),
        full_hours_after_noon=flag(general, "AvecHeuresPleinesApresMidi"),
        working_days=domain(general, "JoursOuvres"),
        lunch_days=domain(general, "JoursDemiPension"),
        working_days_per_cycle=number(general, "joursOuvresParCycle"),
        first_day_of_week=number(general, "premierJourSemaine"),
        grids_in_cycle=number(general, "grillesEDTEnCycle"),
        working_days_of_cycle=domain(general, "setOfJoursCycleOuvre"),
        working_half_days=_domains(general, "DemiJourneesOuvrees"),
        frequency_weeks=_domains(general, "DomainesFrequences"),
        frequency_labels=texts(general, "LibellesFrequences"),
        first_hour=local_moment(general, "PremiereHeure", timezone),
        hours=_hours(general, "ListeHeures"),
        end_hours=_hours(general, "ListeHeuresFin"),
        sequences=texts(general, "sequences"),
        with_sequences=flag(general, "afficherSequences"),
        breaks=tuple(Break(text(item, "L"), number(item, "place")) for item in items(general, "recreations")),
        holidays=tuple(_holiday(item, timezone) for item in items(general, "listeJoursFeries")),
        periods=tuple(_period(item, timezone) for item in items(general, "ListePeriodes")),
    )


def _assessment(general: Json) -> Assessment:
    return Assessment(
        greatest_mark=decimal(general, "BaremeNotation"),
        annotations=domain(general, "listeAnnotationsAutorisees"),
        levels=tuple(_level(item) for item in items(general, "ListeNiveauxDAcquisitions")),
        short_levels=flag(general, "AfficherAbbreviationNiveauDAcquisition"),
        with_history=flag(general, "AvecEvaluationHistorique"),
        no_intermediary_validation=flag(general, "SansValidationNivIntermediairesDsValidAuto"),
        this_year_only=flag(general, "NeComptabiliserQueEvalsAnneeScoDsValidAuto"),
        with_language_levels=flag(general, "AvecGestionNiveauxCECRL"),
        language_colour=text(general, "couleurActiviteLangagiere"),
        least_question_points=number(general, "minBaremeQuestionQCM"),
        most_question_points=number(general, "maxBaremeQuestionQCM"),
        most_questionnaire_points=number(general, "maxNbPointQCM"),
        longest_skill_label=number(general, "tailleLibelleElementGrilleCompetence"),
        longest_homework_comment=number(general, "tailleCommentaireDevoir"),
        most_ects=number(general, "maxECTS"),
        longest_comments=numbers(general, "TailleMaxAppreciation"),
    )


def _level(item: Json) -> AcquisitionLevel:
    positions = (
        LevelPosition(text(one, "L"), number(one, "G"), text(one, "abbreviation"), text(one, "abbreviationAvecPrefixe"))
        for one in items(item, "listePositionnements")
    )
    return AcquisitionLevel(
        id=text(item, "N"),
        name=text(item, "L"),
        count=number(item, "G"),
        positions=tuple(positions),
        trigger_position=number(item, "positionJauge"),
        active_for=domain(item, "actifPour"),
        short_name=text(item, "abbreviation"),
        shortcut=text(item, "raccourci"),
        colour=text(item, "couleur"),
        weighting=decimal(item, "ponderation"),
        brevet_points=decimal(item, "nombrePointsBrevet"),
        acquired=flag(item, "estAcqui"),
        counts_for_success=flag(item, "estNotantPourTxReussite"),
    )


def _holiday(item: Json, timezone: ZoneInfo) -> Holiday:
    first, last = local_moment(item, "dateDebut", timezone), local_moment(item, "dateFin", timezone)
    return Holiday(text(item, "N"), text(item, "L"), first, last)


def _period(item: Json, timezone: ZoneInfo) -> SchoolPeriod:
    return SchoolPeriod(
        id=text(item, "N"),
        name=text(item, "L"),
        kind=number(item, "G"),
        notation=number(item, "periodeNotation"),
        first=local_moment(item, "dateDebut", timezone),
        last=local_moment(item, "dateFin", timezone),
    )


def _hours(general: Json, name: str) -> tuple[Hour, ...]:
    return tuple(
        Hour(text(item, "L"), number(item, "G"), flag(item, "A", default=True)) for item in items(general, name)
    )


def _domains(general: Json, name: str) -> tuple[tuple[int, ...], ...]:
    """Read a bare list of typed domains."""
    return tuple(read_domain(item.get("V")) for item in general.get(name) or () if isinstance(item, dict))
