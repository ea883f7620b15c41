"""The words of a text that a teacher formatted."""

import re

_SPACES = re.compile(r"[ \t\u00a0]+")
_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}


def words(formatted: str) -> str:
    """Take the tags off; blocks become lines."""
    if "<" not in formatted and "&" not in formatted:
        return formatted.strip()
    from lxml import html  # with the first such text: until then its 4 MiB are not needed

    try:
        tree = html.fragment_fromstring(formatted, create_parent="div")
    except (ValueError, html.etree.ParserError):
        return formatted.strip()
    for dead in tree.iter("script", "style"):
        dead.text = ""
    for element in tree.iter():
        if element.tag in _BLOCKS and element is not tree:
            element.tail = "\n" + (element.tail or "")
    lines = (_SPACES.sub(" ", line).strip() for line in tree.text_content().splitlines())
    return "\n".join(line for line in lines if line)
