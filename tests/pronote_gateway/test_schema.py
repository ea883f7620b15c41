"""The schemas have every type, field, argument, query and mutation of pronote-api 3.1.0, to the letter.

`pronote_api_surface.json` states them; it is checked against the document it was made from where that is at hand.
"""

import json
import os
import re
from pathlib import Path

import golden_file
import pytest
from carillon_pronote import AccountKind
from carillon_pronote_gateway.graphql_schemas.execution import DocumentLimits, schema_of
from graphql import GraphQLField, GraphQLObjectType, build_schema

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SURFACE = json.loads((HERE / "pronote_api_surface.json").read_text())
LIMITS = DocumentLimits(depth=12, aliases=30, tokens=2000, introspection=True)
KINDS = {"student": AccountKind.PUPIL, "parent": AccountKind.PARENT, "teacher": AccountKind.TEACHER}


def sdl(account: str) -> str:
    return schema_of(KINDS[account], LIMITS).as_str() + "\n"


def written(name: str, field: GraphQLField) -> str:
    """`name(argument: Type): Type`."""
    arguments = ", ".join(f"{each}: {argument.type}" for each, argument in field.args.items())
    return f"{name}({arguments}): {field.type}" if arguments else f"{name}: {field.type}"


@pytest.mark.parametrize("account", ["student", "parent"])
def test_nothing_of_pronote_api_is_missing_or_different(account):
    types = build_schema(sdl(account)).type_map
    assert "scalar Date" in sdl(account)
    wrong = []
    for name, fields in SURFACE[account].items():
        ours = types.get(name)
        assert isinstance(ours, GraphQLObjectType), name
        known = {written(each, field) for each, field in ours.fields.items()}
        wrong += [f"{name}.{field}" for field in fields if field not in known]
    assert wrong == []


@pytest.mark.parametrize("account", list(KINDS))
def test_the_schema_is_as_reviewed(account):
    golden_file.check_text(HERE / "golden" / f"{account}.graphql", sdl(account))


def test_the_stated_surface_is_that_of_the_document():
    document = Path(os.environ.get("CARILLON_PRONOTE_SAMPLES", ROOT / "../shared/pronote/samples")).parent / "PARITY.md"
    if not document.is_file():
        pytest.skip("the description of pronote-api is not here: set CARILLON_PRONOTE_SAMPLES")
    told: dict[str, dict[str, list[str]]] = {"student": {}, "parent": {}}
    accounts = ["student", "parent"]
    for line in document.read_text().split("## 5. GraphQL schemas")[1].split("## 6.")[0].splitlines():
        if heading := re.match(r"### (\w+)\.graphql", line):
            accounts = ["student", "parent"] if heading[1] == "common" else [heading[1]]
        elif found := re.match(r"\* (?:extend )?type \*\*(\w+)\*\* — (.*)", line):
            for account in accounts:
                told[account].setdefault(found[1], []).extend(re.findall(r"`([^`]+)`", found[2]))
    assert told == SURFACE
