"""The sources file (`CARILLON_SOURCES`): the institution, and what is read from where; TOML, checked whole at start.

Each service brings the models of its own formats and passes over the other service's entries. A secret is only ever
referred to: `{ env = "NAME" }` or `{ file = "path" }` (relative to the sources file), and is read when the file is.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from carillon_contracts.course import Slug, Source
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails


class SourcesFileError(Exception):
    """The sources file cannot be used; `problems` has one sentence for each thing that is wrong."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))
        self.path, self.problems = path, problems


def _duration(value: object) -> object:
    """`90s`, `15m`, `1h30m`, `2d`."""
    if isinstance(value, timedelta):
        return value
    form = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
    found = form.fullmatch(value) if isinstance(value, str) and value else None
    if found is None:
        raise ValueError('write a duration such as "90s", "15m", "1h30m" or "2d"')
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    if (length := timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)) < timedelta(seconds=1):
        raise ValueError("the shortest duration is one second")
    return length


def _web_address(value: object) -> object:
    if not isinstance(value, str):  # a ValueError is what Pydantic collects
        raise ValueError('write an address in quotes, such as "https://edt.example.fr/g123.xml"')  # noqa: TRY004
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("this is not a web address: check its host and port") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or re.search(r"\s", value):
        raise ValueError("write a whole web address that begins with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise ValueError('take user name and password out of the address and refer to them: { env = "NAME" }')
    return value


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(value.key if isinstance(value, ZoneInfo) else str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('write an IANA zone such as "Europe/Paris" or "America/Martinique"') from None


def _referred(value: object, info: ValidationInfo) -> object:
    """Read the secret that a reference names; the context has `folder`, where relative paths begin."""
    if not isinstance(value, dict) or len(value) != 1 or not set(value) <= {"env", "file"}:
        raise ValueError('a secret is never written here: refer to it with { env = "NAME" } or { file = "path" }')
    ((kind, name),) = value.items()
    if not isinstance(name, str) or not name:
        raise ValueError(f"{kind} is a name in quotes")
    if kind == "env":
        if not (found := os.environ.get(name)):
            raise ValueError(f"the environment variable {name} is not set")
        return SecretStr(found)
    try:
        return SecretStr(((info.context or {}).get("folder", Path()) / name).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the file {name} cannot be read ({type(error).__name__})") from None


def _address_or_reference(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, dict):
        return _web_address(value)
    secret = _referred(value, info)
    _web_address(secret.get_secret_value() if isinstance(secret, SecretStr) else secret)
    return secret


Duration = Annotated[timedelta, BeforeValidator(_duration)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
Secret = Annotated[SecretStr, BeforeValidator(_referred)]
SecretWebAddress = Annotated[str | SecretStr, BeforeValidator(_address_or_reference)]
"""An address that may hold a token: then it is given by reference."""


class Institution(BaseModel):
    """The table `[institution]`: whose days and weeks count."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str = Field(min_length=1)
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)]


UNNAMED = Institution(name="Carillon", timezone=ZoneInfo("Europe/Paris"))


class SourceEntry(BaseModel):
    """What every `[[source]]` has; each format adds its own keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    slug: Slug
    format: str
    url: SecretWebAddress
    publisher: str | None = Field(default=None, min_length=1, description="By default the host and port of `url`.")
    year: str = Field(min_length=1)
    timetable: str = Field(min_length=1)
    every: Duration = timedelta(hours=1)
    publish_teachers: bool = False

    @property
    def address(self) -> str:
        """Where to read, secrets and all: never shown."""
        return self.url.get_secret_value() if isinstance(self.url, SecretStr) else self.url

    @property
    def shown_address(self) -> str:
        """Where it is read, without query; of a secret address only the host."""
        parts = urlsplit(self.address)
        host = f"{parts.scheme}://{parts.netloc}"
        return host if isinstance(self.url, SecretStr) else host + parts.path

    def source(self) -> Source:
        """This entry as events show it."""
        return Source(
            slug=self.slug,
            format=self.format,
            url=self.shown_address,
            publisher=self.publisher or urlsplit(self.address).netloc.lower(),
            year=self.year,
            timetable=self.timetable,
        )


@dataclass(frozen=True)
class Sources:
    """A checked sources file."""

    institution: Institution
    entries: tuple[SourceEntry, ...]


def load_institution(path: Path | None) -> Institution:
    """Read only the institution; without a file it is nameless, in Europe/Paris.

    Raises:
        SourcesFileError: the file cannot be read, or its table `[institution]` is wrong.
    """
    if path is None:
        return UNNAMED
    text, document = _read(path)
    problems: list[str] = []
    institution = _institution(document, _Lines(text), problems)
    if institution is None:
        raise SourcesFileError(path, problems)
    return institution


def named_slugs(path: Path | None) -> frozenset[str]:
    """The slugs of all sources in the file, whoever reads them; none if it is not certain that these are all.

    Raises:
        SourcesFileError: the file cannot be read.
    """
    tables = _read(path)[1].get("source") if path else None
    slugs = [table.get("slug") if isinstance(table, dict) else None for table in _list(tables)]
    named = frozenset(slug for slug in slugs if isinstance(slug, str))
    return named if len(named) == len(slugs) else frozenset()


def load_sources(path: Path, formats: Mapping[str, type[SourceEntry]], others: frozenset[str] = frozenset()) -> Sources:
    """Read the entries whose format is one of `formats`; those of `others` belong to another service.

    Raises:
        SourcesFileError: with everything that is wrong at once.
    """
    text, document = _read(path)
    lines, problems = _Lines(text), list[str]()
    institution = _institution(document, lines, problems)
    for key in document.keys() - {"institution", "source"}:
        problems.append(f'unknown table "{key}": only [institution] and [[source]] are known')
    entries: list[SourceEntry] = []
    for place, table in _tables(document, lines, problems):
        entry = _entry(place, table, folder=path.parent, formats=formats, others=others, problems=problems)
        if entry is not None:
            entries.append(entry)
    if problems or institution is None:
        raise SourcesFileError(path, problems)
    return Sources(institution, tuple(entries))


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise SourcesFileError(path, [f"cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise SourcesFileError(path, ["is not UTF-8 text: save it as UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise SourcesFileError(path, [f"is not TOML: {error}"]) from None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


class _Lines:
    """Where tables and keys stand in the file: for messages only, so a guess is good enough."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._headers = [n for n, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*source\s*\]\]", line)]
        self._institution = [n for n, line in enumerate(self._lines) if re.match(r"\s*\[\s*institution\s*\]", line)]

    def of_institution(self, key: str | None = None) -> int | None:
        return self._find(self._institution, 0, key)

    def of_source(self, index: int, key: str | None = None) -> int | None:
        return self._find(self._headers, index, key)

    def _find(self, headers: list[int], index: int, key: str | None) -> int | None:
        if index >= len(headers):
            return None
        for number, line in enumerate(self._lines[headers[index] + 1 :], headers[index] + 1):
            if key is None or re.match(r"\s*\[", line):
                break
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
                return number + 1
        return headers[index] + 1


class _Place:
    """One entry, as messages name it."""

    def __init__(self, lines: _Lines, index: int, slug: object) -> None:
        self._lines, self._index = lines, index
        self._name = f'source "{slug}"' if isinstance(slug, str) else f"source number {index + 1}"

    def says(self, key: str | None, message: str) -> str:
        line = self._lines.of_source(self._index, key)
        where = f"line {line}, {self._name}" if line else self._name
        return f'{where}, key "{key}": {message}' if key else f"{where}: {message}"


def _institution(document: dict[str, Any], lines: _Lines, problems: list[str]) -> Institution | None:
    table = document.get("institution")
    if not isinstance(table, dict):
        problems.append('the table [institution] is missing: it has the keys name and timezone, e.g. "Europe/Paris"')
        return None
    try:
        return Institution.model_validate(table)
    except ValidationError as error:
        for key, message in _messages(error, Institution):
            problems.append(f'line {lines.of_institution(key) or "?"}, institution, key "{key}": {message}')
        return None


def _tables(document: dict[str, Any], lines: _Lines, problems: list[str]) -> Iterator[tuple[_Place, dict[str, Any]]]:
    tables = document.get("source", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        problems.append("write each source as a table of its own under [[source]]")
        return
    seen: dict[str, int] = {}
    for index, table in enumerate(tables):
        slug = table.get("slug")
        place = _Place(lines, index, slug)
        if isinstance(slug, str) and slug in seen:
            first = lines.of_source(seen[slug], "slug")
            problems.append(place.says("slug", f"another source (line {first}) has this slug already: choose another"))
        elif isinstance(slug, str):
            seen[slug] = index
        yield place, table


def _entry(
    place: _Place,
    table: dict[str, Any],
    *,
    folder: Path,
    formats: Mapping[str, type[SourceEntry]],
    others: frozenset[str],
    problems: list[str],
) -> SourceEntry | None:
    wanted = table.get("format")
    if isinstance(wanted, str) and wanted in others:
        return None
    model = formats.get(wanted) if isinstance(wanted, str) else None
    if model is None:
        known = ", ".join(sorted({*formats, *others}))
        message = f'unknown format "{wanted}"' if wanted is not None else "is missing"
        problems.append(place.says("format", f"{message}; known are: {known}"))
        return None
    try:
        return model.model_validate(table, context={"folder": folder})
    except ValidationError as error:
        problems.extend(place.says(key, message) for key, message in _messages(error, model))
        return None


def _messages(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[str | None, str]]:
    """The key and a sentence for each error; values are left out, since one may be a secret."""
    for detail in error.errors(include_url=False, include_input=False):
        path = [str(part) for part in detail["loc"]]
        yield (path[0] if path else None), _message(detail, model)


def _message(detail: ErrorDetails, model: type[BaseModel]) -> str:
    key = str(detail["loc"][0]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        known = sorted(model.model_fields)
        close = difflib.get_close_matches(key, known, 1)
        hint = f'; did you mean "{close[0]}"?' if close else ""
        return f"unknown key{hint} (known: {', '.join(known)})"
    if detail["type"] == "missing":
        return "is missing: add it"
    if key == "slug":
        return "write small letters, digits and hyphens, at most 63, the first no hyphen"
    return detail["msg"].removeprefix("Value error, ")
