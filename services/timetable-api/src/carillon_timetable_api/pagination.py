"""Pages numbered as Django REST framework numbers them: `?page=3`, `?page=last`."""

import json
from dataclasses import dataclass
from typing import Annotated

from carillon_kit.languages import Text
from carillon_kit.problems import ProblemError
from fastapi import Query
from starlette.datastructures import URL

LAST = "last"
_LARGEST = 10**9

PageParameter = Annotated[
    str, Query(description="The number of the page, from 1, or `last`.", examples=["2"], alias="page")
]


def invalid_page() -> ProblemError:
    """The answer to a page that does not exist."""
    return ProblemError("invalid-page", 404, Text("Page non valide.", "Invalid page."))


@dataclass(frozen=True, slots=True)
class Paging:
    """Which items are wanted: `size` a page (0: all of them, in a bare list), and page `number`, None for the last."""

    size: int
    number: int | None = 1

    @property
    def limit(self) -> int | None:
        """The most items of an answer, None for no limit."""
        return self.size or None

    @property
    def offset(self) -> int:
        """How many items come before the page."""
        return self.size * ((self.number or 1) - 1)


def read(page: str, size: int) -> Paging:
    """Read the query parameter; it is not looked at where lists are bare.

    Raises:
        ProblemError: it is no page number.
    """
    if size == 0:
        return Paging(0)
    if page == LAST:
        return Paging(size, None)
    digits = page.strip() or "1"
    if not digits.isascii() or not digits.isdigit() or not 1 <= (number := int(digits[:18])) <= _LARGEST:
        raise invalid_page()
    return Paging(size, number)


def body(items: str, count: int, paging: Paging, url: URL) -> str:
    """A page's items between the links to its neighbours, which keep other query parameters; or the bare list.

    Raises:
        ProblemError: the page lies beyond the last one; the first one exists even if it is empty.
    """
    if paging.size == 0:
        return f"[{items}]"
    number = paging.number or 1
    if not items and number > 1:
        raise invalid_page()
    following = str(url.include_query_params(page=number + 1)) if count > number * paging.size else None
    links = f'"next":{_json(following)},"previous":{_json(_previous(url, number))}'
    return f'{{"count":{count},{links},"results":[{items}]}}'


def _json(link: str | None) -> str:
    return json.dumps(link, ensure_ascii=False)


def _previous(url: URL, number: int) -> str | None:
    if number == 1:
        return None
    return str(url.remove_query_params("page") if number == 2 else url.include_query_params(page=number - 1))  # noqa: PLR2004 - page 1 has the bare address
