"""The celcatsanitizer document, taken apart: every JSON example with the address that it stands under.

The document stays outside of the project (`CARILLON_SEEDS`); it is reStructuredText whose line breaks are lost.
"""

import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

_DEFAULT = Path(__file__).parents[1] / "../shared/seeds"
_ADDRESS = re.compile(r"``(api/[^`]*)``\)?\s*:?\s+(?=[-`]{8,})")
"""A heading: an address and its underline. That of an example of an error stands in parentheses."""
_JSON = re.compile(r"\.\. code:: json\s+")


class Example(NamedTuple):
    """`is_error` if it stands under a heading of its own, whose address has values in place of `<id>`."""

    address: str
    body: Any
    is_error: bool


def read_document() -> str:
    """The text; the test is skipped where it is not there."""
    folder = Path(os.environ.get("CARILLON_SEEDS", _DEFAULT))
    for file in sorted(folder.glob("*.txt")) if folder.is_dir() else []:
        text = file.read_text(encoding="utf-8")
        if "celcatsanitizer" in text and "api/years/" in text:
            return text
    pytest.skip("the celcatsanitizer document is not here: set CARILLON_SEEDS")


def examples(document: str) -> list[Example]:
    """All examples but the last, which repeats the envelope of pages (`envelope` gives it)."""
    headings = [(found.start(), found[1], document[found.start() - 1] == "(") for found in _ADDRESS.finditer(document)]
    result = []
    for found in _JSON.finditer(document, 0, document.index(".. _ref-pagination:")):
        _, address, is_error = max(heading for heading in headings if heading[0] < found.start())
        result.append(Example(address, _body(document, found.end()), is_error))
    return result


def envelope(document: str) -> dict[str, Any]:
    """The page that the chapter on pagination shows."""
    found = _JSON.search(document, document.index(".. _ref-pagination:"))
    assert found is not None
    return _body(document, found.end())


def addresses(document: str) -> list[str]:
    """Every address that has a heading of its own, examples of errors left out."""
    return [found[1] for found in _ADDRESS.finditer(document) if document[found.start() - 1] != "("]


def _body(document: str, start: int) -> Any:
    """The JSON that begins there; its ellipses stand for items that are left out."""
    rest = re.sub(r",?\s*…\s*(?=\])", " ", document[start:])
    return json.JSONDecoder().raw_decode(rest)[0]
