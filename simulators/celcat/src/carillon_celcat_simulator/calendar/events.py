"""Events as `GetCalendarData` answers them (FORMATS.md section 3.2)."""

from datetime import timedelta
from typing import Any

from carillon_celcat_simulator.calendar.descriptions import description, join
from carillon_celcat_simulator.calendar.sites import Site
from carillon_celcat_simulator.model.academic_year import Holiday
from carillon_celcat_simulator.model.timetable import Meeting, Timetable
from carillon_celcat_simulator.publication import Publication

_ID_LEAD = "-1690272824:-431005734"
_EVENT, _HOLIDAY = 8, 9


def meeting_id(site: Site, meeting: Meeting) -> str:
    """`a:b:8:series:week`, or in builds of 2020 `1:series:week`."""
    lead = "1" if site.short_ids else f"{_ID_LEAD}:{_EVENT}"
    return f"{lead}:{meeting.series}:{meeting.week}"


def holiday_id(timetable: Timetable, holiday: Holiday) -> str:
    """`a:b:9:day of the year:week`."""
    day = (holiday.day - timetable.year.first_monday).days
    return f"{_ID_LEAD}:{_HOLIDAY}:{day + 1}:{timetable.year.week_of(holiday.day)}"


def meeting_event(site: Site, publication: Publication, meeting: Meeting) -> dict[str, Any]:
    """The event of a meeting."""
    timetable = publication.timetable
    modules = [module.code if site.module_codes else f"{module.code} {module.label}" for module in meeting.modules]
    return {
        "id": meeting_id(site, meeting),
        "start": timetable.begin_of(meeting).isoformat(),
        "end": timetable.end_of(meeting).isoformat(),
        "allDay": False,
        "description": description(site, publication, meeting),
        "backgroundColor": meeting.category.calendar_colour,
        "textColor": "#000000",
        "department": f"FSI - {meeting.groups[0].level}" if meeting.groups else None,
        "faculty": None,
        "eventCategory": meeting.category.name,
        **_sites_and_modules(site, [f"Bât. {room.building}" for room in meeting.rooms], modules),
    }


def holiday_event(site: Site, timetable: Timetable, holiday: Holiday) -> dict[str, Any]:
    """The event of a day without courses: all day, its end not known."""
    return {
        "id": holiday_id(timetable, holiday),
        "start": f"{holiday.day}T00:00:00",
        "end": None if site.null_answers else f"{holiday.day + timedelta(days=1)}T00:00:00",
        "allDay": True,
        "description": join(site, [["FERIE"], [holiday.name]]),
        "backgroundColor": "#C0C0C0",
        "textColor": "#000000",
        "department": None,
        "faculty": None,
        "eventCategory": "FERIE",
        **_sites_and_modules(site, [], []),
    }


def _sites_and_modules(site: Site, sites: list[str], modules: list[str]) -> dict[str, Any]:
    if site.strings:
        return {"module": modules[0] if modules else None, "site": sites[0] if sites else None}
    return {
        "sites": sites or None,
        "modules": modules or None,
        "registerStatus": 0,
        "studentMark": 0,
        "custom1": None,
        "custom2": None,
        "custom3": None,
    }
