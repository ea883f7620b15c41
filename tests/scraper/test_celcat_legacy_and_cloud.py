"""Calendar 7 pages and the cloud's JSON on made-up answers in the reported forms; then any bytes."""

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import celcat_raw_pages
import pytest
from carillon_scraper.failures import ParseError
from carillon_scraper.formats import celcat_cloud, celcat_index, celcat_legacy
from hypothesis import given, settings
from hypothesis import strategies as st
from upstream_server import reply

PARIS = ZoneInfo("Europe/Paris")
GROUP = "formation_EIINDE_s1_TDA1"


def page(*events: dict, noise: str = "") -> bytes:
    listed = json.dumps(list(events), ensure_ascii=False)
    return f"""<!DOCTYPE html><html><head><script src="DayPilot/calendar.js"></script></head><body>{noise}
<script>var v = new DayPilot.Calendar('v');
v.eventMoveToPosition = false;
v.events.list = {listed};
v.headerFontColor = '#000000';
</script><script>var last = 1;</script></body></html>""".encode()


def meeting(text: str, event_id: str = "77", start: str = "2018-11-12T08:00:00", **more) -> dict:
    return {"id": event_id, "start": start, "end": "2018-11-12T10:00:00", "text": text, **more}


def one(text: str, **more):
    (course,) = celcat_legacy.parse(page(meeting(text, **more)), PARIS, GROUP).courses
    return course


def test_a_full_text_is_read_piece_by_piece() -> None:
    course = one(
        "(08:00-10:00)<br>TD<br>EPINF1A1 - Algèbre &amp; co<br>L1 s1 TDA1;L1 s1 TDA2<br>FSI / U4-202<br>Un]; mot"
    )
    assert (course.event_id, course.name, course.type) == ("77", "EPINF1A1 - Algèbre & co", "TD")
    assert [group.name for group in course.groups] == ["L1 s1 TDA1", "L1 s1 TDA2"]
    assert (course.rooms, course.notes) == (("FSI / U4-202",), "Un]; mot")
    assert course.begin == datetime(2018, 11, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "more", "name", "kind"),
    [
        ("EPINF1A1 - Algèbre<br>G<br>R", {"backColor": "#ff8080"}, "EPINF1A1 - Algèbre", "TD"),
        ("EPINF1A1 - Algèbre<br>G<br>R", {"backColor": "#123456"}, "EPINF1A1 - Algèbre", None),
        ("(08:00-10:00)<br>EXAMEN<br>G<br>R", {}, "EXAMEN", None),
        ("G<br>R", {"backColor": "#FF8000"}, "EXAMEN", None),
        ("", {}, GROUP, None),
    ],
)
def test_any_piece_may_lack(text, more, name, kind) -> None:
    course = one(text, **more)
    assert (course.name, course.type) == (name, kind)


@pytest.mark.parametrize(
    ("text", "rooms", "notes"),
    [
        ("G<br>U2-217", ("U2-217",), None),
        (
            "G<br>FSI / U4-202<br>vidéoprojecteur<br>sans documents",
            ("FSI / U4-202",),
            "vidéoprojecteur\nsans documents",
        ),
        ("G<br>Amphi NOETHER (2A);Gymnase", ("Amphi NOETHER (2A)", "Gymnase"), None),
        ("G<br>vidéoprojecteur", (), "vidéoprojecteur"),
        ("G<br>sans documents<br>U2-217 si possible", (), "sans documents\nU2-217 si possible"),
        ("G<br>de 14h à 16h; 2 groupes", (), "de 14h à 16h; 2 groupes"),
        ("G<br><br>note", (), "note"),
        ("G<br>U2-217 si possible", ("U2-217 si possible",), None),
        ("G<br>Gymnase", (), "Gymnase"),
    ],
)
def test_what_stands_in_a_rooms_place_is_one_if_it_looks_like_one(text, rooms, notes) -> None:
    """The last two are the limits of this."""
    course = one(text)
    assert (course.rooms, course.notes) == (rooms, notes)


def test_every_recorded_room_looks_like_one_and_hardly_a_note_of_a_course_without_a_room(celcat_samples) -> None:
    pages = (celcat_samples / "xml_webpublisher").glob("ut3_*.xml")
    recorded = celcat_raw_pages.courses(page.read_bytes() for page in pages)
    rooms = {room for course in recorded for room in course.rooms}
    notes = {course.notes.partition("\n")[0] for course in recorded if course.notes and not course.rooms}
    assert (len(rooms), len(notes)) == (97, 4)
    assert all(map(celcat_legacy.looks_like_a_room, rooms))
    assert sum(map(celcat_legacy.looks_like_a_room, notes)) == 1, "it names a room"


