"""The table of portals: read from TOML, checked whole at the start, searched by name or host."""

import tomllib
import unicodedata
from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Self

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from carillon_pronote.ent.educonnect import EDUCONNECT_HOST
from carillon_pronote.ent.flow_parameters import FlowParameters, Host
from carillon_pronote.ent.flows import DIRECT, FLOWS, Flow
from carillon_pronote.errors import EntUnknownError

_Name = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=64)


class EntTableError(ValueError):
    """A table of portals cannot be used; the message names the file, the entry and the key."""


class EntAccount(BaseModel):
    """One way into Pronote through a portal.

    Attributes:
        id: pronote-api's name where it has one, else pronotepy's.
        aliases: other names for the same way, as pronotepy spells them.
        name: the portal's name for people.
        academies: the academies it serves, in French; empty for portals that are not an academy's.
        hosts: where Pronote's redirect to this portal leads, with the port where it is not the usual one.
        password_hosts: hosts that may be sent the password beside those the parameters name.
        flow: the flow's name.
        prefer: the id of an entry for the same people that should be tried first.
        note: what else is known of it.
        parameters: the flow's parameters, checked by its model.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = _Name
    aliases: tuple[str, ...] = ()
    name: str = Field(min_length=1)
    academies: tuple[str, ...] = ()
    hosts: tuple[Host, ...] = ()
    password_hosts: tuple[Host, ...] = ()
    flow: str
    prefer: str | None = None
    note: str = ""
    parameters: FlowParameters = FlowParameters()

    @model_validator(mode="before")
    @classmethod
    def _read_parameters(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        flow = FLOWS.get(str(values.get("flow")))
        if flow is None:
            raise ValueError(f"flow: {values.get('flow')!r} is none of {', '.join(sorted(FLOWS))}")
        try:
            parameters = flow.parameters.model_validate(values.get("parameters", {}))
        except ValidationError as error:
            raise ValueError("; ".join(_sentences(error, "parameters."))) from None
        return {**values, "parameters": parameters}

    @property
    def names(self) -> tuple[str, ...]:
        """The id and its aliases."""
        return (self.id, *self.aliases)

    @property
    def is_direct(self) -> bool:
        """Whether there is no portal: the password is Pronote's own."""
        return self.flow == DIRECT

    @property
    def steps(self) -> Flow:
        """The flow itself."""
        return FLOWS[self.flow]

    @cached_property
    def trusted_hosts(self) -> frozenset[str]:
        """Every host that may be sent the password: those named in the entry, and EduConnect if the flow uses it."""
        named = {_host_of(value) for _, value in self.parameters if isinstance(value, str)}
        educonnect = {EDUCONNECT_HOST} if self.steps.through_educonnect else set()
        return frozenset({*self.hosts, *self.password_hosts, *educonnect, *(host for host in named if host)})


class _Tables(BaseModel):
    model_config = ConfigDict(extra="forbid")
    account: list[dict[str, Any]] = []


class EntTable:
    """The known portals; iterating gives them in the table's order, an operator's own first."""

    def __init__(self, accounts: Iterable[EntAccount]) -> None:
        self._accounts = tuple(accounts)
        self._by_name = {name: account for account in self._accounts for name in account.names}

    @classmethod
    def load(cls, own_file: Path | None = None) -> Self:
        """Read the package's table and, before it, an operator's own file of the same form.

        An own entry takes the place of a known one that has one of its names.

        Raises:
            EntTableError: a file cannot be read, or an entry is wrong.
        """
        packaged = resources.files(__package__).joinpath("accounts.toml")
        known = _read("accounts.toml", packaged.read_text(encoding="utf-8"))
        own = _read(str(own_file), _text(own_file)) if own_file else []
        taken = {name for account in own for name in account.names}
        table = cls([*own, *(account for account in known if not taken.intersection(account.names))])
        _check_preferences(known, {name for account in known for name in account.names})
        _check_preferences(own, table._by_name)
        return table

    def __iter__(self) -> Iterator[EntAccount]:
        return iter(self._accounts)

    def __len__(self) -> int:
        return len(self._accounts)

    def get(self, name: str) -> EntAccount:
        """The account with this id or alias.

        Raises:
            EntUnknownError: no such account.
        """
        account = self._by_name.get(name)
        if account is None:
            raise EntUnknownError(name[:64])
        return account

    def list_accounts(self, search: str | None = None) -> list[EntAccount]:
        """All accounts, or those where every word of ``search`` occurs (any case, accents or not)."""
        words = _plain(search or "").split()
        return [account for account in self._accounts if all(word in _searchable(account) for word in words)]

    def at_host(self, host: str) -> list[EntAccount]:
        """The accounts recognised by this host, those to be tried first in front."""
        found = [account for account in self._accounts if host.lower() in account.hosts]
        return sorted(found, key=lambda account: account.prefer is not None)


def _check_preferences(accounts: Iterable[EntAccount], names: Container[str]) -> None:
    for account in accounts:
        if account.prefer is not None and account.prefer not in names:
            raise EntTableError(f"entry {account.id!r}: prefer: there is no entry {account.prefer!r}")


def _read(place: str, text: str) -> list[EntAccount]:
    try:
        entries = _Tables.model_validate(tomllib.loads(text)).account
    except tomllib.TOMLDecodeError as error:
        raise EntTableError(f"{place}: not TOML: {error}") from None
    except ValidationError as error:
        raise EntTableError(f"{place}: {'; '.join(_sentences(error))}") from None
    accounts: list[EntAccount] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        account = _read_entry(f"{place}: entry {repr(entry['id']) if 'id' in entry else f'number {number}'}", entry)
        for name in account.names:
            if name in seen:
                raise EntTableError(f"{place}: entry {account.id!r}: the name {name!r} is used twice")
            seen.add(name)
        accounts.append(account)
    return accounts


def _read_entry(place: str, entry: dict[str, Any]) -> EntAccount:
    try:
        return EntAccount.model_validate(entry)
    except ValidationError as error:
        raise EntTableError(f"{place}: {'; '.join(_sentences(error))}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EntTableError(f"{path}: cannot be read: {error}") from error


def _sentences(error: ValidationError, prefix: str = "") -> list[str]:
    sentences = []
    for problem in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in problem["loc"])
        sentences.append(f"{prefix}{key}: {problem['msg']}" if key else problem["msg"].removeprefix("Value error, "))
    return sentences


def _host_of(value: str) -> str:
    if value.startswith(("https://", "http://")):
        return httpx.URL(value.partition("{")[0]).netloc.decode("ascii").lower()
    return value.lower() if "." in value and "/" not in value and ":" not in value else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def _searchable(account: EntAccount) -> str:
    return _plain(" ".join((*account.names, account.name, *account.academies, *account.hosts, account.flow)))
