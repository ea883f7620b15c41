"""The contracts do not change unnoticed: their JSON Schemas and an example of each are golden files."""

import json
from pathlib import Path

import golden_file
import pytest
from carillon_contracts import events
from carillon_contracts.weeks import days_of, monday_of, week_of
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from snapshots import course, observed

GOLDEN = Path(__file__).parent / "golden"
CONTRACTS = [
    events.Observed,
    events.SourceRead,
    events.SourceFailed,
    events.Changed,
    events.RoomWeek,
    events.Coverage,
    events.SourceStates,
]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.__name__)
def test_the_schema_is_the_reviewed_one(contract) -> None:
    golden_file.check(GOLDEN / f"{contract.__name__}.schema.json", contract.model_json_schema())


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.event.json")), ids=lambda file: file.name)
def test_events_said_in_the_past_can_still_be_read(file: Path) -> None:
    contract = getattr(events, file.name.split(".")[0])
    assert contract.model_validate_json(file.read_bytes()).subject


def test_there_is_an_event_of_the_past_for_every_contract_that_is_published() -> None:
    published = {contract.__name__ for contract in CONTRACTS if hasattr(contract, "subject")}
    assert {file.name.split(".")[0] for file in GOLDEN.glob("*.event.json")} == published


def test_a_reader_ignores_what_it_does_not_know() -> None:
    said = json.loads(observed(course()).model_dump_json()) | {"weather": "rain"}
    assert events.Observed.model_validate(said) == observed(course())


def test_a_snapshot_of_days_outside_its_week_is_refused() -> None:
    said = json.loads(observed(course()).model_dump_json()) | {"days": ["2026-11-30"]}
    with pytest.raises(ValidationError, match="outside its week"):
        events.Observed.model_validate(said)


def test_a_part_of_a_week_has_a_subject_of_its_own() -> None:
    assert observed().subject == "observed.l1-ps.g1.2026-W47"
    assert observed(days=(2, 3)).subject == "observed.l1-ps.g1.2026-W47.2026-11-18"


def test_the_digest_tells_content_apart_and_not_when_it_was_seen() -> None:
    assert observed(course()).content_digest() == observed(course(), at=9).content_digest()
    assert observed(course()).content_digest() != observed(course(hour=9)).content_digest()


@given(st.dates())
def test_a_day_is_in_its_week(day) -> None:
    assert day in days_of(week_of(day))


@pytest.mark.parametrize("week", ["2027-W53", "2026-W00", "2026-47", "26-W47", "2026-W5", ""])
def test_no_other_spelling_is_a_week(week: str) -> None:
    with pytest.raises(ValueError):
        monday_of(week)


def test_the_week_53_of_2026_is_one() -> None:
    assert str(monday_of("2026-W53")) == "2026-12-28"
