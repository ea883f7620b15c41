"""The account."""

import strawberry


@strawberry.type
class PronoteNamedObject:
    """A named thing."""

    name: str


@strawberry.type
class PronoteClassHistoryElement:
    """A class of this or an earlier time."""

    name: str
    had_marks: bool
    had_options: bool


@strawberry.type
class PronotePillar:
    """A domain of the common core."""

    name: str
    is_foreign_language: bool
    is_core_skill: bool
    subject: PronoteNamedObject


@strawberry.type
class PronotePillarLevel:
    """A cycle and its pillars."""

    name: str
    pillars: list[PronotePillar]


@strawberry.type
class PronoteTabPillars:
    """A page's pillars."""

    tab: int
    levels: list[PronotePillarLevel]


@strawberry.type
class PronoteTabPeriod:
    """A period that a page offers."""

    name: str
    is_core_period: bool


@strawberry.type
class PronoteTabPeriods:
    """A page's periods."""

    tab: int
    periods: list[PronoteTabPeriod]
    default_period: PronoteNamedObject | None = None


@strawberry.type
class PronoteEstablishmentInfo:
    """A school's address."""

    name: str
    logo_id: int = strawberry.field(name="logoID")
    address: list[str]
    postal_code: str
    postal_label: str
    city: str
    province: str
    country: str
    website: str


@strawberry.type
class PronoteUserTimetableSettings:
    """How the timetable is shown."""

    display_canceled_lessons: bool
    invert_axis: bool
    invert_weekly_plan_axis: bool
    invert_day_plan_axis: bool
    invert_day2_plan_axis: bool
    day_count: int
    resource_count: int
    days_in_timetable: int
    sequence_count: int


@strawberry.type
class PronoteUserSettings:
    """How the person set the site up."""

    version: float
    timetable: PronoteUserTimetableSettings
    theme: int
    unread_discussions: bool


@strawberry.type
class PronoteSessionAuthorizations:
    """What the session may do."""

    twitter_management: bool
    expanded_attestation: bool


@strawberry.type
class PronoteTab:
    """A page of the menu and those below it."""

    id: int
    subs: "list[PronoteTab]"


@strawberry.type(name="PronoteUserAuthorizations")
class Rights:
    """What the account may do."""

    discussions: bool
    teachers_discussions: bool
    timetable_visible_weeks: list[int]
    can_edit_lessons: list[int]
    hide_class_parts: bool
    max_establishment_file_size: int
    max_user_work_file_size: int
    has_password: bool
    has_personal_info: bool
    can_print: bool


@strawberry.type(name="PronoteUserAuthorizations")
class ParentRights(Rights):
    """What a parent's account may do."""

    staff_discussion: bool
    parents_discussion: bool
    edit_student_password: bool
    edit_coordinates: bool
    edit_authorizations: bool


@strawberry.type
class _Schooling:
    """Where a pupil is taught."""

    establishment: PronoteNamedObject
    avatar: str | None = None
    student_class: PronoteNamedObject
    class_history: list[PronoteClassHistoryElement]
    groups: list[PronoteNamedObject]
    tabs_pillars: list[PronoteTabPillars]
    tabs_periods: list[PronoteTabPeriods]


@strawberry.type
class PronoteStudent(PronoteNamedObject, _Schooling):
    """A child of the account."""


@strawberry.type(name="PronoteUser")
class StaffUser:
    """An account of another kind."""

    name: str
    establishments_info: list[PronoteEstablishmentInfo]
    user_settings: PronoteUserSettings
    session_authorizations: PronoteSessionAuthorizations
    authorizations: Rights | None = None
    min_password_size: int
    max_password_size: int
    password_rules: list[int]
    kiosk_access: bool
    tabs: list[PronoteTab]
    hidden_tabs: list[int]
    notified_tabs: list[int]


@strawberry.type(name="PronoteUser")
class StudentUser(StaffUser, _Schooling):
    """A pupil's account."""


@strawberry.type(name="PronoteUser")
class ParentUser(StaffUser):
    """A parent's account."""

    authorizations: ParentRights | None = None
    is_delegate: bool
    is_bd_member: bool = strawberry.field(name="isBDMember")
    can_discuss_with_managers: bool
    absences_reasons: list[PronoteNamedObject]
    delays_reasons: list[PronoteNamedObject]
    class_delegates: list[PronoteNamedObject]
    students: list[PronoteStudent]
