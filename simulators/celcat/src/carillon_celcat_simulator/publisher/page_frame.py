"""The frame of a Web Publisher page: options, members, periods and spans."""

from collections.abc import Iterator
from html import escape

from carillon_celcat_simulator.publisher.grid import COLUMNS_A_PERIOD, FIRST_COLUMN, PERIODS, hours
from carillon_celcat_simulator.publisher.pages import Page

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WORDS = (
    ("weeks", "Semaines"), ("dates", "Dates"), ("week", "Semaine"), ("date", "Date"), ("all", "Toutes les semaines"),
    ("notes", "Remarques"), ("id", "ID"), ("eventname", "Nom de l'événement"), ("selectwk", "Sélectionner une semaine"),
    ("day", "Jour"), ("timeevent", "Horaire / événement"), ("weekind", "Semaine(s)"), ("details", "Détails"),
    ("custom1", "Custom 1"), ("custom2", "Custom 2"), ("custom3", "Custom 3"),
)  # fmt: skip
_LATER_WORDS = (("dept", "Département"), ("evcat", "Catégorie d'événement"), ("times", "Heures"))


def frame_lines(page: Page) -> Iterator[str]:
    """All lines before the first event."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<?xml-stylesheet type="text/xsl" href="gridttss.xsl"?>'
    yield ""
    yield "<timetable>"
    yield from _option(page)
    yield from _members(page)
    for number, period in enumerate(PERIODS):
        times = f' times="{hours(period.begin)} - {hours(period.end)}"' if period.labelled else ""
        yield f'<period id="{number}" col="{FIRST_COLUMN + COLUMNS_A_PERIOD * number}"{times} />'
    for number in range(page.window.weeks):
        yield from _span(page, number, page.window.first_week + number)


def _option(page: Page) -> Iterator[str]:
    yield '<option combined="0" totalweeks="0" showemptydays="1" dayclass="reverse" titles="1" gridTimes="1">'
    yield f'<link href="g{page.group.identifier}.xml" class="xml">Version HTML imprimable</link>'
    for tag, word in _WORDS:
        yield f"<{tag}>{word}</{tag}>"
    published = f"{page.dialect.footer_lead} {page.window.published:%d/%m/%Y %H:%M:%S}"
    yield f"<footer>{published} - {escape(page.timetable.institution, quote=False)}<br />Créé par "
    yield '<a href="http://www.celcat.com" target="_parent">CELCAT Web Publisher</a></footer>'
    if page.dialect.tag:
        yield "<tag>Etiquette</tag>"
    else:
        for tag, word in _LATER_WORDS:
            yield f"<{tag}>{word}</{tag}>"
    yield f"<subheading>Emploi du temps Groupe - {escape(page.group.page_name, quote=False)}</subheading></option>"


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
    yield from (f"<item>{escape(name, quote=False)}</item>" for name in below[:-1])
    yield f"<item>{escape(below[-1], quote=False)}</item></members></property>"


def _span(page: Page, number: int, week: int) -> Iterator[str]:
    monday = page.timetable.year.monday(week)
    iso_week = monday.isocalendar().week
    yield f'<span id="{number}" date="{monday:%d/%m/%Y}" rawix="{week}" rawlen="1">'
    yield f"<description>Semaine {iso_week}, Semaine commençant le {monday:%d/%m/%Y}</description>"
    yield f"<title>{iso_week}</title>"
    yield f"<alleventweeks>{page.week_string(week)}</alleventweeks>"
    # Monday to Friday always; Saturday and Sunday only where something is on.
    days = [day for day in range(7) if day < 5 or (week, day) in page.row_count]
    for day in days:
        yield f'<day id="{day}">'
        yield f"<name>{_DAYS[day]}</name>"
        count = page.row_count.get((week, day), 1)
        yield from (f'<row id="{row}" />' for row in range(count - 1))
        yield f'<row id="{count - 1}" /></day>' + ("</span>" if day == days[-1] else "")
