"""Typed values survive the way to Pronote and back, and nothing but a typed error comes of bad ones."""

import contextlib
from datetime import date, datetime
from decimal import Decimal

import pytest
from carillon_pronote.errors import ProtocolError
from carillon_pronote.values import (
    Annotation,
    Mark,
    ValueKind,
    decode,
    encode,
    read_domain,
    read_moment,
    write_domain,
)
from hypothesis import given
from hypothesis import strategies as st

years = {"min_value": date(1900, 1, 1), "max_value": date(2999, 12, 31)}
moments = st.builds(datetime.combine, st.dates(**years), st.times().map(lambda time: time.replace(microsecond=0)))
texts = st.text(max_size=50)
domains = st.sets(st.integers(0, 400)).map(lambda numbers: tuple(sorted(numbers)))
marks = st.one_of(
    st.decimals(0, 100, places=2).map(lambda number: Mark(str(number).replace(".", ","))),
    st.integers(1, 8).map(lambda number: Mark(f"|{number}")),
    st.just(Mark("|8|20")),
)
plain = st.one_of(st.none(), st.booleans(), st.integers(), texts)
trees = st.recursive(
    plain, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("LNGPabc"), inner), max_leaves=20
)

BY_KIND = {
    ValueKind.CATEGORY: texts,
    ValueKind.CARDINAL: st.integers(0, 10**12),
    ValueKind.BOOLEAN: st.booleans(),
    ValueKind.STRING: texts,
    ValueKind.COLOUR: st.from_regex(r"#[0-9A-F]{6}", fullmatch=True),
    ValueKind.DATE: st.one_of(st.dates(**years), moments),
    ValueKind.DOMAIN: domains,
    ValueKind.TRANSLATION: texts,
    ValueKind.MARK: marks,
    ValueKind.CARDINAL_SET: domains,
    ValueKind.DOUBLE: st.decimals(-1000, 1000, places=3),
    ValueKind.ROUNDING: texts,
    ValueKind.SET: domains,
    ValueKind.ADDRESS: texts,
    ValueKind.URL: texts,
    ValueKind.SET_OF: domains,
    ValueKind.INTEGER: st.integers(-(10**12), 10**12),
    ValueKind.HTML: texts,
    ValueKind.RAW_STRING: texts,
    ValueKind.TREE: trees,
    ValueKind.FILE: texts,
    ValueKind.NUMBER_SET: domains,
    ValueKind.SAFE_HTML: texts,
}


@pytest.mark.parametrize("kind", list(ValueKind), ids=lambda kind: kind.name)
@given(data=st.data())
def test_every_kind_makes_the_round_trip(kind, data):
    value = data.draw(BY_KIND[kind])
    assert decode(encode(kind, value)) == value


@given(domains)
def test_domains_are_written_as_short_as_pronote_does(numbers):
    assert read_domain(write_domain(numbers)) == numbers


def test_the_forms_of_the_field():
    assert write_domain([1, 2, 3, 5]) == "[1..3,5]"
    assert read_domain("[]") == ()
    assert (
        read_moment("05/09/2026 08:00:00")
        == read_moment("5/9/2026 8:0:0")
        == datetime.fromisoformat("2026-09-05T08:00:00")
    )
    assert read_moment("05/09/26 10h30") == datetime.fromisoformat("2026-09-05T10:30:00")
    assert encode(ValueKind.DATE, datetime.fromisoformat("2026-09-05T00:00:00")) == {"_T": 7, "V": "5/9/2026 0:0:0"}


def test_marks_and_what_stands_in_their_place():
    assert Mark("14,50").value == Decimal("14.50")
    assert Mark("14,50").annotation is None
    assert (Mark("|1").value, Mark("|1").annotation) == (None, Annotation.ABSENT)
    assert (Mark("|8|20").value, Mark("|8|20").annotation) == (20, Annotation.CONGRATULATIONS)
    assert (Mark("").value, Mark("").annotation) == (None, None)


@pytest.mark.parametrize("bad", ["", "[1..999999999]", "[a]", "1..2", None, 3, "[1..2", "[-]"])
def test_a_domain_that_is_none_is_a_typed_error(bad):
    with pytest.raises(ProtocolError):
        read_domain(bad)


@pytest.mark.parametrize("bad", ["", "31/02/2026", "2026-09-05", "05/13/2026", "1/1/2026 25:00:00", None, 7, []])
def test_a_date_that_is_none_is_a_typed_error(bad):
    with pytest.raises(ProtocolError):
        read_moment(bad)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["_T", "V", "L"]), inner, max_size=3),
    max_leaves=30,
)


@given(json_values)
def test_any_json_decodes_or_is_a_typed_error(value):
    with contextlib.suppress(ProtocolError):
        decode(value)
