"""Web Publisher pages: the form of the recorded ones, and the same meetings as the statement of truth."""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import golden_file
import httpx
import pytest
from carillon_celcat_simulator.publisher.grid import box
from celcat_simulators import running_celcat_simulator
from lxml import etree

GOLDEN = Path(__file__).parent / "golden"
RECORDED = ("ut3_g220501.xml", "ut3_g241496.xml", "ut3_g241638.xml", "ut3_g241742.xml", "ut3_g254186.xml")


@pytest.fixture(scope="session")
def pages(simulator, truth) -> dict[str, bytes]:
    """Every page, by the name of its group."""
    return {group["name"]: simulator.get(f"/{group['page']}").content for group in truth["groups"]}


def _meetings(page: bytes) -> list[tuple]:
    """The meetings of a page, read as FORMATS.md 1.4 says."""
    root = etree.fromstring(page)
    mondays = {}
    for span in root.iter("span"):
        day, month, year = map(int, span.get("date").split("/"))
        mondays[int(span.get("rawix"))] = date(year, month, day)
    found = []
    for event in root.iter("event"):
        (week,) = [place + 1 for place, sign in enumerate(event.findtext("rawweeks")) if sign == "Y"]
        day = mondays[week] + timedelta(days=int(event.findtext("day")))
        names = {
            kind: tuple(item.text for item in event.iterfind(f"resources/{kind}/item"))
            for kind in ("module", "group", "room")
        }
        notes = event.find("notes")
        found.append(
            (
                event.get("id"), week, f"{day}T{event.findtext('starttime')}:00", f"{day}T{event.findtext('endtime')}:00",
                event.findtext("category"), names["module"], names["group"], names["room"],
                None if notes is None else "\n".join(notes.itertext()),
            )
        )  # fmt: skip
    return found


def _true(meeting: dict) -> tuple:
    return (
        meeting["id"], meeting["week"], meeting["begin"], meeting["end"], meeting["type"], tuple(meeting["modules"]),
        tuple(meeting["groups"]), tuple(meeting["rooms"]), meeting["notes"],
    )  # fmt: skip


def test_all_pages_together_hold_exactly_the_meetings_of_the_window(pages, truth):
    on_pages = {_true(meeting) for meeting in truth["meetings"] if meeting["on_pages"]}
    assert len(on_pages) > 1_000
    assert {meeting for page in pages.values() for meeting in _meetings(page)} == on_pages


def test_a_mention_page_holds_each_meeting_of_its_groups_once(pages, truth):
    for mention in {group["mention"] for group in truth["groups"]}:
        names = {group["name"] for group in truth["groups"] if group["mention"] == mention}
        expected = [_true(it) for it in truth["meetings"] if it["on_pages"] and names & set(it["groups"])]
        assert sorted(_meetings(pages[mention]), key=repr) == sorted(expected, key=repr)


def test_a_tutorial_page_holds_the_section_above_and_the_practicals_below_it(pages, truth):
    names = {f"L1 MI s1 {subgroup}" for subgroup in ("CMA", "TDA1", "TPA11", "TPA12")} | {"L1 MI"}
    expected = [_true(it) for it in truth["meetings"] if it["on_pages"] and names & set(it["groups"])]
    assert sorted(_meetings(pages["L1 MI s1 TDA1"]), key=repr) == sorted(expected, key=repr)


def test_prepared_groups_have_pages_without_meetings_of_their_own(pages):
    assert b"<item>L1 MI s1 GA111</item>" in pages["L1 MI"]
    assert not any("L1 MI s1 GA111" in meeting[6] for meeting in _meetings(pages["L1 MI s1 GA111"]))
    assert b"<item>S1</item>\r\n<item>S2</item></members></property>" in pages["L1 MI"]


def _shape(page: bytes) -> dict[str, set]:
    """Every element with its parent, its attributes in their order, and for the frame the order of children."""
    root = etree.fromstring(page)
    shape: dict[str, set] = {"elements": set(), "order": {tuple(dict.fromkeys(child.tag for child in root))}}
    for element in root.iter(etree.Element):
        parent = element.getparent()
        # `trimmed` is on two of the recorded events: they begin in a period without times.
        if element.tag == "event" and "trimmed" in element.attrib:
            continue
        shape["elements"].add((None if parent is None else parent.tag, element.tag, tuple(element.attrib)))
        if element.tag in ("event", "option", "span", "resources", "members", "day"):
            shape["order"].add((element.tag, *dict.fromkeys(child.tag for child in element)))
    return shape


