"""The account."""

from collections.abc import Iterable
from typing import Any

from carillon_pronote import Reference, Session
from carillon_pronote.pages import attachments
from carillon_pronote.pages import user as client

from carillon_pronote_gateway.graphql_types import user as types

Account = types.StudentUser | types.ParentUser | types.StaffUser


def pupil_user(session: Session, found: client.User) -> types.StudentUser:
    """A pupil's account."""
    return types.StudentUser(**_common(found, types.Rights(**_rights(found))), **_pupil(session, found.pupils[0]))


def staff_user(_session: Session, found: client.User) -> types.StaffUser:
    """An account that is neither a pupil's nor a parent's."""
    return types.StaffUser(**_common(found, types.Rights(**_rights(found))))


def parent_user(session: Session, found: client.User) -> types.ParentUser:
    """A parent's account."""
    rights = types.ParentRights(
        **_rights(found),
        staff_discussion=found.rights.discussions_with_staff,
        parents_discussion=found.rights.discussions_with_parents,
        edit_student_password=found.rights.may_change_pupil_password,
        edit_coordinates=found.rights.may_change_contact,
        edit_authorizations=found.rights.may_change_permissions,
    )
    return types.ParentUser(
        **_common(found, rights),
        is_delegate=found.delegate,
        is_bd_member=found.board_member,
        can_discuss_with_managers=found.may_talk_to_guardians,
        absences_reasons=_named(found.absence_reasons),
        delays_reasons=_named(found.delay_reasons),
        class_delegates=_named(found.delegate_of),
        students=[types.PronoteStudent(name=one.pupil.name, **_pupil(session, one)) for one in found.pupils],
    )


def _common(found: client.User, rights: types.Rights | types.ParentRights) -> dict[str, Any]:
    return {
        "name": found.resource.name,
        "establishments_info": [_establishment(one) for one in found.establishments],
        "user_settings": _settings(found.settings),
        "session_authorizations": types.PronoteSessionAuthorizations(
            twitter_management=found.rights.twitter, expanded_attestation=found.rights.extended_certificates
        ),
        "authorizations": rights,
        "min_password_size": found.password_length[0],
        "max_password_size": found.password_length[1],
        "password_rules": list(found.password_rules),
        "kiosk_access": found.kiosk,
        "tabs": [_tab(one) for one in found.tabs],
        "hidden_tabs": list(found.hidden_tabs),
        "notified_tabs": list(found.notified_tabs),
    }


def _rights(found: client.User) -> dict[str, Any]:
    rights = found.rights
    return {
        "discussions": rights.discussions,
        "teachers_discussions": rights.discussions_with_teachers,
        "timetable_visible_weeks": list(rights.visible_weeks),
        "can_edit_lessons": list(rights.editable_weeks),
        "hide_class_parts": rights.class_parts_hidden,
        "max_establishment_file_size": rights.largest_school_file,
        "max_user_work_file_size": rights.largest_handed_in_file,
        "has_password": rights.may_change_password,
        "has_personal_info": rights.may_see_personal_information,
        "can_print": rights.may_print,
    }


def _settings(found: client.Settings) -> types.PronoteUserSettings:
    return types.PronoteUserSettings(
        version=found.version,
        timetable=types.PronoteUserTimetableSettings(
            display_canceled_lessons=found.with_cancelled,
            invert_axis=found.inverted,
            invert_weekly_plan_axis=found.weekly_plan_inverted,
            invert_day_plan_axis=found.day_plan_inverted,
            invert_day2_plan_axis=found.second_day_plan_inverted,
            day_count=found.days,
            resource_count=found.resources,
            days_in_timetable=found.timetable_days,
            sequence_count=found.sequences,
        ),
        theme=found.theme,
        unread_discussions=found.unread_discussions,
    )


def _establishment(one: client.Establishment) -> types.PronoteEstablishmentInfo:
    return types.PronoteEstablishmentInfo(
        name=one.establishment.name,
        logo_id=one.logo,
        address=[*one.address, "", ""][: max(2, len(one.address))],  # two lines, as in pronote-api
        postal_code=one.postal_code,
        postal_label=one.postal_label,
        city=one.city,
        province=one.province,
        country=one.country,
        website=one.website,
    )


def _pupil(session: Session, one: client.PupilDetails) -> dict[str, Any]:
    return {
        "establishment": _name(one.establishment),
        "avatar": attachments.photo_address(session, one.pupil.id) if one.has_photo else None,
        "student_class": _name(one.school_class),
        "class_history": [
            types.PronoteClassHistoryElement(
                name=former.school_class.name, had_marks=former.with_marks, had_options=former.with_options
            )
            for former in one.class_history
        ],
        "groups": _named(one.groups),
        "tabs_pillars": [
            types.PronoteTabPillars(tab=tab, levels=[_level(level) for level in levels])
            for tab, levels in one.tab_pillars
        ],
        "tabs_periods": [
            types.PronoteTabPeriods(
                tab=tab.tab,
                periods=[
                    types.PronoteTabPeriod(name=period.period.name, is_core_period=period.notation == 1)
                    for period in tab.periods
                ],
                default_period=_name(tab.default) if tab.default else None,
            )
            for tab in one.tab_periods
        ],
    }


def _level(one: client.PillarLevel) -> types.PronotePillarLevel:
    return types.PronotePillarLevel(
        name=one.level.name,
        pillars=[
            types.PronotePillar(
                name=pillar.pillar.name,
                is_foreign_language=pillar.foreign_language,
                is_core_skill=pillar.common_core,
                subject=_name(pillar.subject),
            )
            for pillar in one.pillars
        ],
    )


def _tab(one: client.Tab) -> types.PronoteTab:
    return types.PronoteTab(id=one.id, subs=[_tab(below) for below in one.below])


def _name(one: Reference | None) -> types.PronoteNamedObject:
    return types.PronoteNamedObject(name=one.name if one is not None else "")


def _named(found: Iterable[Reference]) -> list[types.PronoteNamedObject]:
    return [_name(one) for one in found]
