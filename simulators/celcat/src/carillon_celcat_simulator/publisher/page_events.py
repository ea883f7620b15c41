"""The events of a Web Publisher page."""

from collections.abc import Iterable, Iterator
from html import escape

from carillon_celcat_simulator.publisher.grid import box, hours
from carillon_celcat_simulator.publisher.pages import Node, Page


def event_lines(page: Page, node: Node) -> Iterator[str]:
    """The lines of one event element."""
    meeting, dialect = node.meeting, page.dialect
    begin, end, category = hours(meeting.begin), hours(meeting.end), _text(meeting.category.name)
    yield f"<event {' '.join(_attributes(page, node))}>"
    yield f"<day>{meeting.day}</day>"
    yield f"<prettytimes>{begin}-{end}{dialect.times_tail(category)}</prettytimes>"
    yield f"<starttime>{begin}</starttime>"
    yield f"<endtime>{end}</endtime>"
    if dialect.category:
        yield f"<category>{category}</category>"
    yield "<prettyweeks></prettyweeks>"
    yield f"<rawweeks>{page.week_string(*node.weeks)}</rawweeks>"
    lines = list(_resources(page, node))
    if meeting.notes is not None:
        lines.append("<notes>" + "<br />".join(_text(line) for line in meeting.notes.split("\n")) + "</notes>")
    lines[-1] += "</event>"
    yield from lines


def _attributes(page: Page, node: Node) -> Iterator[str]:
    meeting, dialect = node.meeting, page.dialect
    place = box(meeting.begin, meeting.end)
    values = {
        "id": meeting.series,
        "timesort": (hours(meeting.begin) + hours(meeting.end)).replace(":", "") if dialect.timesort else None,
        "colour": dialect.colour_sign + meeting.category.page_colour,
        "ecs": place.ecs,
        "ecc": place.ecc,
        "er": page.row_of[meeting],
        "sca": place.sca or None,
        "scb": place.scb or None,
        "date": f"{page.timetable.year.monday(node.weeks[0]):%d/%m/%Y}" if dialect.dated else None,
    }
    return (f'{name}="{value}"' for name, value in values.items() if value is not None)


def _resources(page: Page, node: Node) -> Iterator[str]:
    meeting, dialect = node.meeting, page.dialect
    yield "<resources>"
    lines = [
        *_resource(page, "module", "Matière", [
            (f"m{module.identifier}", module.name if dialect.module_codes else module.label)
            for module in meeting.modules
        ]),
        *_resource(page, "staff", "Enseignant", [
            (f"s{person.identifier}", person.name)
            for person in meeting.staff if dialect.staff
        ]),
        *_resource(page, "group", "Groupe", [(f"g{group.identifier}", group.name) for group in meeting.groups]),
        *_resource(page, "room", "Salle", [
            (f"r{room.identifier}", dialect.room_lead + room.name) for room in meeting.rooms
        ]),
    ]  # fmt: skip
    lines[-1] += "</resources>"
    yield from lines


def _resource(page: Page, tag: str, label: str, items: Iterable[tuple[str, str]]) -> list[str]:
    texts = [
        f'<a href="{stem}.html">{_text(text)}</a>' if page.dialect.linked_items else _text(text) for stem, text in items
    ]
    if not texts:
        return []
    lines = [f'<{tag} title="{label}{"s" if len(texts) > 1 else ""}">', *(f"<item>{text}</item>" for text in texts)]
    lines[-1] += f"</{tag}>"
    return lines


def _text(text: str) -> str:
    return escape(text, quote=False)