def test_pages_have_the_elements_attributes_and_order_of_the_recorded_ones(celcat_samples, pages):
    recorded = [_shape((celcat_samples / "xml_webpublisher" / name).read_bytes()) for name in RECORDED]
    elements = set.union(*(shape["elements"] for shape in recorded))
    orders = set.union(*(shape["order"] for shape in recorded))
    ours = [_shape(page) for page in pages.values()]
    # An event without module and room is nowhere in the recorded pages, a prepared group's empty property neither.
    allowed_orders = orders | {("resources", "group")}
    assert set.union(*(shape["elements"] for shape in ours)) <= elements
    assert set.union(*(shape["order"] for shape in ours)) <= allowed_orders
    assert ours[0]["order"] >= {order for order in orders if order[0] in ("option", "span", "members", "timetable")}


def _lines_by_form(page: bytes) -> Counter:
    """Lines with all text and numbers taken out: what is left is framing."""
    text = page.decode("utf-8-sig")
    return Counter(re.sub(r">[^<]+<", ">…<", re.sub(r'"[^"]*"', '"…"', line)) for line in text.split("\r\n"))


def test_pages_are_framed_byte_for_byte_as_the_recorded_ones(celcat_samples, pages):
    recorded = [(celcat_samples / "xml_webpublisher" / name).read_bytes() for name in RECORDED]
    page = pages["L1 MI"]
    for other in recorded:
        assert page[: page.index(b"<link")] == other[: other.index(b"<link")]
        assert (
            page[page.index(b"<weeks>") : page.index(b"<footer>")]
            == other[other.index(b"<weeks>") : other.index(b"<footer>")]
        )
    assert page.endswith(b"</event></timetable>")
    assert page.replace(b"\r\n", b"").count(b"\n") == 0
    toulouse = recorded[3]
    assert (
        page[page.index(b"<dept>") : page.index(b"<subheading>")]
        == toulouse[toulouse.index(b"<dept>") : toulouse.index(b"<subheading>")]
    )
    assert (
        page[page.index(b"<period") : page.index(b"<span")]
        == toulouse[toulouse.index(b"<period") : toulouse.index(b"<span")]
    )
    forms = set(sum((_lines_by_form(other) for other in recorded), Counter()))
    forms.add("<notes>…</notes></event></timetable>")
    assert set(_lines_by_form(page)) <= forms | {
        "<item>…</item></group></resources></event>",
        "<item>…</item></group></resources>",
    }


def test_the_footer_is_of_the_nightly_run_and_found_where_the_recorded_one_is(celcat_samples, pages):
    pattern = re.compile(
        rb"<footer>Publi\xc3\xa9 (\d\d/\d\d/\d{4} \d\d:\d\d:\d\d) - [^<]+<br />Cr\xc3\xa9\xc3\xa9 par \r\n<a href="
    )
    assert pattern.search((celcat_samples / "xml_webpublisher" / RECORDED[0]).read_bytes())
    assert pattern.search(pages["L1 MI"]).group(1) == b"21/11/2026 01:41:39"


def test_the_grid_is_drawn_as_on_the_recorded_pages(celcat_samples):
    """Of 1,169 recorded events 5 are drawn otherwise: two are marked as trimmed, three begin in the midst of a short period."""
    differences, total = [], 0
    for name in RECORDED:
        for event in etree.parse(celcat_samples / "xml_webpublisher" / name).iter("event"):
            hours = event.get("timesort")
            begin, end = (int(text[:2]) * 60 + int(text[2:]) for text in (hours[:4], hours[4:]))
            place = box(begin, end)
            total += 1
            if (place.ecs, place.ecc, place.sca, place.scb) != tuple(
                int(event.get(it, 0)) for it in ("ecs", "ecc", "sca", "scb")
            ):
                differences.append(hours)
    assert total == 1169
    assert sorted(differences) == ["13001330", "13001330", "13001330", "15451645", "15451645"]


def test_overlapping_events_of_a_day_are_in_different_rows_and_the_span_has_these_rows(pages):
    root = etree.fromstring(pages["L1 MI"])
    spans = {span.findtext("alleventweeks"): span for span in root.iter("span")}
    used: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for event in root.iter("event"):
        day = (event.findtext("rawweeks"), event.findtext("day"))
        place = (event.get("er"), event.get("ecs"))
        assert place not in used.setdefault(day, set())
        used[day].add(place)
    for (week, day), places in used.items():
        rows = spans[week].findall(f"day[@id='{day}']/row")
        assert len(rows) == max(int(row) for row, _ in places) + 1


