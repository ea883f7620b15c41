"""iCalendar feeds: times and recurrences of every kind, what each producer's texts mean, and any bytes at all."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from carillon_scraper.failures import ParseError
from carillon_scraper.formats import ical
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2026, 8, 1), date(2027, 8, 31)
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
"""


def feed(*events: str, product: str = "-//x//y//EN", name: str = "") -> bytes:
    parts = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    head = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:{product}\n{name}"
    return f"{head}{ZONE}{parts}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*events: str, group: str | None = None, teachers: bool = False, **about):
    return ical.parse(feed(*events, **about), PARIS, FIRST, LAST, group=group, publish_teachers=teachers)


def one(event: str, **about):
    (course,) = read(event, **about).courses
    return course


def refused(body: bytes) -> ParseError:
    with pytest.raises(ParseError) as caught:
        ical.parse(body, PARIS, FIRST, LAST)
    return caught.value


@pytest.mark.parametrize(
    ("times", "begin", "end"),
    [
        ("DTSTART:20260907T060000Z\nDTEND:20260907T072000Z", "09-07T06:00", "09-07T07:20"),
        ("DTSTART:20260907T080000\nDTEND:20260907T092000", "09-07T06:00", "09-07T07:20"),
        ("DTSTART:20261207T080000\nDTEND:20261207T092000", "12-07T07:00", "12-07T08:20"),
        (
            "DTSTART;TZID=Europe/Paris:20260907T080000\nDTEND;TZID=Europe/Paris:20260907T092000",
            "09-07T06:00",
            "09-07T07:20",
        ),
        (
            "DTSTART;TZID=America/Martinique:20260907T080000\nDTEND;TZID=America/Martinique:20260907T090000",
            "09-07T12:00",
            "09-07T13:00",
        ),
        ("DTSTART:20260907T060000Z\nDURATION:PT1H30M", "09-07T06:00", "09-07T07:30"),
        ("DTSTART:20260907T060000Z", "09-07T06:00", "09-07T06:00"),
        ("DTSTART;VALUE=DATE:20261111", "11-10T23:00", "11-11T23:00"),
        ("DTSTART;VALUE=DATE:20261024\nDTEND;VALUE=DATE:20261026", "10-23T22:00", "10-25T23:00"),
    ],
    ids=["utc", "floating summer", "floating winter", "zoned", "other zone", "duration", "no end", "day", "two days"],
)
def test_times_of_every_kind(times, begin, end) -> None:
    course = one(f"UID:1\n{times}\nSUMMARY:X")
    assert (course.begin, course.end) == (
        datetime.fromisoformat(f"2026-{begin}:00+00:00"),
        datetime.fromisoformat(f"2026-{end}:00+00:00"),
    )


SERIES = """UID:a
DTSTART;TZID=Europe/Paris:20261019T080000
DTEND;TZID=Europe/Paris:20261019T100000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Paris:20261026T080000
SUMMARY:Algo"""
MOVED = """UID:a
RECURRENCE-ID;TZID=Europe/Paris:20261102T080000
DTSTART;TZID=Europe/Paris:20261103T090000
DTEND;TZID=Europe/Paris:20261103T110000
SUMMARY:Algo (déplacé)"""


def test_a_series_is_worked_out_with_its_exceptions_and_keeps_local_time_over_the_clock_change() -> None:
    assert {c.event_id: (c.begin, c.name) for c in read(SERIES, MOVED).courses} == {
        "a:20261019T060000": (datetime(2026, 10, 19, 6, tzinfo=UTC), "Algo"),
        "a:20261102T070000": (datetime(2026, 11, 3, 8, tzinfo=UTC), "Algo (déplacé)"),
        "a:20261109T070000": (datetime(2026, 11, 9, 7, tzinfo=UTC), "Algo"),
    }


def test_a_moved_repetition_keeps_its_name() -> None:
    planned = {c.event_id for c in read(SERIES).courses}
    assert {c.event_id for c in read(SERIES, MOVED).courses} == planned


