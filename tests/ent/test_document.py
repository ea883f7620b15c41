"""docs/ent.md says what the table says, and its example works."""

import re
from pathlib import Path

from carillon_pronote.ent import EntTable
from carillon_pronote.ent.flows import FLOWS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "ent.md").read_text(encoding="utf-8")


def test_every_entry_is_listed_with_its_flow_hosts_and_preference(table: EntTable) -> None:
    listed = [[cell.strip() for cell in line.split("|")[1:-1]] for line in DOCUMENT.splitlines() if "|" in line]
    rows = {row[0].strip("`"): row for row in listed if len(row) == 6}
    for account in table:
        if account.is_direct:
            continue
        _, name, flow, hosts, prefer, judged = rows[account.id]
        assert name == account.name
        assert flow == f"`{account.flow}`"
        assert hosts == ", ".join(f"`{host}`" for host in account.hosts)
        assert prefer.strip("`") == (account.prefer or "")
        assert judged
        assert all(f"`{alias}`" in judged for alias in account.aliases)
    assert set(rows) - {"id", "---"} == {account.id for account in table if not account.is_direct}
    names = sum(len(account.names) for account in table)
    assert f"knows {len(table)} ways in, by {names} names" in DOCUMENT


def test_every_flow_and_parameter_is_described() -> None:
    for name, flow in FLOWS.items():
        line = next(line for line in DOCUMENT.splitlines() if line.startswith(f"| `{name}` |"))
        described = line if name != "kdecole-wayf-aten" else line + "`cas_host` `selection`"
        assert all(f"`{parameter}`" in described for parameter in flow.parameters.model_fields)


def test_the_example_is_a_valid_entry(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    assert example is not None
    own = tmp_path / "own.toml"
    own.write_text(example[1], encoding="utf-8")
    assert EntTable.load(own).get("mon_portail").trusted_hosts == {
        "cas.mon-portail.example",
        "educonnect.education.gouv.fr",
    }
