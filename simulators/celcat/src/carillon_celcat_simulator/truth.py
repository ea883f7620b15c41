"""The plain statement of what is published, computed from the model and from no format."""

from typing import Any

from carillon_celcat_simulator.model.timetable import Meeting, Timetable
from carillon_celcat_simulator.publication import Publication


def truth(publication: Publication) -> dict[str, Any]:
    """All that tests compare with: groups, rooms, holidays and every meeting of the year (times local, no zone).

    `on_pages` of a meeting says whether its week is in the window of the Web Publisher pages; `name` is its modules
    joined by a comma and a blank, or null; `type` its category.
    """
    timetable, window = publication.timetable, publication.window
    weeks = range(window.first_week, window.first_week + window.weeks)
    return {
        "institution": timetable.institution,
        "timezone": "Europe/Paris",
        "today": publication.today().isoformat(),
        "published": publication.published.isoformat(),
        "first_monday": timetable.year.first_monday.isoformat(),
        "weeks_of_year": timetable.year.weeks,
        "weeks_on_pages": [timetable.year.monday(week).isoformat() for week in weeks],
        "groups": [
            {"id": group.identifier, "name": group.name, "page": f"g{group.identifier}.xml", "mention": group.mention,
             "semester": group.semester, "federation_id": group.federation_id, "resource_name": group.resource_name}
            for group in timetable.groups
        ],
        "rooms": [room.name for room in timetable.rooms],
        "holidays": [{"date": holiday.day.isoformat(), "name": holiday.name} for holiday in timetable.holidays],
        "meetings": [_meeting(timetable, meeting, meeting.week in weeks) for meeting in timetable.meetings.values()],
    }  # fmt: skip


def _meeting(timetable: Timetable, meeting: Meeting, on_pages: bool) -> dict[str, Any]:
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
        "staff": [f"{person.surname} {person.first_name}" for person in meeting.staff],
        "notes": meeting.notes,
        "on_pages": on_pages,
    }