async def test_rooms_that_do_not_look_like_one_are_named_by_the_operator(bench) -> None:
    events = [
        meeting("G<br>Gymnase Nord", "1", "2026-11-16T08:00:00"),
        meeting("G<br>note", "2", "2026-11-16T09:00:00"),
    ]
    for event in events:
        event["end"] = "2026-11-16T10:00:00"
    bench.server.serve("/default.aspx", page(*events))
    for rooms, found in ((["gymnase*"], [("Gymnase Nord",), ()]), ("*", [("Gymnase Nord",), ("note",)])):
        bench.source(f"/default.aspx?ResourceName={GROUP}", format="celcat-legacy", rooms=rooms)
        assert (await bench.read(weeks=("2026-W47",))).code is None
        assert [course.rooms for course in bench.events[0].courses] == found


def test_holidays_are_no_courses_and_repeated_ids_count_once() -> None:
    body = page(meeting("Global Event: Noël", "1"), meeting("A<br>B", "2"), meeting("A<br>B", "2"))
    assert [course.event_id for course in celcat_legacy.parse(body, PARIS, GROUP).courses] == ["2"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html><form><input type='password'></form></html>", "login-page"),
        (b"<html><body>Maintenance</body></html>", "html-page"),
        (b"hello", "no-event-list"),
        (page(meeting("x"))[:-160], "truncated"),
        (page(meeting("x"), meeting("y", start="tomorrow")), "unreadable-events"),
        (b"v.events.list = [{];\n", "not-json"),
    ],
)
def test_what_is_no_calendar_7_page_is_refused(body, code) -> None:
    with pytest.raises(ParseError) as caught:
        celcat_legacy.parse(body, PARIS, GROUP)
    assert (caught.value.code, bool(caught.value.place)) == (code, True)


def test_a_whole_page_without_a_list_has_no_events() -> None:
    body = b"<html><script>new DayPilot.Calendar('v');</script></html>"
    assert celcat_legacy.parse(body, PARIS, GROUP).courses == ()


@pytest.mark.parametrize("shows", ["calendar month", "four weeks from its date"])
async def test_the_steps_leave_no_day_out_whatever_a_month_is_to_the_server(bench, shows) -> None:
    """A course every day; the server shows the weeks around a month, or four weeks from the date."""

    def answer(request):
        asked = datetime.strptime(request.query["Date"][0], "%Y%m%d").replace(tzinfo=UTC).date()
        if shows == "calendar month":
            first = asked.replace(day=1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        else:
            first, last = asked, asked + timedelta(days=21)
        first, last = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return reply(
            page(*({"id": f"{d}", "start": f"{d}T08:00:00", "end": f"{d}T09:00:00", "text": "A<br>B"} for d in days))
        )

    bench.server.answers["/default.aspx"] = answer
    bench.source(f"/default.aspx?ResourceName={GROUP}", format="celcat-legacy")
    assert (await bench.read()).code is None
    shown = await bench.shown()
    assert len(shown) == 58
    assert all(len(ids) == 7 for ids in shown.values())
    query = parse_qs(urlsplit(bench.server.requests[0].target).query)
    assert (query["View"], query["Type"], query["ResourceName"]) == (["month"], ["group"], [GROUP])


NAMES = {
    "1000": {"5": {"uniqueName": "EIN1", "name": "Algorithmique"}},
    "1001": {"9": {"name": "L1 A"}, "10": {"uniqueName": "L1 B"}},
    "1002": {"3": {"name": "DUPONT Jeanne"}},
    "1003": {"7": {"name": "U2-115"}},
    "1105": {"1": {"name": "TD"}},
}
SHOWN = {"9": [{"startDate": 1757894400000, "endDate": 1760313600000}]}  # 15 September to 13 October 2025


def cloud_event(**changes) -> dict:
    return {
        "eventId": 4711,
        "dayOfWeek": 2,
        "startTime": 8 * 3_600_000,
        "duration": 90,
        "weeks": [True, False, True],
        "modules": [{"type": 1000, "id": 5}],
        "staff": [{"type": 1002, "id": 3}],
        "facilities": [{"type": 1003, "id": 7}],
        "studentSets": [{"type": 1001, "id": 9}, {"type": 1001, "id": 10}],
        "eventCategoryId": 1,
        "notes": "a<br>b",
        **changes,
    }


def cloud(*events: dict, **changes) -> bytes:
    return json.dumps({"names": NAMES, "events": list(events), "viewableResourceDates": SHOWN, **changes}).encode()


def read_cloud(body: bytes, **keys):
    return celcat_cloud.parse(body, "9", PARIS, "9", **keys)


def test_a_cloud_event_is_a_course_in_each_of_its_weeks() -> None:
    reading = read_cloud(cloud(cloud_event()))
    found = [course for shown in reading.weeks for course in shown.courses]
    assert [(course.event_id, course.begin.isoformat()) for course in found] == [
        ("4711:2025-09-15", "2025-09-16T06:00:00+00:00"),
        ("4711:2025-09-29", "2025-09-30T06:00:00+00:00"),
    ]
    first = found[0]
    assert (first.name, first.type, first.rooms, first.notes) == ("Algorithmique", "TD", ("U2-115",), "a\nb")
    assert [(group.name, group.code) for group in first.groups] == [("L1 A", "9"), ("L1 B", "10")]
    assert first.teachers == ()
    assert [shown.week for shown in reading.weeks] == [f"2025-W{week}" for week in range(38, 43)]
    assert reading.calendar.name == "L1 A"


def test_a_suspended_event_is_cancelled_and_teachers_are_published_only_on_demand() -> None:
    reading = read_cloud(cloud(cloud_event(suspended=True)), publish_teachers=True)
    course = reading.weeks[0].courses[0]
    assert (course.status, course.teachers) == ("cancelled", ("DUPONT Jeanne",))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"null", "wrong-document"),
        (b"<html></html>", "html-page"),
        (cloud(viewableResourceDates={}), "no-weeks"),
        (cloud(viewableResourceDates={"9": [{"startDate": "x"}]}), "no-weeks"),
        (cloud(cloud_event(dayOfWeek=9)), "unreadable-events"),
        (cloud(cloud_event())[:-30], "truncated"),
    ],
)
def test_what_is_no_cloud_answer_is_refused(body, code) -> None:
    with pytest.raises(ParseError) as caught:
        read_cloud(body)
    assert (caught.value.code, bool(caught.value.place)) == (code, True)