def test_a_series_without_end_is_worked_out_for_the_asked_days_only() -> None:
    body = feed("UID:a\nDTSTART:20200106T080000Z\nDTEND:20200106T090000Z\nRRULE:FREQ=WEEKLY\nSUMMARY:X")
    found = ical.parse(body, PARIS, date(2026, 11, 2), date(2026, 11, 15))
    assert [c.begin.date() for c in found.courses] == [date(2026, 11, 2), date(2026, 11, 9)]


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=DAILY;BYSECOND=1,2,3", "FREQ=WEEKLY;BYHOUR=1,2"]
)
def test_what_repeats_faster_than_daily_is_skipped(rule) -> None:
    good = [f"UID:{n}\nDTSTART:20260907T060000Z\nSUMMARY:X" for n in range(30)]
    found = read(*good, f"UID:a\nDTSTART:20260907T080000Z\nRRULE:{rule}\nSUMMARY:bomb")
    assert (len(found.courses), found.skipped) == (30, 1)


def test_repetitions_beyond_measure_are_refused() -> None:
    daily = [f"UID:{n}\nDTSTART:20260801T080000Z\nRRULE:FREQ=DAILY\nSUMMARY:X" for n in range(300)]
    assert refused(feed(*daily)).code == "too-large"
    assert refused(feed("UID:1\nDTSTART:00010101T080000Z\nRRULE:FREQ=DAILY\nSUMMARY:X")).code == "too-large"


def test_celcats_own_feed_is_read_by_its_labels() -> None:
    event = (
        "UID:CELCAT - 2016 (194493-3)\nDTSTART:20260907T060000Z\nDTEND:20260907T072000Z\n"
        "SUMMARY:TD - Cult. & Com.3\\, INFO 2 Groupe 1\\, INFO 2 Groupe 2\nLOCATION:J-C1/14\\, J-C1/15\n"
        "DESCRIPTION:Matière : Cult. & Com.3\\nPersonnel : DUPONT Jeanne\\nGroupe : INFO 2 Groupe 1\\, INFO 2 Groupe 2"
        "\\nSalle : J-C1/14\\, J-C1/15\\nRemarques : apporter\\, si possible\\, un casque\\n\n"
        "CATEGORIES:CELCAT Timetabler (vcal) - 2016"
    )
    course = one(event, product="-//www.celcat.fr//NONSGML CreateICSFiles//FR")
    assert (course.event_id, course.name, course.type) == ("CELCAT - 2016 (194493-3)", "Cult. & Com.3", "TD")
    assert [group.name for group in course.groups] == ["INFO 2 Groupe 1", "INFO 2 Groupe 2"]
    assert course.rooms == ("J-C1/14", "J-C1/15")
    assert course.notes == "apporter, si possible, un casque"
    assert course.teachers == ()


@pytest.mark.parametrize(
    ("summary", "description", "name", "kind", "groups"),
    [
        ("XXX-Fermeture IUT - ", "", "XXX-Fermeture IUT", None, []),
        (" - INFO 2 Promo", "Groupe : INFO 2 Promo\\n", "INFO 2 Promo", None, ["INFO 2 Promo"]),
        ("Cours - Droit", "Matière : Droit\\n", "Droit", "Cours", []),
    ],
)
def test_celcats_summary_may_lack_type_or_module(summary, description, name, kind, groups) -> None:
    event = f"UID:1\nDTSTART:20260907T060000Z\nSUMMARY:{summary}\nDESCRIPTION:{description}"
    course = one(event, product="-//www.celcat.fr//NONSGML CreateICSFiles//FR")
    assert (course.name, course.type, [group.name for group in course.groups]) == (name, kind, groups)


def test_a_token_feed_names_no_person_as_a_group() -> None:
    def event(who: str) -> str:
        return (
            "UID:9\nDTSTART:20260907T060000Z\nSUMMARY:R1.06 - Maths discretes; CM\nLOCATION:G22; G23\n"
            f"DESCRIPTION:{who}\\n\\nEvent id: 15220\\, Register id: N/A"
        )

    course = one(event("DUPONT Jeanne; INF1-B"), group="INF1")
    assert (course.name, course.type, course.rooms) == ("R1.06 - Maths discretes", "CM", ("G22", "G23"))
    assert [g.name for g in course.groups] == ["INF1-B"]
    assert (course.teachers, course.notes) == ((), None)
    assert one(event("DUPONT Jeanne; INF1-B"), teachers=True).teachers == ("DUPONT Jeanne",)
    assert [g.name for g in one(event("DUPONT Jeanne"), group="INF1").groups] == ["INF1"]


