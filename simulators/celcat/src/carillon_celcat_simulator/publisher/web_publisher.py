"""Web Publisher pages (`g123.xml`), byte for byte in the form of the recorded ones: BOM, CRLF, order of everything.

Source of the form: FORMATS.md section 1 and the recorded pages of Toulouse.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from carillon_celcat_simulator.model.timetable import Group, Meeting, Timetable, clock
from carillon_celcat_simulator.publisher.grid import COLUMNS_A_PERIOD, FIRST_COLUMN, PERIODS, box, rows

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WORDS = (
    ("weeks", "Semaines"), ("dates", "Dates"), ("week", "Semaine"), ("date", "Date"), ("all", "Toutes les semaines"),
    ("notes", "Remarques"), ("id", "ID"), ("eventname", "Nom de l'événement"), ("selectwk", "Sélectionner une semaine"),
    ("day", "Jour"), ("timeevent", "Horaire / événement"), ("weekind", "Semaine(s)"), ("details", "Détails"),
    ("custom1", "Custom 1"), ("custom2", "Custom 2"), ("custom3", "Custom 3"),
)  # fmt: skip
_LATER_WORDS = (("dept", "Département"), ("evcat", "Catégorie d'événement"), ("times", "Heures"))


@dataclass(frozen=True, slots=True)
class Window:
    """Which weeks of the year a page publishes, and when it was written (local time without zone)."""

    first_week: int
    weeks: int
    published: datetime


@dataclass(slots=True)
class Page:
    """All that one page shows."""

    timetable: Timetable
    group: Group
    window: Window
    meetings: list[Meeting]


def page(timetable: Timetable, group: Group, window: Window, meetings: Iterable[Meeting]) -> bytes:
    """The page of a group: those of `meetings` (its own, of groups above it and below it) in the window."""
    last = window.first_week + window.weeks - 1
    shown = sorted(
        (meeting for meeting in meetings if window.first_week <= meeting.week <= last),
        key=lambda meeting: (meeting.day, meeting.begin, meeting.end, meeting.series, meeting.week),
    )
    lines = _lines(Page(timetable, group, window, shown))
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode()


def _lines(page: Page) -> Iterator[str]:
    row_of, row_count = _rows(page.meetings)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<?xml-stylesheet type="text/xsl" href="gridttss.xsl"?>'
    yield ""
    yield "<timetable>"
    yield from _option(page)
    yield from _members(page)
    for number, period in enumerate(PERIODS):
        times = f' times="{_hours(period.begin)} - {_hours(period.end)}"' if period.labelled else ""
        yield f'<period id="{number}" col="{FIRST_COLUMN + COLUMNS_A_PERIOD * number}"{times} />'
    weeks = range(page.window.first_week, page.window.first_week + page.window.weeks)
    spans = [line for number, week in enumerate(weeks) for line in _span(page, number, week, row_count)]
    events = [line for meeting in page.meetings for line in _event(page, meeting, row_of[meeting])]
    body = spans + events
    body[-1] += "</timetable>"
    yield from body


def _rows(meetings: list[Meeting]) -> tuple[dict[Meeting, int], dict[tuple[int, int], int]]:
    by_day: defaultdict[tuple[int, int], list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        by_day[meeting.week, meeting.day].append(meeting)
    row_of: dict[Meeting, int] = {}
    row_count: dict[tuple[int, int], int] = {}
    for day, found in by_day.items():
        given = rows([(meeting.begin, meeting.end) for meeting in found])
        row_of.update(zip(found, given, strict=True))
        row_count[day] = max(given) + 1
    return row_of, row_count


def _option(page: Page) -> Iterator[str]:
    yield '<option combined="0" totalweeks="0" showemptydays="1" dayclass="reverse" titles="1" gridTimes="1">'
    yield f'<link href="g{page.group.identifier}.xml" class="xml">Version HTML imprimable</link>'
    for tag, word in _WORDS:
        yield f"<{tag}>{word}</{tag}>"
    yield (
        f"<footer>Publié {page.window.published:%d/%m/%Y %H:%M:%S} - {_text(page.timetable.institution)}<br />Créé par "
    )
    yield '<a href="http://www.celcat.com" target="_parent">CELCAT Web Publisher</a></footer>'
    for tag, word in _LATER_WORDS:
        yield f"<{tag}>{word}</{tag}>"
    yield f"<subheading>Emploi du temps Groupe - {_text(page.group.page_name)}</subheading></option>"


def _members(page: Page) -> Iterator[str]:
    below = sorted(other.name for other in page.timetable.groups if page.group.holds(other) and other != page.group)
    if not page.group.kind:
        below += ["S1", "S2"]
    if not below:
        yield "<property />"
        return
    yield "<property>"
    yield "<members>"
    yield "<title>Membres du Groupe</title>"
    yield from (f"<item>{_text(name)}</item>" for name in below[:-1])
    yield f"<item>{_text(below[-1])}</item></members></property>"


def _span(page: Page, number: int, week: int, row_count: dict[tuple[int, int], int]) -> Iterator[str]:
    monday = page.timetable.year.monday(week)
    iso_week = monday.isocalendar().week
    yield f'<span id="{number}" date="{monday:%d/%m/%Y}" rawix="{week}" rawlen="1">'
    yield f"<description>Semaine {iso_week}, Semaine commençant le {monday:%d/%m/%Y}</description>"
    yield f"<title>{iso_week}</title>"
    yield f"<alleventweeks>{_week_string(page, week)}</alleventweeks>"
    # Monday to Friday always; Saturday and Sunday only where something is on.
    days = [day for day in range(7) if day < 5 or (week, day) in row_count]
    for day in days:
        yield f'<day id="{day}">'
        yield f"<name>{_DAYS[day]}</name>"
        count = row_count.get((week, day), 1)
        yield from (f'<row id="{row}" />' for row in range(count - 1))
        yield f'<row id="{count - 1}" /></day>' + ("</span>" if day == days[-1] else "")


def _event(page: Page, meeting: Meeting, row: int) -> Iterator[str]:
    begin, end = _hours(meeting.begin), _hours(meeting.end)
    place = box(meeting.begin, meeting.end)
    edges = (f' sca="{place.sca}"' if place.sca else "") + (f' scb="{place.scb}"' if place.scb else "")
    timesort = (begin + end).replace(":", "")
    yield (
        f'<event id="{meeting.series}" timesort="{timesort}" colour="{meeting.category.page_colour}" '
        f'ecs="{place.ecs}" ecc="{place.ecc}" er="{row}"{edges}>'
    )
    yield f"<day>{meeting.day}</day>"
    yield f"<prettytimes>{begin}-{end} {_text(meeting.category.name)}</prettytimes>"
    yield f"<starttime>{begin}</starttime>"
    yield f"<endtime>{end}</endtime>"
    yield f"<category>{_text(meeting.category.name)}</category>"
    yield "<prettyweeks></prettyweeks>"
    yield f"<rawweeks>{_week_string(page, meeting.week)}</rawweeks>"
    lines = list(_resources(meeting))
    if meeting.notes is not None:
        lines.append("<notes>" + "<br />".join(_text(line) for line in meeting.notes.split("\n")) + "</notes>")
    lines[-1] += "</event>"
    yield from lines


def _resources(meeting: Meeting) -> Iterator[str]:
    kinds = (
        ("module", "Matière", "Matières", [module.name for module in meeting.modules]),
        ("group", "Groupe", "Groupes", [group.name for group in meeting.groups]),
        ("room", "Salle", "Salles", [room.name for room in meeting.rooms]),
    )
    lines = ["<resources>"]
    for tag, one, several, names in kinds:
        if names:
            lines.append(f'<{tag} title="{one if len(names) == 1 else several}">')
            lines.extend(f"<item>{_text(name)}</item>" for name in names)
            lines[-1] += f"</{tag}>"
    lines[-1] += "</resources>"
    yield from lines


def _week_string(page: Page, week: int) -> str:
    return "N" * (week - 1) + "Y" + "N" * (page.timetable.year.weeks - week)


def _hours(minutes: int) -> str:
    return f"{clock(minutes):%H:%M}"


def _text(text: str) -> str:
    return escape(text, quote=False)
