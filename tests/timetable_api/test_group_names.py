"""Group names are read as the collected table says, row by row."""

import csv
import os
from pathlib import Path

import pytest
from carillon_timetable_api.group_names import is_parent, parse

SAMPLES = Path(os.environ.get("CARILLON_CELCAT_SAMPLES", Path(__file__).parents[2] / "../shared/celcat/samples"))
TABLE = SAMPLES.parent / "groupnames.tsv"


def table() -> list[dict[str, str]]:
    if not TABLE.is_file():
        return []
    with TABLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.skipif(not TABLE.is_file(), reason="the collected names are not here: set CARILLON_CELCAT_SAMPLES")
def test_every_collected_name_is_read_as_reviewed() -> None:
    read = []
    for row in table():
        name = parse(row["celcat_name"])
        read.append(
            (row["celcat_name"], name.mention or "", str(name.semester or ""), name.kind, name.kind + name.subgroup)
        )
    assert read == [
        (row["celcat_name"], row["mention"], row["semester"], row["kind"], row["subgroup"]) for row in table()
    ]


@pytest.mark.skipif(not TABLE.is_file(), reason="the collected names are not here: set CARILLON_CELCAT_SAMPLES")
def test_the_parents_of_every_collected_name_are_those_foreseen_and_no_others() -> None:
    foreseen = {row["celcat_name"]: row["parents_nearest_first"].split(" < ") for row in table()}
    known = {parse(name).key: parse(name) for name in {*foreseen, *(p for row in foreseen.values() for p in row if p)}}
    for child, parents in foreseen.items():
        found = {key for key, name in known.items() if is_parent(name, parse(child))}
        assert found == {parse(parent).key for parent in parents if parent}, child


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("L3 INFO s1 CMA", "l3-info-s1-cma"),
        ("L2 Info s1 - TPA41", "l2-info-s1-tpa41"),
        ("L3 INFO (toutes sections et semestres confondus)", "l3-info-toutes-sections-et-semestres-confondus"),
        ("KINI9A (31788)", "kini9a"),
        ("Mécanique des œuvres n°12", "mecanique-des-oeuvres-n12"),
    ],
)
def test_slugs_are_plain(name, slug) -> None:
    assert parse(name).slug == slug


def test_two_years_spellings_of_a_group_are_one() -> None:
    assert parse("L2 Info s1 - TPA41").key == parse("L2  INFO s1 TPA41").key
    assert parse("L1 PS (toutes sections et semestres confondus)").key == parse("L1 PS").key


def test_what_a_source_says_of_the_mention_is_not_read_out_of_the_name() -> None:
    name = parse("3A s1 CMA", mention="3EME")
    assert (name.mention, name.semester, name.subgroup) == ("3EME", None, "")
    assert not is_parent(parse("3EME s1"), name)


def test_a_code_in_parentheses_is_remembered() -> None:
    assert parse("KINI9A (31788)").code == "31788"
    assert parse("Amphi (grand amphi)").code == ""