def test_lists_of_pages_are_read_in_both_orders_of_their_labels() -> None:
    url = "https://edt.test/FSI/gindex.html"
    body = b"""<html><select><option value="">choisir</option><option value="g1.html#w38">A1, L1 PS
</option><option value="g1.html">again</option><option value="https://elsewhere.test/g9.html">no</option>"""
    assert [(link.label, link.url) for link in celcat_index.parse(body, url)] == [
        ("A1, L1 PS", "https://edt.test/FSI/g1.html")
    ]


def test_a_finder_lists_groups_only() -> None:
    body = b"""\xef\xbb\xbf<?xml version="1.0"?><finder><resource type="group"><name>L1</name><link href="g1.html"/></resource>
<resource type="room"><name>U2</name><link href="r2.html"/></resource><resource type="group"><name>x</name></resource></finder>"""
    assert [link.label for link in celcat_index.parse(body, "https://edt.test/finder.xml")] == ["L1"]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_result_or_a_typed_error(body: bytes) -> None:
    legacy = page(meeting("x")).replace(b"77", body)
    for parse in (
        lambda: celcat_legacy.parse(body, PARIS, GROUP),
        lambda: celcat_legacy.parse(legacy, PARIS, GROUP),
        lambda: read_cloud(body),
        lambda: celcat_index.parse(body, "https://edt.test/finder.xml"),
        lambda: celcat_index.parse(body, "https://edt.test/gindex.html"),
    ):
        try:
            parse()
        except ParseError as error:
            assert error.place  # noqa: PT017 - either outcome is right


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(cloud_event())), st.one_of(VALUES, st.lists(VALUES, max_size=3)), st.booleans())
def test_any_value_in_an_event_gives_a_result_or_a_typed_error(key, value, in_names) -> None:
    names = {**NAMES, "1000": value} if in_names else NAMES
    try:
        read_cloud(cloud(cloud_event(**{key: value}), names=names))
    except ParseError as error:
        assert error.place  # noqa: PT017 - either outcome is right


def test_dates_far_away_do_not_take_forever() -> None:
    body = cloud(viewableResourceDates={"9": [{"startDate": 0, "endDate": 9_000_000_000_000_000}]})
    with pytest.raises(ParseError):
        read_cloud(body)
    long = cloud(viewableResourceDates={"9": [{"startDate": 0, "endDate": 4_000_000_000_000}]})
    assert len(read_cloud(long).weeks) <= celcat_cloud.MAX_WEEKS + 1
    assert read_cloud(long).weeks[0].days[0] == date(1969, 12, 29)
