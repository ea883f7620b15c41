"""Calendar 8: recorded events and side bars, descriptions judged line by line, lists, slices, and any bytes."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import golden_file
import pytest
from carillon_contracts.course import GroupName
from carillon_scraper.failures import ParseError
from carillon_scraper.formats import celcat_calendar, celcat_description, celcat_meeting
from carillon_scraper.formats.celcat_calendar import Kind
from carillon_scraper.formats.celcat_description import Lists, Names, Resource, sections_of
from hypothesis import given, settings
from hypothesis import strategies as st
from upstream_server import reply

PARIS = ZoneInfo("Europe/Paris")
GOLDEN = Path(__file__).parent / "golden"
ASKED = (GroupName(name="L3 INFO s1 CMA", code="IINA9CMA"),)
LISTS = Lists(
    modules=Names([Resource("EIN1", "EIN1 - Algorithmique"), Resource("EIN2", "EIN2 - Réseaux")]),
    rooms=Names([Resource("3001", "FSI / U2-115"), Resource("3002", "B219 [Salle de cours]")]),
    groups=Names(
        [Resource("IINA9CMA", "L3 INFO s1 CMA (IINA9CMA)"), Resource("IINA9TDA1", "IINA9TDA1 - L3 INFO s1 TDA1")]
    ),
    staff=Names([Resource("70001", "DUPONT JEANNE")]),
)


def event(**changes):
    base = {
        "id": "-1:2:8:1626087:3",
        "start": "2026-11-23T10:15:00",
        "end": "2026-11-23T12:15:00",
        "allDay": False,
        "description": "",
        "eventCategory": "TD",
        "modules": None,
    }
    (found,), skipped = celcat_calendar.parse_events(json.dumps([{**base, **changes}]).encode())
    assert skipped == 0
    return found


def described(*sections: str) -> str:
    return "\r\n\r\n<br />\r\n\r\n".join(sections) + "\r\n"


def course(found, lists: Lists = LISTS, side_bar=None, *, teachers: bool = False):
    lines = celcat_description.classified(found.lines, found.category, found.modules, lists)
    return celcat_meeting.course(found, lines, side_bar, lists, asked=ASKED, zone=PARIS, publish_teachers=teachers)


def test_recorded_events_read_as_reviewed(celcat_samples) -> None:
    found = {}
    for path in sorted((celcat_samples / "json_calendar").glob("*event*.json")):
        (one,), _ = celcat_calendar.parse_events(b"[" + path.read_bytes() + b"]")
        raw = json.loads(path.read_text())
        lines = celcat_description.classified(one.lines, one.category, one.modules, Lists())
        assert one.begin.isoformat() == raw["start"]
        assert one.category == raw["eventCategory"]
        found[path.name] = {
            "sections": [len(section) for section in one.sections],
            "modules": len(lines.modules),
            "unclassified": len(lines.unclassified),
            "local": one.begin.isoformat(),
        }
    golden_file.check(GOLDEN / "recorded_calendar_events.json", found)


def test_a_recorded_description_is_read_whole_with_the_lists_of_its_site(celcat_samples) -> None:
    body = json.loads((celcat_samples / "json_calendar" / "ut3_description_2023.json").read_text())
    lists = Lists(
        modules=Names([Resource("KPFP9AA2", "KPFP9AA2 - Physique des nouveaux matériaux fonctionnels")]),
        rooms=Names([Resource("1", "FSI / U2-115")]),
        groups=Names([Resource("K5PFPPROMO", "K5PFPPROMO - K5 PFP")]),
    )
    found = course(event(description=body, eventCategory="COURS/TD"), lists)
    assert found.name == "KPFP9AA2 - Physique des nouveaux matériaux fonctionnels"
    assert (found.type, found.rooms, found.notes) == ("COURS/TD", ("FSI / U2-115",), None)
    assert found.groups == (GroupName(name="K5 PFP", code="K5PFPPROMO"),)


def test_recorded_side_bars_read_as_reviewed(celcat_samples) -> None:
    folder = celcat_samples / "json_sidebar"
    assert celcat_calendar.parse_side_bar((folder / "cy_sidebar_empty.json").read_bytes()) is None
    elements = json.loads((folder / "cy_sidebar_elements_2021.json").read_text())
    found = celcat_calendar.parse_side_bar(json.dumps({"elements": elements}).encode())
    assert [len(found.named[kind]) for kind in (Kind.MODULE, Kind.ROOM, Kind.STAFF, Kind.GROUP)] == [1, 3, 2, 0]
    assert found.named[Kind.ROOM][0] == Resource("1172982", "A ROOM")
    assert found.notes == ()


def test_text_is_split_first_and_unescaped_after() -> None:
    told = "A &#233;t&#233; &amp;lt;br /&amp;gt;\r\n\r\n<br />\r\n\r\nB&#39;s<br />C\r\n"
    assert sections_of(told) == (("A été &lt;br /&gt;",), ("B's", "C"))
    assert sections_of("A\xa0B\r\n\r\n<br\xa0/>\r\n\r\nC\r\n") == (("A\xa0B",), ("C",))
    assert sections_of("") == ()


@pytest.mark.parametrize(
    "sections",
    [
        ("TD", "EIN1 - Algorithmique", "FSI / U2-115", "DUPONT JEANNE", "IINA9TDA1", "apporter un casque"),
        ("FSI / U2-115", "EIN1 [EIN1 - Algorithmique]", "L3 INFO s1 TDA1", "apporter un casque", "TD"),
        ("DUPONT JEANNE", "L3 INFO s1 TDA1", "FSI / U2-115", "Algorithmique [EIN1]", "apporter un casque"),
        ("apporter un casque", "70001", "EIN1 Algorithmique", "IINA9TDA1", "TD", "FSI&#160;/&#160;U2-115"),
    ],
)
def test_the_order_of_sections_does_not_matter(sections) -> None:
    found = course(event(description=described(*sections), modules=["EIN1"]))
    assert (found.name, found.type) == ("EIN1 - Algorithmique", "TD")
    assert (found.rooms, found.notes, found.teachers) == (("FSI / U2-115",), "apporter un casque", ())
    assert found.groups == (GroupName(name="L3 INFO s1 TDA1", code="IINA9TDA1"),)


def test_without_a_list_of_people_an_unexplained_line_stays_private() -> None:
    found = event(description=described("TD", "DURAND PAUL"))
    lists = Lists(modules=LISTS.modules, rooms=LISTS.rooms, groups=LISTS.groups)
    assert course(found, lists).notes is None
    assert course(found, lists, teachers=True).notes == "DURAND PAUL"


def test_weeks_and_unnamed_resources_are_noise_and_a_cut_list_is_noticed() -> None:
    lines = celcat_description.classified(
        ("37-43,45-49", "Salle TD avec ID 1604791", "12", "(3 more...)", "inconnu"), "TD", (), LISTS
    )
    assert (lines.unclassified, lines.cut, lines.staff) == (["inconnu"], True, [])


def test_the_side_bar_completes_a_cut_list() -> None:
    elements = [
        {"label": "Salles", "content": "FSI / U2-115", "federationId": "3001", "entityType": 102, "isNotes": False},
        {"label": None, "content": "B219", "federationId": "3002", "entityType": 102, "isNotes": False},
        {"label": "Notes", "content": "à lire", "federationId": None, "entityType": 0, "isNotes": True},
    ]
    side_bar = celcat_calendar.parse_side_bar(json.dumps({"elements": elements}).encode())
    found = course(event(description=described("TD", "FSI / U2-115<br />(1 more...)")), side_bar=side_bar)
    assert (found.rooms, found.notes) == (("FSI / U2-115", "B219 [Salle de cours]"), "à lire")


def test_older_builds_and_odd_values() -> None:
    old = event(modules="EIN2", eventCategory=None, end=None)
    assert (old.modules, old.category, old.end) == (("EIN2",), None, None)
    assert course(old).name == "EIN2 - Réseaux"
    holiday = course(event(allDay=True, end="2026-11-23T00:01:00"))
    assert holiday.end - holiday.begin == timedelta(days=1)
    assert celcat_calendar.parse_events(b"null") == ([], 0)
    assert celcat_calendar.parse_events(b"[null, null]") == ([], 0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"{}", "wrong-document"),
        (b"[{]", "not-json"),
        (b'[{"id": "1", "start": "2026', "truncated"),
        (b'[{"id": "1", "start": "2026-11-23T10:15:00"}, {"id": 5}]', "unreadable-events"),
        (b'[{"id": "1", "start": "2026-11-23T10:15:00+01:00"}]', "unreadable-events"),
        (b"<!DOCTYPE html><html><body>Sign in <input type=password></body></html>", "login-page"),
        (b"[NaN]", "not-json"),
        ('["é"]'.encode("latin-1"), "wrong-encoding"),
        (b"[" * 100_000, "not-json"),
        (b"[" + b"," * 3_000_001, "too-large"),
    ],
)
def test_what_is_no_list_of_events_is_refused_with_its_place(body, code) -> None:
    with pytest.raises(ParseError) as caught:
        celcat_calendar.parse_events(body)
    assert (caught.value.code, bool(caught.value.place)) == (code, True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "start", "end", "description", "modules", "elements"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), JSON.map(lambda value: json.dumps(value).encode())))
def test_any_bytes_give_events_or_a_typed_error(body: bytes) -> None:
    for parse in (celcat_calendar.parse_events, celcat_calendar.parse_resources, celcat_calendar.parse_side_bar):
        try:
            parse(body)
        except ParseError as error:
            assert error.place  # noqa: PT017 - either outcome is right


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_description_is_read(text: str) -> None:
    course(event(description=text))


def months(slices: list[tuple[date, date]]):
    """A server of one group with a course each Monday; ranges longer than allowed are too much for it."""

    def answer(request):
        first, last = (date.fromisoformat(request.form[key][0]) for key in ("start", "end"))
        if (last - first).days > 16:
            return reply(b"<html>Server Error</html>", status=500)
        slices.append((first, last))
        days = [first + timedelta(days=n) for n in range((last - first).days)]
        found = [
            {
                "id": f"1:{day.isocalendar().week}",
                "start": f"{day}T08:00:00",
                "end": f"{day}T10:00:00",
                "eventCategory": "TD",
            }
            for day in days
            if day.weekday() == 0
        ]
        return reply(json.dumps(found).encode())

    return answer


async def test_a_range_that_is_too_much_is_halved(open_bench) -> None:
    bench = await open_bench()
    slices: list[tuple[date, date]] = []
    bench.server.answers["/calendar/Home/GetCalendarData"] = months(slices)
    bench.source("/calendar/cal?vt=month&fid0=A", format="celcat-calendar", groups=["A"])
    weeks = ("2026-W47", "2026-W48", "2026-W49", "2026-W50")
    assert (await bench.read(weeks=weeks)).code is None
    assert [(last - first).days for first, last in slices] == [15, 15]
    assert {key: len(ids) for key, ids in (await bench.shown()).items()} == {f"A {week}": 1 for week in weeks}


async def test_lists_are_read_page_by_page_with_the_wildcard_that_the_site_takes(open_bench) -> None:
    bench = await open_bench()
    groups = [{"id": f"G{n}", "text": f"G{n} - L1 groupe {n}"} for n in range(7)]
    asked = []

    def resources(request):
        form = request.form
        asked.append((form["resType"][0], form["searchTerm"][0], form["pageNumber"][0]))
        if form["resType"] != ["103"] or form["searchTerm"] != ["_"]:
            return reply(b'{"total": 0, "results": []}')
        start = 3 * (int(form["pageNumber"][0]) - 1)  # the server sends three, whatever it is asked for
        return reply(json.dumps({"total": 7, "results": groups[start : start + 3]}).encode())

    bench.server.answers["/Home/ReadResourceListItems"] = resources
    bench.server.serve("/Home/GetCalendarData", b"[]")
    bench.source("/", format="celcat-calendar", groups=["* groupe 1", "G5"])
    outcome = await bench.read(weeks=("2026-W47",))
    assert outcome.code is None
    assert [each for each in asked if each[0] == "103"] == [
        ("103", "___", "1"),
        ("103", "__", "1"),
        ("103", "_", "1"),
        ("103", "_", "2"),
        ("103", "_", "3"),
    ]
    assert [calendar.name for calendar in (await bench.was_read()).calendars] == ["L1 groupe 1", "L1 groupe 5"]


async def test_of_a_group_that_never_showed_a_course_nothing_is_said(bench) -> None:
    bench.server.serve("/Home/GetCalendarData", b"[]")
    bench.source("/", format="celcat-calendar", groups=["WRONG"])
    assert (await bench.read()).code is None
    assert await bench.shown() == {}


async def test_an_event_that_names_no_group_has_all_the_groups_that_show_it(bench) -> None:
    body = json.dumps(
        [{"id": "1:2", "start": "2026-11-16T08:00:00", "end": "2026-11-16T10:00:00", "eventCategory": "CM"}]
    )
    bench.server.serve("/Home/GetCalendarData", body.encode())
    bench.source("/", format="celcat-calendar", groups=["A", "B"])
    await bench.read(weeks=("2026-W47",))
    last = [each for each in bench.events if hasattr(each, "courses") and hasattr(each, "week")][-1]
    assert [group.name for group in last.courses[0].groups] == ["A", "B"]
    bench.source("/", format="celcat-calendar", groups=["A", "B"])  # a new process
    await bench.read(weeks=("2026-W47",))
    first = next(each for each in bench.events if hasattr(each, "week"))
    assert [group.name for group in first.courses[0].groups] == ["A", "B"]


def test_times_are_local_by_date() -> None:
    summer, winter = event(start="2026-09-01T08:00:00"), event(start="2026-12-01T08:00:00")
    assert course(summer).begin == datetime(2026, 9, 1, 6, tzinfo=UTC)
    assert course(winter).begin == datetime(2026, 12, 1, 7, tzinfo=UTC)


def a_site(bench, refuse: dict[str, bytes]) -> None:
    """A group, a room, a course a week in it; `refuse` has what the list of a kind (its number) answers instead."""
    lists = {"102": [{"id": "3001", "text": "FSI / U2-115"}], "103": [{"id": "A", "text": "A - L1 A"}]}

    def resources(request):
        kind = request.form["resType"][0]
        found = lists.get(kind, [])
        return refuse.get(kind) or reply(json.dumps({"total": len(found), "results": found}).encode())

    told = {"start": "2026-11-16T08:00:00", "end": "2026-11-16T10:00:00", "eventCategory": "TD"}
    described_as = described("TD", "FSI / U2-115", "A")
    bench.server.answers["/Home/ReadResourceListItems"] = resources
    bench.server.serve(
        "/Home/GetCalendarData", json.dumps([{"id": "1:2", **told, "description": described_as}]).encode()
    )


def rooms_shown(bench) -> list[tuple[str, ...]]:
    """The rooms of the course in each snapshot of the last read."""
    return [course.rooms for each in bench.events if hasattr(each, "week") for course in each.courses]


AWAY = reply(b"<html>Server Error</html>", status=500)
NONE = reply(b'{"total": 0, "results": []}')


@pytest.mark.parametrize("answer", [AWAY, NONE, reply(b"<html>Maintenance</html>")])
async def test_a_list_that_is_away_for_a_while_takes_no_room_from_a_course(open_bench, answer) -> None:
    bench = await open_bench(request_tries=1, failures_before_rest=1000)
    refuse: dict[str, bytes] = {}
    a_site(bench, refuse)
    bench.source("/", format="celcat-calendar")
    assert (await bench.read(weeks=("2026-W47",))).code is None
    assert rooms_shown(bench) == [("FSI / U2-115",)]
    for kind in ("102", "103"):
        refuse[kind] = answer
        assert (await bench.read(timedelta(hours=25), weeks=("2026-W47",))).code is None
        assert rooms_shown(bench) == [], "the same course as before"


async def test_a_list_that_was_never_seen_is_missed_for_a_day_before_it_is_done_without(open_bench) -> None:
    bench = await open_bench(request_tries=1, failures_before_rest=1000)
    a_site(bench, {"102": AWAY})
    bench.source("/", format="celcat-calendar")
    for hours in (1, 23):
        assert (await bench.read(timedelta(hours=hours), weeks=("2026-W47",))).code == "http-status"
        assert rooms_shown(bench) == []
    assert (await bench.read(weeks=("2026-W47",))).code is None
    assert rooms_shown(bench) == [()]


async def test_a_pattern_of_groups_without_their_list_is_told_by_what_the_server_said(bench) -> None:
    bench.source("/nowhere", format="celcat-calendar")
    for _ in range(2):
        assert (await bench.read(weeks=("2026-W47",))).code == "http-status"
    failed = await bench.failed()
    assert "does not know this address" in failed.reason_en


async def test_side_bars_of_unknown_events_do_not_keep_the_others_from_being_read(open_bench) -> None:
    bench = await open_bench()
    told = {"start": "2026-11-16T08:00:00", "end": "2026-11-16T10:00:00", "eventCategory": "TD"}
    events = [{"id": f"1:{n}", **told, "description": described("TD", f"Salle {n}<br />(3 more...)")} for n in range(9)]
    bench.server.serve("/Home/GetCalendarData", json.dumps(events).encode())
    bench.server.serve("/Home/ReadResourceListItems", b'{"total": 0, "results": []}')
    bench.server.serve("/Home/GetSideBarEvent", b"<html>Server Error</html>", status=500)
    bench.source("/", format="celcat-calendar", groups=["A"])
    for _ in range(2):
        assert (await bench.read(weeks=("2026-W47",))).code is None
    asked = [request.form["eventId"] for request in bench.server.requests if "SideBar" in request.path]
    assert len(asked) == 9, "once each"
    assert {key: len(ids) for key, ids in (await bench.shown()).items()} == {"A 2026-W47": 9}
