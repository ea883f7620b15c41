"""Web Publisher pages, rule by rule, on made-up pages; then any bytes at all."""

import time
import tracemalloc
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import celcat_pages
import pytest
from carillon_scraper.failures import ParseError
from carillon_scraper.formats import celcat_xml, xml_document
from celcat_pages import Event, Page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PARIS = ZoneInfo("Europe/Paris")


def read(*events: Event, body: bytes | None = None, teachers: bool = False, **page):
    given_body = body if body is not None else celcat_pages.xml(Page(events=list(events), **page))
    return celcat_xml.parse(given_body, "g1", PARIS, publish_teachers=teachers)


def courses(*events: Event, **page):
    return [course for shown in read(*events, **page).weeks for course in shown.courses]


def refused(body: bytes) -> ParseError:
    with pytest.raises(ParseError) as caught:
        celcat_xml.parse(body, "g1", PARIS)
    return caught.value


def test_every_span_is_a_week_that_is_spoken_for_even_without_courses() -> None:
    reading = read(Event(weeks=(2,)), weeks=3)
    assert [(shown.week, len(shown.days), len(shown.courses)) for shown in reading.weeks] == [
        ("2026-W47", 7, 0),
        ("2026-W48", 7, 1),
        ("2026-W49", 7, 0),
    ]


def test_several_weeks_in_one_node_are_as_many_courses() -> None:
    found = courses(Event(series=7, weeks=(1, 3), day=2))
    assert [(c.event_id, c.begin.isoformat()) for c in found] == [
        ("7:2026-11-16", "2026-11-18T07:00:00+00:00"),
        ("7:2026-11-30", "2026-12-02T07:00:00+00:00"),
    ]


def test_a_week_without_a_span_has_no_date_and_is_counted() -> None:
    reading = read(Event(weeks=(1, 9, 10)))
    assert (reading.courses, reading.skipped) == (1, 2)


def test_a_series_met_twice_in_a_week_gets_a_number_by_day_and_start() -> None:
    found = courses(Event(series=5, day=4), Event(series=5, day=1, begin="10:00", end="12:00"), Event(series=5, day=1))
    assert {c.event_id: c.begin.strftime("%a %H") for c in found} == {
        "5:2026-11-16": "Tue 07",
        "5:2026-11-16:2": "Tue 09",
        "5:2026-11-16:3": "Fri 07",
    }


def test_the_53rd_week_is_a_week_like_any_other() -> None:
    found = read(Event(weeks=(1, 2)), monday=date(2026, 12, 28), weeks=2, year_weeks=53)
    assert [(shown.week, len(shown.courses)) for shown in found.weeks] == [("2026-W53", 1), ("2027-W01", 1)]


def test_the_clock_change_is_applied_per_date() -> None:
    found = courses(Event(weeks=(1, 2)), monday=date(2026, 10, 19), weeks=2)
    assert [c.begin.hour for c in found] == [6, 7]


def test_an_end_before_the_start_is_on_the_next_day() -> None:
    (found,) = courses(Event(begin="23:00", end="01:30"))
    assert (found.end - found.begin).total_seconds() == 2.5 * 3600


def test_seconds_in_times_are_read() -> None:
    (found,) = courses(Event(begin="08:00:30", end="09:00:00"))
    assert found.begin == datetime(2026, 11, 16, 7, 0, 30, tzinfo=UTC)


def test_module_names_are_joined_and_the_type_is_the_category() -> None:
    (found,) = courses(Event(modules=("A1 - Algèbre", "A2 - Analyse"), category="TD"))
    assert (found.name, found.type) == ("A1 - Algèbre, A2 - Analyse", "TD")


def test_without_a_module_the_category_is_the_name() -> None:
    (found,) = courses(Event(modules=(), category="REUNION"))
    assert (found.name, found.type) == ("REUNION", None)


@pytest.mark.parametrize(
    ("pretty", "kind"), [("08:00-10:00 TP", "TP"), ("08:00-10:00 [TD]", "TD"), ("08:00-10:00", None)]
)
def test_without_a_category_the_tail_of_the_times_is_the_type(pretty, kind) -> None:
    (found,) = courses(Event(category=None, pretty=pretty))
    assert found.type == kind


def test_with_neither_module_nor_category_the_notes_or_the_groups_name_it() -> None:
    found = courses(
        Event(series=1, modules=(), category=None, notes="Soutenances<br />suite"),
        Event(series=2, modules=(), category=None, day=1),
    )
    assert [(c.name, c.type) for c in found] == [("Soutenances", None), ("L1 PS s1 CMA", None)]


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("un<br />deux", "un\ndeux"),
        ("un<br/>\ndeux<br></br>trois", "un\ndeux\ntrois"),
        ("<b>gras</b> et <i>autre</i>", "gras et autre"),
        (" ", None),
        ("<br />", None),
        ("apporter  sa\u00a0calculatrice ", "apporter  sa\u00a0calculatrice"),
        ("a <!-- caché --> b", "a  b"),
    ],
)
def test_notes_are_kept_as_published(notes, expected) -> None:
    (found,) = courses(Event(notes=notes))
    assert found.notes == expected


def test_items_inside_links_are_read_with_the_page_they_lead_to() -> None:
    (found,) = courses(
        Event(
            rooms=('<a href="r12.html#w38">S02  (face à la\u00a0chaufferie)</a>',),
            groups=('<a href="g8659.html">InS1E1</a>', "InS1E2", "InS1E2"),
        )
    )
    assert found.rooms == ("S02  (face à la\u00a0chaufferie)",)
    assert [(g.name, g.code) for g in found.groups] == [("InS1E1", "g8659"), ("InS1E2", None)]


