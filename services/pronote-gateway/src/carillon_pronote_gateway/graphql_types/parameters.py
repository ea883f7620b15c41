"""The school and its site."""

from datetime import datetime

import strawberry


@strawberry.type
class PronoteLanguage:
    """A language of the interface."""

    id: int
    name: str


@strawberry.type
class PronoteAcquisitionLevelPositions:
    """A position on a level's scale."""

    name: str
    count: int
    short_name: str
    short_name_with_prefix: str | None = None


@strawberry.type
class PronoteAcquisitionLevel:
    """A level of mastery."""

    count: int
    positions: list[PronoteAcquisitionLevelPositions]
    trigger_position: float
    active_for: list[int]
    short_name: str
    short_path: str
    color: str | None = None
    weighting: float | None = None
    brevet_points: float | None = None
    acquired: bool | None = None
    counts_for_success: bool | None = None


@strawberry.type
class PronoteHoliday:
    """Days without lessons."""

    name: str
    from_: datetime = strawberry.field(name="from")
    to: datetime


@strawberry.type
class PronoteHour:
    """A line of the grid."""

    name: str
    count: int
    round: bool


@strawberry.type
class PronotePeriod:
    """A marking period."""

    name: str
    notation_period: int
    from_: datetime = strawberry.field(name="from")
    to: datetime


@strawberry.type
class PronoteBreak:
    """A break."""

    name: str
    position: int


@strawberry.type
class PronoteParams:
    """What Pronote says of the school and its site."""

    navigator_id: str | None = None
    fonts: list[str]
    with_member: bool
    for_new_caledonia: bool
    login_image_id: float
    login_image_url: str
    css_logo: str
    theme: float
    server_time: datetime
    mobile_url: str = strawberry.field(name="mobileURL")
    mobile_support: bool
    title: str
    index_education_website: str
    version: str
    version_full: str
    year: float
    language: PronoteLanguage | None = None
    supported_languages: list[PronoteLanguage | None]
    info_page: str
    has_forum: bool
    help_url: str = strawberry.field(name="helpURL")
    videos_url: str = strawberry.field(name="videosURL")
    twitter_url: str = strawberry.field(name="twitterURL")
    with_login_options: bool
    establishment: str
    display_weeks: str
    school_year: str
    first_cycle: datetime
    first_day: datetime
    first_monday: datetime
    last_day: datetime
    ticks_per_day: float
    ticks_per_hour: float
    sequence_duration: float
    ticks_for_half_day_absence: float
    has_lunch: bool
    lunch_start: float
    lunch_end: float
    with_plain_afternoon_hours: bool
    first_or_last_working_day: datetime
    working_days: list[float]
    lunch_days: list[float]
    parents_chat: bool
    working_days_per_cycle: float
    first_day_of_week: float
    timetable_grids_in_cycle: float
    working_days_cycle: list[float]
    half_working_days: list[list[float]]
    frequencies_ranges: list[list[float]]
    frequencies_labels: list[str]
    default_mark_max: float
    allowed_annotations: list[float]
    acquisition_levels: list[PronoteAcquisitionLevel | None]
    display_acquisition_short_label: bool
    with_evaluation_history: bool
    without_intermediary_level_auto_validation: bool
    only_school_year_evaluations_in_auto_validation: bool
    cecrl_levels_support: bool | None = strawberry.field(name="CECRLLevelsSupport", default=None)
    lang_activity_color: str | None = None
    min_mark_mcq: float = strawberry.field(name="minMarkMCQ")
    max_mark_mcq: float = strawberry.field(name="maxMarkMCQ")
    max_points_mcq: float = strawberry.field(name="maxPointsMCQ")
    skills_grid_label_size: float
    homework_comment_size: float
    office_enabled: bool
    office_federated_mode: bool
    office_tutorial: str
    one_drive_tutorial: str
    connexion_info_retrieval: bool
    font: str
    font_size: float
    attached_students: bool
    phone_mask: str
    max_ects: float = strawberry.field(name="maxECTS")
    max_appreciation_sizes: list[float]
    public_holidays: list[PronoteHoliday | None]
    display_sequences: bool
    first_hour: datetime
    hours: list[PronoteHour | None]
    end_hours: list[PronoteHour | None]
    sequences: list[str]
    periods: list[PronotePeriod | None]
    logo: float
    breaks: list[PronoteBreak | None]
    app_cookie_name: str
