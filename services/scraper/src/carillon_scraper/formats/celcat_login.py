"""The login form of Calendar 8: what it holds, and what its answer means."""

from carillon_scraper.formats import html_page


def hidden_fields(body: bytes) -> dict[str, str]:
    """The form's hidden inputs, the anti-forgery token among them.

    Raises:
        ParseError: the bytes are no web page.
    """
    root = html_page.parse(body)
    inputs = (field for field in root.iter("input") if (field.get("type") or "").lower() == "hidden")
    return {field.get("name", ""): field.get("value", "") for field in inputs if field.get("name")}
