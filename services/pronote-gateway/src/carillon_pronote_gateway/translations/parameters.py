"""The school and its site."""

from decimal import Decimal
from typing import Any

from carillon_pronote.pages import parameters as client

from carillon_pronote_gateway.graphql_types.parameters import (
    PronoteAcquisitionLevel,
    PronoteAcquisitionLevelPositions,
    PronoteBreak,
    PronoteHoliday,
    PronoteHour,
    PronoteLanguage,
    PronoteParams,
    PronotePeriod,
)
from carillon_pronote_gateway.translations.moments import said


def params(found: client.Parameters) -> PronoteParams:
    """All of it."""
    return PronoteParams(**_site(found.site), **_grid(found.grid), **_assessment(found.assessment))


def _site(site: client.Site) -> dict[str, Any]:
    return {
        "navigator_id": site.navigator or None,
        "fonts": list(site.fonts),
        "with_member": site.with_member,
        "for_new_caledonia": site.new_caledonia,
        "login_image_id": site.image_kind,
        "login_image_url": site.image_url,
        "css_logo": site.logo_style,
        "theme": site.theme,
        "server_time": said(site.server_time),
        "mobile_url": site.mobile_url,
        "mobile_support": site.has_mobile,
        "title": site.title,
        "index_education_website": site.maker_url,
        "version": site.version,
        "version_full": site.version_text,
        "year": site.year,
        "language": _language(site.language),
        "supported_languages": [_language(one) for one in site.languages],
        "info_page": site.legal_page,
        "has_forum": site.has_forum,
        "help_url": site.help_url,
        "videos_url": site.videos_url,
        "twitter_url": site.twitter_url,
        "with_login_options": site.with_sign_in_choice,
        "establishment": site.establishment,
        "display_weeks": str(site.calendar_weeks),
        "school_year": site.school_year,
        "parents_chat": site.parents_may_talk,
        "office_enabled": site.office,
        "office_federated_mode": site.office_federated,
        "office_tutorial": site.office_help,
        "one_drive_tutorial": site.drive_help,
        "connexion_info_retrieval": site.may_recover_credentials,
        "font": site.font,
        "font_size": site.font_size,
        "attached_students": site.with_attached_pupils,
        "phone_mask": site.phone_mask,
        "logo": site.logo,
        "app_cookie_name": site.app_cookie,
    }


def _grid(grid: client.Grid) -> dict[str, Any]:
    return {
        "first_cycle": said(grid.first_cycle or grid.first_monday),
        "first_day": said(grid.first_day),
        "first_monday": said(grid.first_monday),
        "last_day": said(grid.last_day),
        "ticks_per_day": grid.places_per_day,
        "ticks_per_hour": grid.places_per_hour,
        "sequence_duration": float(grid.sequence_duration or 0),
        "ticks_for_half_day_absence": grid.places_per_half_day_absence,
        "has_lunch": grid.has_lunch,
        "lunch_start": grid.lunch_start,
        "lunch_end": grid.lunch_end,
        "with_plain_afternoon_hours": grid.full_hours_after_noon,
        "first_or_last_working_day": said(grid.next_working_day or grid.first_day),
        "working_days": list(grid.working_days),
        "lunch_days": list(grid.lunch_days),
        "working_days_per_cycle": grid.working_days_per_cycle,
        "first_day_of_week": grid.first_day_of_week,
        "timetable_grids_in_cycle": grid.grids_in_cycle,
        "working_days_cycle": list(grid.working_days_of_cycle),
        "half_working_days": [list(days) for days in grid.working_half_days],
        "frequencies_ranges": [list(weeks) for weeks in grid.frequency_weeks],
        "frequencies_labels": list(grid.frequency_labels),
        "public_holidays": [
            PronoteHoliday(name=one.name, from_=said(one.first), to=said(one.last)) for one in grid.holidays
        ],
        "display_sequences": grid.with_sequences,
        "first_hour": said(grid.first_hour or grid.first_day),
        "hours": [PronoteHour(name=one.name, count=one.count, round=one.round) for one in grid.hours],
        "end_hours": [PronoteHour(name=one.name, count=one.count, round=one.round) for one in grid.end_hours],
        "sequences": list(grid.sequences),
        "periods": [
            PronotePeriod(name=one.name, notation_period=one.notation, from_=said(one.first), to=said(one.last))
            for one in grid.periods
        ],
        "breaks": [PronoteBreak(name=one.name, position=one.place) for one in grid.breaks],
    }


def _assessment(found: client.Assessment) -> dict[str, Any]:
    return {
        "default_mark_max": float(found.greatest_mark or 0),
        "allowed_annotations": list(found.annotations),
        "acquisition_levels": [_level(one) for one in found.levels],
        "display_acquisition_short_label": found.short_levels,
        "with_evaluation_history": found.with_history,
        "without_intermediary_level_auto_validation": found.no_intermediary_validation,
        "only_school_year_evaluations_in_auto_validation": found.this_year_only,
        "cecrl_levels_support": found.with_language_levels,
        "lang_activity_color": found.language_colour or None,
        "min_mark_mcq": found.least_question_points,
        "max_mark_mcq": found.most_question_points,
        "max_points_mcq": found.most_questionnaire_points,
        "skills_grid_label_size": found.longest_skill_label,
        "homework_comment_size": found.longest_homework_comment,
        "max_ects": found.most_ects,
        "max_appreciation_sizes": list(found.longest_comments),
    }


def _level(one: client.AcquisitionLevel) -> PronoteAcquisitionLevel:
    return PronoteAcquisitionLevel(
        count=one.count,
        positions=[
            PronoteAcquisitionLevelPositions(
                name=position.name,
                count=position.count,
                short_name=position.short_name,
                short_name_with_prefix=position.short_name_with_prefix or None,
            )
            for position in one.positions
        ],
        trigger_position=one.trigger_position,
        active_for=list(one.active_for),
        short_name=one.short_name,
        short_path=one.shortcut,
        color=one.colour or None,
        weighting=_float(one.weighting),
        brevet_points=_float(one.brevet_points),
        acquired=one.acquired,
        counts_for_success=one.counts_for_success,
    )


def _language(one: client.Language | None) -> PronoteLanguage | None:
    return PronoteLanguage(id=one.id, name=one.name) if one is not None else None


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)
