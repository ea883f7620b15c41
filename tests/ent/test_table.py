"""The table of portals: whole, checked at the start, and open to an operator's own entries."""

import json
import os
import re
from pathlib import Path

import pytest
from carillon_pronote.ent import EntTable, EntTableError
from carillon_pronote.errors import EntUnknownError

REPOSITORY = Path(__file__).parents[2]
SEEDS = Path(os.environ.get("CARILLON_SEEDS", REPOSITORY / "../shared/seeds"))
PRONOTE = Path(os.environ.get("CARILLON_PRONOTE_SAMPLES", REPOSITORY / "../shared/pronote/samples")).parent

OWN = """
[[account]]
id = "my-portal"
aliases = ["mon_portail"]
name = "Portail d'essai"
academies = ["Corse"]
hosts = ["cas.portail.example"]
flow = "kdecole-wayf"
[account.parameters]
cas_host = "cas.portail.example"
selection = "EDU"
"""


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds' folder is not here")
def test_every_row_of_the_seeds_list_is_there_under_its_exact_name_and_address(table: EntTable) -> None:
    readme = next(SEEDS.glob("000_*")).read_text(encoding="utf-8")
    rows = re.findall(r"\(CAS ?: ([\w-]+), URL ?: \"?([^\"\s)]+)", readme)
    assert len(rows) >= 38
    for name, host in rows:
        account = table.get(name)
        assert account.id == name
        assert {host, f"www.{host}"}.intersection(account.hosts)


@pytest.mark.skipif(not (PRONOTE / "cas.json").is_file(), reason="the description of the portals is not here")
def test_every_portal_of_the_description_is_there_under_its_name(table: EntTable) -> None:
    described = json.loads((PRONOTE / "cas.json").read_text(encoding="utf-8"))
    assert len(described) == 85
    for entry in described:
        account = table.get(entry["id"])
        assert account.hosts == ((entry["detect_host"],) if entry["detect_host"] else ())


def test_names_are_unique_and_people_can_search_by_any_word(table: EntTable) -> None:
    names = [name for account in table for name in account.names]
    assert len(names) == len(set(names))
    assert [account.id for account in table.list_accounts("ÉCLAT bourgogne")] == ["eclat_bfc"]
    assert {"ac-nantes", "ent_elyco"} == {account.id for account in table.list_accounts("nantes")}
    assert len(table.list_accounts()) == len(table)
    assert table.list_accounts("no such word") == []


def test_an_unknown_name_is_told(table: EntTable) -> None:
    with pytest.raises(EntUnknownError, match="atlantis"):
        table.get("atlantis")


def test_the_entry_to_try_first_stands_in_front(table: EntTable) -> None:
    at_host = table.at_host("cas.monbureaunumerique.fr")
    assert [account.id for account in at_host] == [
        "monbureaunumerique-educonnect",
        "ac-nancy-metz",
        "ac-reims",
        "ac-strasbourg",
    ]


def test_an_entry_to_try_first_is_not_itself_second(table: EntTable) -> None:
    assert not [account.id for account in table if account.prefer and table.get(account.prefer).prefer]


def test_an_operators_file_adds_portals_and_replaces_known_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    replacing = OWN.replace("my-portal", "ac-toulouse").replace("mon_portail", "other")
    own.write_text(OWN + replacing, encoding="utf-8")
    table = EntTable.load(own)
    assert table.get("mon_portail").id == "my-portal"
    assert table.get("ac-toulouse").name == "Portail d'essai"
    assert len(table) == len(EntTable.load()) + 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((r'flow = "kdecole-wayf"', 'flow = "magic"'), r"'my-portal'.*flow: 'magic' is none of .*kdecole-wayf"),
        ((r'selection = "EDU"', "selektion = 1"), r"'my-portal'.*parameters\.selektion"),
        ((r'cas_host = "cas.portail.example"', ""), r"'my-portal'.*parameters\.cas_host"),
        ((r'hosts = ["cas.portail.example"]', 'hosts = ["https://cas.portail.example"]'), r"'my-portal'.*hosts\.0"),
        ((r'id = "my-portal"', ""), r"entry number 1: id"),
        ((r'id = "my-portal"', 'id = "my portal"'), r"id: "),
        ((r'aliases = ["mon_portail"]', 'aliases = ["my-portal"]'), r"'my-portal'.*used twice"),
        ((r'flow = "kdecole-wayf"', 'flow = "kdecole-wayf"\nprefer = "nobody"'), r"'my-portal': prefer: .*'nobody'"),
        (("[[account]]", "[[acount]]"), r"own\.toml.*acount"),
        (("[[account]]", "[[account"), r"own\.toml.*not TOML"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_entry_and_key(change: tuple[str, str], told: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN.replace(*change), encoding="utf-8")
    with pytest.raises(EntTableError, match=told):
        EntTable.load(own)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EntTableError, match=r"missing\.toml: cannot be read"):
        EntTable.load(tmp_path / "missing.toml")
