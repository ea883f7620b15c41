"""The `description` of an event: sections in the order of the site, escaped once (FORMATS.md section 3.3)."""

from carillon_celcat_simulator.calendar.sites import Site
from carillon_celcat_simulator.model.timetable import Meeting
from carillon_celcat_simulator.publication import Publication

_BETWEEN_SECTIONS = "\r\n\r\n<br />\r\n\r\n"
_BETWEEN_VALUES = "<br />"


def description(site: Site, publication: Publication, meeting: Meeting) -> str:
    """The description of one meeting; sections without a value are left out."""
    sections = [_values(site, publication, meeting, section) for section in site.sections_of(meeting)]
    return join(site, [_cut(site, values) for values in sections if values])


def join(site: Site, sections: list[list[str]]) -> str:
    """Sections of values as one description."""
    text = _BETWEEN_SECTIONS.join(_BETWEEN_VALUES.join(escaped(value) for value in values) for values in sections)
    text += "\r\n"
    return text.replace(" ", "\u00a0") if site.no_break_spaces else text


def escaped(value: str) -> str:
    """HTML-escaped as CELCAT does: `&amp;` `&lt;` `&gt;` `&quot;`, all else that is not ASCII letters by number."""
    named = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
    return "".join(named.get(sign) or (f"&#{ord(sign)};" if 160 <= ord(sign) < 256 else sign) for sign in value)


def _resources(site: Site, meeting: Meeting, section: str) -> list[str]:
    """All values of one kind of resource (module, room, group or staff), spelled as the site does."""
    match section:
        case "module":
            return [site.spelling.module(module) for module in meeting.modules]
        case "room":
            return [site.spelling.room(room) for room in meeting.rooms]
        case "group":
            return [site.spelling.group(group) for group in meeting.groups]
        case _:
            return [site.spelling.person(person) for person in meeting.staff]


def _values(site: Site, publication: Publication, meeting: Meeting, section: str) -> list[str]:
    match section:
        case "category":
            return [meeting.category.name]
        case "notes":
            return meeting.notes.split("\n") if meeting.notes and meeting.notes.strip() else []
        case "weeks":
            return [_week_ranges(publication, meeting.series)]
        case "identifier":
            return [f"Salle TD avec ID {1_600_000 + meeting.series % 10_000}"] if not meeting.rooms else []
        case _:
            return _resources(site, meeting, section)


def _week_ranges(publication: Publication, series: int) -> str:
    """The calendar weeks of a series in runs: `37-43,45-49`."""
    runs: list[list[int]] = []
    for week in publication.weeks_of(series):
        if runs and runs[-1][-1] == week - 1:
            runs[-1].append(week)
        else:
            runs.append([week])
    year = publication.timetable.year
    bounds = [[year.monday(week).isocalendar().week for week in dict.fromkeys((run[0], run[-1]))] for run in runs]
    return ",".join("-".join(str(week) for week in run) for run in bounds)


def _cut(site: Site, values: list[str]) -> list[str]:
    left = len(values) - site.values_cap
    return values if left <= 0 else [*values[: site.values_cap], f"({left} more...)"]