def test_staff_is_read_only_where_the_source_publishes_teachers() -> None:
    assert courses(Event(staff=("DUPONT Jeanne",)))[0].teachers == ()
    assert courses(Event(staff=("DUPONT Jeanne",)), teachers=True)[0].teachers == ("DUPONT Jeanne",)


def test_an_event_may_carry_its_own_monday_instead_of_marks() -> None:
    (found,) = courses(Event(weeks=(), day=3, attributes=' date="23/11/2026"'))
    assert found.begin.date() == date(2026, 11, 26)


def test_a_page_without_spans_speaks_for_the_weeks_its_events_are_dated_in() -> None:
    reading = read(Event(weeks=(1,), day=3, attributes=' date="23/11/2026"'), weeks=0)
    assert [(shown.week, len(shown.courses)) for shown in reading.weeks] == [("2026-W48", 1)]


def test_a_page_that_shows_no_week_is_refused() -> None:
    assert refused(celcat_pages.xml(Page(weeks=0))).code == "no-weeks"


def test_the_calendar_has_the_pages_name_and_members() -> None:
    calendar = read(Event(), name="L2 Info s1 - TPA41").calendar
    assert calendar.name == "L2 Info s1 - TPA41"
    assert [g.name for g in calendar.groups] == ["L1 PS s1 CMA", "L1 PS s1 TDA1"]


def test_a_rooms_page_is_not_named_after_a_group() -> None:
    assert celcat_xml.parse(celcat_pages.xml(), "r12", PARIS).calendar.name is None


def test_the_footer_says_when_the_page_was_written() -> None:
    assert read(Event()).published_at == datetime(2026, 11, 20, 0, 41, 39, tzinfo=UTC)
    assert read(Event(), published="le 3 nivôse").published_at is None


def test_a_few_unreadable_events_are_counted_and_many_refuse_the_page() -> None:
    good = [Event(series=n) for n in range(40)]
    assert read(*good, Event(begin="soon")).skipped == 1
    error = refused(celcat_pages.xml(Page(events=[Event(), Event(begin="soon"), Event(day=9)])))
    assert (error.code, error.place) == ("unreadable-events", "/timetable/event[2]")


BOMB = b"""<?xml version="1.0"?><!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><timetable>&c;</timetable>"""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"not xml at all", "not-xml"),
        (b"\x00\x01\x02\x03", "wrong-encoding"),
        (b"<timetable><a></timetable>", "not-xml"),
        (celcat_pages.xml()[:-400], "truncated"),
        (celcat_pages.xml().decode("utf-8-sig").encode("utf-16"), "wrong-encoding"),
        (celcat_pages.xml().decode("utf-8-sig").encode("latin-1"), "wrong-encoding"),
        (celcat_pages.xml().replace(b'encoding="UTF-8"', b'encoding="EBCDIC-CP-FR"'), "wrong-encoding"),
        (b"<!DOCTYPE html><html><body>Portail</body></html>", "html-page"),
        (b'<html><form><input type="password"></form></html>', "login-page"),
        (BOMB, "dtd"),
        (b"<slots/>", "wrong-document"),
        (b"<timetable>" + b"<x/>" * (xml_document.MAX_MARKS + 1) + b"</timetable>", "too-large"),
        (b"<timetable>" + b"<x>" * 10_000, "truncated"),
    ],
)
def test_what_is_no_page_is_refused_with_its_reason_and_place(body, code) -> None:
    error = refused(body)
    assert error.code == code
    assert error.place
    assert error.place in error.reason.fr


def test_a_page_that_says_it_is_latin_1_is_read_as_such() -> None:
    text = celcat_pages.xml(Page(name="Créé")).decode("utf-8-sig").replace("UTF-8", "ISO-8859-1")
    assert read(body=text.encode("latin-1")).calendar.name == "Créé"


def test_an_external_entity_is_never_fetched() -> None:
    body = b'<!DOCTYPE timetable SYSTEM "http://127.0.0.1:1/x.dtd"><timetable/>'
    assert refused(body).code == "dtd"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_reading_or_a_typed_error(body: bytes) -> None:
    _read_or_refuse(body)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_page_gives_a_reading_or_a_typed_error(data) -> None:
    body = bytearray(celcat_pages.xml(Page(events=[Event(), Event(series=2, weeks=(2, 3))])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        length = data.draw(st.integers(0, 12))
        body[at : at + length] = data.draw(
            st.one_of(st.binary(max_size=12), st.sampled_from([b"<span/>", b"Y", b"99999999999", b"-1", b"<br/>"]))
        )
    _read_or_refuse(bytes(body))


def _read_or_refuse(body: bytes) -> None:
    try:
        reading = celcat_xml.parse(body, "g1", PARIS)
    except ParseError as error:
        assert error.place  # noqa: PT017 - either outcome is right
    else:
        assert reading.weeks


def test_the_largest_page_that_is_read_takes_bounded_time_and_memory() -> None:
    event = (
        b"<event id='1'><day>0</day><starttime>8:00</starttime><endtime>9:00</endtime><rawweeks>N</rawweeks></event>"
    )
    hostile = b"<timetable><span date='16/11/2026' rawix='1'/>" + event * 20_000 + b"</timetable>"
    tracemalloc.start()
    started = time.process_time()
    reading = celcat_xml.parse(hostile, "g1", PARIS)
    took, most = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (reading.courses, reading.skipped) == (0, 20_000)
    assert took < 15
    assert most < 100e6