def test_a_page_has_fifteen_spans_from_the_current_week_or_as_many_as_asked(pages, truth):
    assert [span.get("date") for span in etree.fromstring(pages["L1 MI"]).iter("span")][:2] == [
        "16/11/2026",
        "23/11/2026",
    ]
    assert len(truth["weeks_on_pages"]) == 15
    with running_celcat_simulator(today=date(2026, 11, 21), weeks=20) as url:
        assert len(list(etree.fromstring(httpx.get(f"{url}/publisher/g220501.xml").content).iter("span"))) == 20


def test_weeks_are_strings_of_the_length_of_the_year():
    with running_celcat_simulator(today=date(2026, 3, 2)) as url:
        root = etree.fromstring(httpx.get(f"{url}/publisher/g220501.xml").content)
    assert {len(weeks.text) for weeks in root.iter("rawweeks", "alleventweeks")} == {53}


def _page_of(client: httpx.Client, dialect: str) -> etree._Element:
    group = next(it for it in client.get("/truth.json").json()["groups"] if it["name"] == "L1 MI")
    return etree.fromstring(client.get(f"/publisher/{dialect}/g{group['id']}.xml").content)


def test_the_dialect_of_the_iut_has_links_in_its_items_and_no_category(simulator, pages):
    root = _page_of(simulator, "iut")
    assert {len(item.findall("a")) for item in root.iterfind("event/resources/*/item")} == {1}
    assert all(re.fullmatch(r"[mgr]\d+\.html", link.get("href")) for link in root.iterfind("event/resources/*/item/a"))
    assert not root.findall("event/category")
    texts = ["".join(item.itertext()) for item in root.iterfind("event/resources/*/item")]
    assert texts == [item.text for item in etree.fromstring(pages["L1 MI"]).iterfind("event/resources/*/item")]


def test_the_dialect_of_reims_dates_each_event_with_its_monday_and_names_staff(simulator, truth):
    root = _page_of(simulator, "reims")
    true = {(it["id"], it["week"]): it for it in truth["meetings"]}
    for event in root.iter("event"):
        week = event.findtext("rawweeks").index("Y") + 1
        day, month, year = map(int, event.get("date").split("/"))
        meeting = true[event.get("id"), week]
        assert f"{date(year, month, day) + timedelta(days=int(event.findtext('day')))}" == meeting["begin"][:10]
        assert event.findtext("prettytimes").endswith(f" [{meeting['type']}]")
        assert [item.text for item in event.iterfind("resources/staff/item")] == meeting["staff"]


def test_the_dialect_of_2015_lacks_what_came_later(simulator):
    root = _page_of(simulator, "2015")
    assert root.findtext("option/footer").startswith("Publié le 21/11/2026 ")
    assert [root.find(f"option/{tag}") is None for tag in ("tag", "dept", "evcat", "times")] == [
        False,
        True,
        True,
        True,
    ]
    for event in root.iter("event"):
        assert event.get("timesort") is None
        assert re.fullmatch(r"#[0-9A-F]{6}", event.get("colour"))
        assert re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", event.findtext("prettytimes"))
        assert all(" - " not in item.text for item in event.iterfind("resources/module/item"))
        assert all(item.text.startswith("FSI / ") for item in event.iterfind("resources/room/item"))


def test_the_merged_dialect_tells_the_same_meetings_in_fewer_nodes_and_names_weeks_without_a_span(simulator, pages):
    root = _page_of(simulator, "merged")
    spans = {int(span.get("rawix")) for span in root.iter("span")}
    single = etree.fromstring(pages["L1 MI"])
    alone = sorted((it.get("id"), it.findtext("rawweeks").index("Y") + 1) for it in single.iter("event"))
    weeks = [
        (it.get("id"), place)
        for it in root.iter("event")
        for place, sign in enumerate(it.findtext("rawweeks"), start=1)
        if sign == "Y"
    ]
    assert sorted(it for it in weeks if it[1] in spans) == alone
    assert len(weeks) > len(alone)
    assert len(root.findall("event")) < len(alone) / 2


def test_the_golden_sample():
    with running_celcat_simulator(today=date(2026, 11, 21), weeks=2) as url, httpx.Client(base_url=url) as client:
        group = next(it for it in client.get("/truth.json").json()["groups"] if it["name"] == "M2 INF-DL s1 TDA1")
        page = client.get(f"/{group['page']}").content
    golden_file.check(GOLDEN / "web_publisher.json", page.decode().split("\r\n"))
