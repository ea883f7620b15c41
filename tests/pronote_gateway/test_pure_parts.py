"""Dates as JavaScript reads them, identifiers as pronote-api makes them, words of texts, typed changes, error codes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from carillon_pronote.errors import PronoteError
from carillon_pronote.pages.timetable import Lesson
from carillon_pronote.reading import Reference
from carillon_pronote_gateway.lesson_changes import ChangeKind, changes
from carillon_pronote_gateway.publishing import politeness
from carillon_pronote_gateway.publishing.courses import identified, meetings
from carillon_pronote_gateway.translations import javascript_dates
from carillon_pronote_gateway.translations.html_text import words
from carillon_pronote_gateway.translations.identifiers import identifier

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 16, 8, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-09-02", datetime(2020, 9, 2, tzinfo=UTC)),  # a bare day is UTC's in JavaScript
        ("2020-09", datetime(2020, 9, 1, tzinfo=UTC)),
        ("2020-09-02T10:00", datetime(2020, 9, 2, 10, tzinfo=PARIS)),
        ("2020-09-02T10:00:00.000Z", datetime(2020, 9, 2, 10, tzinfo=UTC)),
        ("2020-09-02T10:00:00+02:00", datetime(2020, 9, 2, 8, tzinfo=UTC)),
        ("2020/09/02", datetime(2020, 9, 2, tzinfo=PARIS)),
        ("09/02/2020", datetime(2020, 9, 2, tzinfo=PARIS)),
        ("Wed, 02 Sep 2020 10:00:00 GMT", datetime(2020, 9, 2, 10, tzinfo=UTC)),
        (1599040800000, datetime(2020, 9, 2, 10, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_javascript_reads_them(text, moment):
    assert javascript_dates.read(text, PARIS) == moment
    assert javascript_dates.write(moment) == moment.timestamp() * 1000


@pytest.mark.parametrize(
    "text",
    [
        *("", "tomorrow-ish", "2020-13-45", "x" * 1000, 1e300, 8.64e15, float("nan"), True, None, [1]),
        *("9999-12-31", "9999-12-31T23:59:59", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_anything_else_is_no_date(text):
    with pytest.raises(ValueError, match="date"):
        javascript_dates.read(text, PARIS)


def test_identifiers_are_those_of_pronote_api():
    """Made with xxhashjs: h64(JSON.stringify(…), 0).toString(16)."""
    when = datetime(2026, 11, 16, 7, tzinfo=UTC)
    told = {"from": when, "to": when + timedelta(hours=1), "subject": "HISTOIRE-GEOGRAPHIE"}
    assert identifier(told) == identifier(dict(told))
    assert identifier(told) != identifier({**told, "subject": None})
    assert identifier({}) == "2e1472b57af294d1"


def test_words_of_a_formatted_text():
    assert words("<div>Exercices <b>2 &amp; 3</b> page 28</div><p>Puis&nbsp;lire.</p>") == (
        "Exercices 2 & 3 page 28\nPuis lire."
    )
    assert words("a < b") == "a < b"
    assert words("<script>alert(1)</script>mot") == "mot"
    assert words("") == ""


def lesson(identity: str, start: datetime, subject: str = "MATHS", **other) -> Lesson:
    plain = Lesson(
        id=identity, start=start, end=start + timedelta(hours=1), position=0, place=0, duration=4, kind=0,
        subject=Reference("s", subject), label=subject, teachers=("M. X",), staff=(), rooms=("101",), groups=(),
        classes=("3A",), pupils=(), status="", cancelled=False, exempted=False, at_home=False, detention=False,
        outing=False, test=False, memo="", virtual_rooms=(), colour="", has_content=False, has_homework=False, diary="",
    )  # fmt: skip
    return replace(plain, **other)


def test_changes_link_the_old_lesson_to_the_new_one():
    day = timedelta(days=1)
    found = changes(
        [
            lesson("cancelled", MONDAY, cancelled=True, status="Cours annulé"),
            lesson("from", MONDAY + day, "SVT", cancelled=True, status="Cours déplacé"),
            lesson("to", MONDAY + 2 * day, "SVT", status="Cours déplacé"),
            lesson("away", MONDAY + 3 * day, cancelled=True, status="Prof. absent"),
            lesson("instead", MONDAY + 3 * day, "LATIN", status="Remplacement"),
            lesson("room", MONDAY + 4 * day, status="Changement de salle"),
            lesson("plain", MONDAY + 4 * day + timedelta(hours=3)),
        ]
    )
    assert [(one.kind, one.before and one.before.id, one.after and one.after.id) for one in found] == [
        (ChangeKind.CANCELLED, "cancelled", None),
        (ChangeKind.MOVED, "from", "to"),
        (ChangeKind.REPLACED, "away", "instead"),
        (ChangeKind.CHANGED, None, "room"),
    ]


def test_a_meeting_keeps_its_id_while_it_moves_and_others_keep_theirs():
    week = [lesson(str(day), MONDAY + timedelta(days=day)) for day in (0, 2, 4)]
    first = identified(meetings(week, "3A"), {}, "seed")
    known = {id_: (one.sort, one.origin.isoformat()) for id_, one in first.items()}
    ids = {one.lesson.id: id_ for id_, one in first.items()}
    # Another session has other numbers; Monday's lesson is now on Thursday.
    moved = [
        lesson("a", MONDAY + timedelta(days=2)),
        lesson("b", MONDAY + timedelta(days=3)),
        lesson("c", week[2].start),
    ]
    second = identified(meetings(moved, "3A"), known, "seed")
    assert {one.lesson.id: id_ for id_, one in second.items()} == {"a": ids["2"], "b": ids["0"], "c": ids["4"]}


def test_a_lesson_shown_at_both_places_is_published_once_under_its_first_id():
    before = lesson("1", MONDAY)
    first = identified(meetings([before], "3A"), {}, "seed")
    known = {id_: (one.sort, one.origin.isoformat()) for id_, one in first.items()}
    both = [
        replace(before, cancelled=True, status="Cours déplacé"),
        lesson("2", MONDAY + timedelta(days=1), status="Cours déplacé"),
    ]
    second = identified(meetings(both, "3A"), known, "seed")
    assert list(second) == list(first)
    assert [one.lesson.id for one in second.values()] == ["2"]


def test_detentions_are_nobodys_business():
    assert meetings([lesson("1", MONDAY, detention=True)], "3A") == []


def test_school_holidays_by_zone():
    assert politeness.is_holiday(date(2027, 2, 8), "C")
    assert not politeness.is_holiday(date(2027, 2, 8), "A")
    assert not politeness.is_holiday(date(2027, 2, 8), None)
    assert politeness.is_holiday(date(2026, 12, 25), "B")
    assert not politeness.is_holiday(date(2026, 11, 20), "B")


def test_reading_rests_in_holidays_and_after_a_suspension():
    chance, hour = Random(1), timedelta(hours=1)
    at_school = politeness.pause(hour, datetime(2026, 11, 20, tzinfo=PARIS), "A", 0.1, chance)
    assert hour * 0.9 <= at_school <= hour * 1.1
    assert politeness.pause(hour, datetime(2026, 12, 25, tzinfo=PARIS), "A", 0, chance) == timedelta(days=1)
    assert [politeness.rest(failures) for failures in (1, 2, 99)] == [hour, 2 * hour, timedelta(days=1)]


def kinds_of(error: type[PronoteError]) -> set[type[PronoteError]]:
    return {error}.union(*(kinds_of(kind) for kind in error.__subclasses__()))


def test_no_two_errors_of_the_client_the_portals_and_the_gateway_share_a_code():
    codes = [kind.code for kind in kinds_of(PronoteError) if "code" in vars(kind)]
    assert sorted(codes) == sorted(set(codes))
