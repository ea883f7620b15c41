"""Every recorded Web Publisher page, compared with a reading of the raw file by ElementTree and regular expressions.

The pages stay outside of the project; `golden/recorded_xml.json` holds figures about them only.
"""

import hashlib
import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import golden_file
import pytest
from carillon_scraper.formats import celcat_xml

PARIS = ZoneInfo("Europe/Paris")
GOLDEN = Path(__file__).parent / "golden" / "recorded_xml.json"
NAMES = [
    "ut3_g220501.xml",
    "ut3_g241496.xml",
    "ut3_g241638.xml",
    "ut3_g241742.xml",
    "ut3_g254186.xml",
    "velizy_edt_1_valid.xml",
]


def raw(samples: Path, name: str) -> bytes:
    return (samples / "xml_webpublisher" / name).read_bytes()


def courses_of(body: bytes):
    reading = celcat_xml.parse(body, "g1", PARIS, publish_teachers=True)
    return [course for shown in reading.weeks for course in shown.courses]


def monday(text: str) -> date:
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


def independently(body: bytes) -> list[tuple]:
    root = ET.fromstring(body)  # noqa: S314 - recorded, not hostile
    mondays = {s.find("alleventweeks").text: monday(s.get("date")) for s in root.iter("span")}
    meetings = []
    for event in root.iter("event"):
        day = mondays[event.findtext("rawweeks")] + timedelta(days=int(event.findtext("day")))
        begin, end = (
            datetime.strptime(f"{day:%Y-%m-%d} {event.findtext(tag)}", "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)
            for tag in ("starttime", "endtime")
        )
        of = {
            kind: tuple(item.text.strip() for item in event.findall(f"resources/{kind}/item"))
            for kind in ("module", "room", "group", "staff")
        }
        category = event.findtext("category")
        named = (", ".join(of["module"]), category) if of["module"] else (category or of["group"][0], None)
        notes = (event.findtext("notes") or "").strip() or None
        meetings.append((begin, end, *named, of["room"], of["group"], of["staff"], notes))
    return sorted(meetings, key=repr)


@pytest.mark.parametrize("name", NAMES)
def test_every_meeting_is_as_an_independent_reading_has_it(celcat_samples, name) -> None:
    body = raw(celcat_samples, name)
    ours = [
        (
            course.begin.astimezone(PARIS),
            course.end.astimezone(PARIS),
            course.name,
            course.type,
            course.rooms,
            tuple(group.name for group in course.groups),
            course.teachers,
            course.notes,
        )
        for course in courses_of(body)
    ]
    assert sorted(ours, key=repr) == independently(body)


def figures(body: bytes) -> dict:
    reading = celcat_xml.parse(body, "g1", PARIS)
    courses = [course for shown in reading.weeks for course in shown.courses]
    everything = "".join(course.model_dump_json() for course in courses)
    return {
        "by_week": {shown.week: len(shown.courses) for shown in reading.weeks},
        "by_category": dict(sorted(Counter(c.type or c.name for c in courses).items())),
        "rooms": len({room for c in courses for room in c.rooms}),
        "courses_without_room": sum(not c.rooms for c in courses),
        "groups": len({group.name for c in courses for group in c.groups}),
        "members": len(reading.calendar.groups),
        "notes": sum(c.notes is not None for c in courses),
        "skipped": reading.skipped,
        "published_at": reading.published_at.isoformat() if reading.published_at else None,
        "digest": hashlib.sha256(everything.encode()).hexdigest(),
    }


def test_figures_of_all_pages_are_as_reviewed(celcat_samples) -> None:
    golden_file.check(GOLDEN, {name: figures(raw(celcat_samples, name)) for name in NAMES})


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_agree_with_counts_in_the_raw_text(celcat_samples, name) -> None:
    text = raw(celcat_samples, name).decode("utf-8-sig")
    found = figures(raw(celcat_samples, name))
    assert sum(found["by_week"].values()) == text.count("<event ")
    assert len(found["by_week"]) == text.count("<span ")
    categories = Counter(re.findall(r"<category>(.*?)</category>", text))
    assert {name: n for name, n in found["by_category"].items() if name in categories} == dict(categories)
    assert found["members"] == len(set(re.findall(r"<item>(.*?)</item>", text.partition("<period")[0])))
    assert found["courses_without_room"] == sum("<room" not in event for event in text.split("<event ")[1:])


def test_no_teacher_is_published_unless_the_source_says_so(celcat_samples) -> None:
    body = raw(celcat_samples, "velizy_edt_1_valid.xml")
    hidden = celcat_xml.parse(body, "g1", PARIS)
    assert all(course.teachers == () for shown in hidden.weeks for course in shown.courses)
    assert [course.teachers for course in courses_of(body)] == [("STAFF-0067",), (), ()]


def test_no_recorded_page_was_forgotten(celcat_samples) -> None:
    assert sorted(path.name for path in (celcat_samples / "xml_webpublisher").iterdir()) == NAMES
