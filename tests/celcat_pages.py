"""Made-up Web Publisher pages in the recorded form: BOM, CRLF, spans, footer, members."""

from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass
class Event:
    series: int = 1
    day: int = 0
    begin: str = "08:00"
    end: str = "10:00"
    category: str | None = "COURS"
    weeks: tuple[int, ...] = (1,)
    modules: tuple[str, ...] = ("EPMAS1D1 - Informatique",)
    rooms: tuple[str, ...] = ("U2-217",)
    groups: tuple[str, ...] = ("L1 PS s1 CMA",)
    staff: tuple[str, ...] = ()
    notes: str | None = None
    attributes: str = ""
    pretty: str | None = None


@dataclass
class Page:
    name: str = "L1 PS (toutes sections et semestres confondus)"
    monday: date = date(2026, 11, 16)
    weeks: int = 3
    events: list[Event] = field(default_factory=lambda: [Event()])
    members: tuple[str, ...] = ("L1 PS s1 CMA", "L1 PS s1 TDA1")
    published: str = "20/11/2026 01:41:39"
    year_weeks: int = 52


def xml(page: Page | None = None) -> bytes:
    page = page or Page()
    spans = "\n".join(_span(page, n) for n in range(1, page.weeks + 1))
    events = "\n".join(_event(page, event) for event in page.events)
    members = "\n".join(f"<item>{name}</item>" for name in page.members)
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="gridttss.xsl"?>

<timetable>
<option combined="0" totalweeks="0" showemptydays="1" dayclass="reverse" titles="1" gridTimes="1">
<link href="g1.xml" class="xml">Version HTML imprimable</link>
<footer>Publié {page.published} - Université d'essai<br />Créé par\x20
<a href="http://celcat.test" target="_parent">CELCAT Web Publisher</a></footer>
<subheading>Emploi du temps Groupe - {page.name}</subheading></option>
<property><members><title>Membres du Groupe</title>
{members}</members></property>
<period id="0" col="4" times="07:45 - 08:45" />
{spans}
{events}
</timetable>
"""
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


def marks(positions: tuple[int, ...], length: int) -> str:
    return "".join("Y" if n in positions else "N" for n in range(1, length + 1))


def _span(page: Page, position: int) -> str:
    monday = page.monday + timedelta(weeks=position - 1)
    return f"""<span id="{position - 1}" date="{monday:%d/%m/%Y}" rawix="{position}" rawlen="1">
<title>{monday.isocalendar().week}</title>
<alleventweeks>{marks((position,), page.year_weeks)}</alleventweeks></span>"""


def _event(page: Page, event: Event) -> str:
    times = f"{event.begin.replace(':', '')}{event.end.replace(':', '')}"
    pretty = event.pretty if event.pretty is not None else f"{event.begin}-{event.end} {event.category or ''}"
    category = f"<category>{event.category}</category>" if event.category is not None else ""
    notes = f"<notes>{event.notes}</notes>" if event.notes is not None else ""
    kinds = {"module": event.modules, "staff": event.staff, "room": event.rooms, "group": event.groups}
    resources = "".join(
        f'<{kind} title="{kind}">' + "".join(f"<item>{item}</item>" for item in items) + f"</{kind}>\n"
        for kind, items in kinds.items()
        if items
    )
    return f"""<event id="{event.series}" timesort="{times}" colour="BFBFFF" ecs="4" ecc="8" er="0"{event.attributes}>
<day>{event.day}</day>
<prettytimes>{pretty}</prettytimes>
<starttime>{event.begin}</starttime>
<endtime>{event.end}</endtime>
{category}<prettyweeks></prettyweeks>
<rawweeks>{marks(event.weeks, page.year_weeks)}</rawweeks>
<resources>
{resources}</resources>
{notes}</event>"""
