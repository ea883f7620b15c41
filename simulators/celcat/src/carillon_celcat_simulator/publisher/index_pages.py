"""The pages by which groups are found: `gindex.html`, `finder.xml`, and `index.html` with links to finders."""

from collections.abc import Iterable
from html import escape

from carillon_celcat_simulator.model.timetable import Group


def group_index(groups: Iterable[Group]) -> bytes:
    """`gindex.html`: an option a group, its value the group's page."""
    options = "\r\n".join(
        f'<option value="g{group.identifier}.html">{escape(group.page_name)}</option>' for group in groups
    )
    return _html(
        "Groupes", f'<form name="L1"><select name="L2" onchange="go()" size="20">\r\n{options}\r\n</select></form>'
    )


def finder(groups: Iterable[Group]) -> bytes:
    """`finder.xml`: a resource element a group, with its name and page."""
    resources = "\r\n".join(
        f'<resource type="group">\r\n<name>{escape(group.page_name, quote=False)}</name>\r\n'
        f'<link href="g{group.identifier}.html"/></resource>'
        for group in groups
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\r\n<?xml-stylesheet type="text/xsl" href="finder.xsl"?>\r\n\r\n'
    return b"\xef\xbb\xbf" + f"{head}<finder>\r\n{resources}</finder>".encode()


def front_page(finders: Iterable[tuple[str, str]]) -> bytes:
    """`index.html`: an option a finder, given by name and address."""
    options = "\r\n".join(f'<option value="{escape(address)}">{escape(name)}</option>' for name, address in finders)
    return _html("Emplois du temps", f"<form><select>\r\n{options}\r\n</select></form>")


def _html(title: str, body: str) -> bytes:
    return (
        f'<!DOCTYPE html>\r\n<html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head>\r\n'
        f"<body>\r\n{body}\r\n</body></html>\r\n"
    ).encode()
