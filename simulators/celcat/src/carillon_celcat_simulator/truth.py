"""The plain statement of what is published, computed from the model and from no format."""

from typing import Any

from carillon_celcat_simulator.model.timetable import Group, Meeting
from carillon_celcat_simulator.publication import TIME_ZONE, Publication
from carillon_celcat_simulator.token_feed import token


def truth(publication: Publication) -> dict[str, Any]:
    """All that tests compare with: groups, rooms, holidays and every meeting of the year (times local, no zone).

    `on_pages` of a meeting says whether its week is in the window of the Web Publisher pages; `name` is its modules
    joined by a comma and a blank, or null; `type` its category.
    """
    timetable, window = publication.timetable, publication.window
    weeks = range(window.first_week, window.first_week + window.weeks)
    return {
        "institution": timetable.institution,
        "timezone": TIME_ZONE.key,
        "today": publication.today().isoformat(),
        "published": publication.published.isoformat(),
        "first_monday": timetable.year.first_monday.isoformat(),
        "weeks_of_year": timetable.year.weeks,
        "weeks_on_pages": [timetable.year.monday(week).isoformat() for week in weeks],
        "groups": [_group(group) for group in timetable.groups],
        "rooms": [room.name for room in timetable.rooms],
        "holidays": [{"date": holiday.day.isoformat(), "name": holiday.name} for holiday in timetable.holidays],
        "meetings": [meeting_truth(publication, meeting) for meeting in timetable.meetings.values()],
    }


def meeting_truth(publication: Publication, meeting: Meeting) -> dict[str, Any]:
    """One meeting of the statement."""
    timetable, window = publication.timetable, publication.window
    return {
        "key": meeting.key,
        "id": str(meeting.series),
        "week": meeting.week,
        "begin": timetable.begin_of(meeting).isoformat(),
        "end": timetable.end_of(meeting).isoformat(),
        "name": ", ".join(module.name for module in meeting.modules) or None,
        "type": meeting.category.name,
        "modules": [module.name for module in meeting.modules],
        "groups": [group.name for group in meeting.groups],
        "rooms": [room.name for room in meeting.rooms],
        "staff": [person.name for person in meeting.staff],
        "notes": meeting.notes,
        "on_pages": window.first_week <= meeting.week < window.first_week + window.weeks,
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "id": group.identifier,
        "name": group.name,
        "mention": group.mention,
        "semester": group.semester,
        "subgroup": group.kind + group.section + group.digits or None,
        "page": f"publisher/g{group.identifier}.xml",
        "resource_name": group.resource_name,
        "federation_id": group.federation_id,
        "token_feed": f"cal/ical/{token(group)}/schedule.ics",
    }