def test_hyperplanning_is_read_by_its_labels() -> None:
    event = (
        "UID:h\nDTSTART:20260907T060000Z\nDTEND:20260907T080000Z\nSUMMARY:ALGO - DURAND P. - TD\n"
        "DESCRIPTION:Matière : ALGO\\nEnseignant : DURAND P.\\nTD : L1 TD2\\nSalle : B12\\nType : TD\nLOCATION:B12"
    )
    course = one(event, product="-//INDEX-EDUCATION//HYPERPLANNING 2024")
    assert (course.name, course.type, course.rooms) == ("ALGO", "TD", ("B12",))
    assert [g.name for g in course.groups] == ["L1 TD2"]
    assert "DURAND" not in course.model_dump_json()


def test_ades_description_stays_private_because_it_holds_people() -> None:
    event = (
        "UID:ADE60\nDTSTART:20260907T060000Z\nDTEND:20260907T080000Z\nSUMMARY:Algo TD\nLOCATION:B201,B202\n"
        "DESCRIPTION:\\n\\nL1 TD2\\nDURAND PAUL\\n(Exporté le:21/11/2026 10:00)\\n"
    )
    course = one(event, product="-//ADE/version 6.0", group="L1")
    assert (course.name, course.rooms, course.notes) == ("Algo TD", ("B201", "B202"), None)
    assert [g.name for g in course.groups] == ["L1"]
    shown = one(event, product="-//ADE/version 6.0", teachers=True)
    assert shown.notes == "L1 TD2\nDURAND PAUL"


def test_any_other_feed_is_taken_as_it_is() -> None:
    event = (
        "UID:z\nDTSTART:20260907T060000Z\nSUMMARY:Conférence\\, suite\nLOCATION:Amphi A\\, bâtiment 3\n"
        "DESCRIPTION:Ouverte à tous\nCATEGORIES:Conférence\nSTATUS:CANCELLED"
    )
    course = one(event)
    assert (course.name, course.type, course.notes) == ("Conférence, suite", "Conférence", "Ouverte à tous")
    assert (course.rooms, course.status) == (("Amphi A, bâtiment 3",), "cancelled")


def test_folded_lines_and_latin_1_are_read() -> None:
    assert one("UID:1\nDTSTART:20260907T060000Z\nSUMMARY:Algo\n rithmique").name == "Algorithmique"
    latin = feed("UID:1\nDTSTART:20260907T060000Z\nSUMMARY:Données").decode().encode("latin-1")
    assert ical.parse(latin, PARIS, FIRST, LAST).courses[0].name == "Données"


def test_a_uid_used_twice_or_never_still_names_each_meeting() -> None:
    found = read(
        "UID:1\nDTSTART:20260907T060000Z\nSUMMARY:A",
        "UID:1\nDTSTART:20260908T060000Z\nSUMMARY:B",
        "DTSTART:20260909T060000Z\nSUMMARY:C",
    )
    ids = [c.event_id for c in found.courses]
    assert ids[:2] == ["1", "1:20260908T0600Z"]
    assert ids[2].startswith("no-uid-")
    assert read("DTSTART:20260909T060000Z\nSUMMARY:C").courses[0].event_id == ids[2]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"hello", "not-ical"),
        (b"<!DOCTYPE html><html></html>", "html-page"),
        (feed("UID:1\nDTSTART:20260907T060000Z\nSUMMARY:A")[:-20], "truncated"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "not-ical"),
        (feed("UID:1\nSUMMARY:without a time"), "unreadable-events"),
        (feed("UID:1\nDTSTART:tomorrow\nSUMMARY:A"), "unreadable-events"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_place(body, code) -> None:
    error = refused(body)
    assert (error.code, bool(error.place)) == (code, True)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_courses_or_a_typed_error(body: bytes) -> None:
    _read_or_refuse(b"BEGIN:VCALENDAR\r\n" + body + b"\r\nEND:VCALENDAR\r\n")
    _read_or_refuse(body)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_feed_gives_courses_or_a_typed_error(data) -> None:
    body = bytearray(feed(SERIES, MOVED, "UID:b\nDTSTART;VALUE=DATE:20261111\nSUMMARY:A\nDESCRIPTION:Matière : B"))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body) - 1))
        length = data.draw(st.integers(0, 10))
        body[at : at + length] = data.draw(
            st.one_of(
                st.binary(max_size=10), st.sampled_from([b"0", b"Z", b";", b":", b"\r\n", b"FREQ=DAILY", b"9999"])
            )
        )
    _read_or_refuse(bytes(body))


def _read_or_refuse(body: bytes) -> None:
    started = time.process_time()
    try:
        ical.parse(body, PARIS, FIRST, LAST)
    except ParseError as error:
        assert error.place  # noqa: PT017 - either outcome is right
    assert time.process_time() - started < 10
