"""Of a timetable that is not in the answer nothing is known: it is not shown as empty, nor its lessons as cancelled."""

import pytest
from carillon_pronote import PARIS
from carillon_pronote.errors import ProtocolError
from carillon_pronote.pages import timetable


@pytest.mark.parametrize("raw", [{}, {"ListeCours": None}, {"ParametresAtt": {}}])
def test_a_week_without_its_lessons_is_not_understood(raw):
    with pytest.raises(ProtocolError, match="ListeCours is missing"):
        timetable.decode(raw, None, PARIS)


def test_an_empty_week_is_empty():
    assert timetable.decode({"ListeCours": []}, None, PARIS).lessons == ()


@pytest.mark.parametrize("raw", [{}, {"Domaine": None}, {"joursPresence": {"_T": 8, "V": "[1..300]"}}])
def test_filled_weeks_that_are_not_told_are_not_understood(raw):
    with pytest.raises(ProtocolError, match="Domaine is missing"):
        timetable.decode_presence(raw)


def test_a_year_without_lessons_has_no_filled_weeks():
    assert timetable.decode_presence({"Domaine": {"_T": 8, "V": "[]"}}) == ((), ())
