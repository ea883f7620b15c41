"""Which of a site's groups a source wants: `"*"`, ids, or name patterns with `*` and `?`."""

import re
from collections.abc import Iterable
from typing import Annotated, TypeVar

from carillon_kit.languages import Text
from pydantic import BeforeValidator

from carillon_scraper.failures import ReadFailedError

T = TypeVar("T")


def _patterns(value: object) -> object:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)) or not value or not all(isinstance(v, str) and v.strip() for v in value):
        raise ValueError('write "*", or a list of ids and name patterns such as ["L1 *", "IINA9CMA"]')
    return tuple(value)


Patterns = Annotated[tuple[str, ...], BeforeValidator(_patterns)]
ALL: Patterns = ("*",)


def calendar_key(name: str) -> str:
    """A resource's name as one level of a subject."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)[:128] or "group"


def is_pattern(wanted: str) -> bool:
    """Whether it may stand for several groups."""
    return "*" in wanted or "?" in wanted


def matches(wanted: str, names: Iterable[str]) -> bool:
    """Whether one of a group's names (id, label) is the wanted one, letter case aside."""
    form = re.escape(wanted.strip()).replace(r"\*", ".*").replace(r"\?", ".")
    return any(re.fullmatch(form, name.strip(), re.IGNORECASE | re.DOTALL) for name in names)


def unmatched(patterns: Patterns, offered: Iterable[tuple[str, ...]]) -> list[ReadFailedError]:
    """One failure for each pattern that fits no group; `offered` are the names of each group."""
    groups = list(offered)
    return [_unknown(wanted) for wanted in patterns if not any(matches(wanted, names) for names in groups)]


def _unknown(wanted: str) -> ReadFailedError:
    shown = wanted[:60]
    if wanted == "*":
        reason = Text("La liste des groupes est vide", "The list of groups is empty")
    else:
        reason = Text(
            f"Aucun groupe ne correspond à « {shown} » : corrigez groups dans le fichier des sources",
            f'No group fits "{shown}": mend groups in the sources file',
        )
    return ReadFailedError("unknown-group", reason)
