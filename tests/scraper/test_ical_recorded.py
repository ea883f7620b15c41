"""The recorded CreateICSFiles feeds, compared with a reading of their lines by hand."""

import hashlib
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import golden_file
import pytest
from carillon_scraper.formats import ical

PARIS = ZoneInfo("Europe/Paris")
GOLDEN = Path(__file__).parent / "golden" / "recorded_ical.json"
NAMES = ["nantes_iut_demo_test.ics", "nantes_iut_test_v2_latin1.ics"]


def raw(samples: Path, name: str) -> bytes:
    return (samples / "ics_createicsfiles" / name).read_bytes()


def read(body: bytes):
    return ical.parse(body, PARIS, date(2015, 8, 1), date(2016, 8, 31))


def independently(body: bytes) -> list[tuple]:
    text = body.decode("utf-8" if b"\xc3\xa9" in body else "latin-1")
    events = []
    for block in text.split("BEGIN:VEVENT\r\n")[1:]:
        line = dict(each.split(":", 1) for each in block.split("END:VEVENT")[0].strip().split("\r\n"))
        times = [datetime.strptime(line[key], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for key in ("DTSTART", "DTEND")]
        label = dict(each.split(" : ", 1) for each in line["DESCRIPTION"].split("\\n") if " : " in each)
        rooms = tuple(room for room in line["LOCATION"].split("\\, ") if room)
        groups = tuple(group for group in label.get("Groupe", "").split("\\, ") if group)
        module = label.get("Matière", "").replace("\\,", ",").replace("\\;", ";")
        events.append((line["UID"], *times, module or None, rooms, groups))
    return sorted(events)


@pytest.mark.parametrize("name", NAMES)
def test_every_meeting_is_as_an_independent_reading_has_it(celcat_samples, name) -> None:
    body = raw(celcat_samples, name)
    theirs = independently(body)
    with_module = {event[0] for event in theirs if event[3]}
    ours = [
        (
            c.event_id,
            c.begin,
            c.end,
            c.name if c.event_id in with_module else None,
            c.rooms,
            tuple(g.name for g in c.groups),
        )
        for c in read(body).courses
    ]
    assert sorted(ours) == theirs


@pytest.mark.parametrize("name", NAMES)
def test_types_are_the_heads_of_the_summaries(celcat_samples, name) -> None:
    body = raw(celcat_samples, name)
    text = body.decode("utf-8" if b"\xc3\xa9" in body else "latin-1")
    heads = Counter(re.findall(r"^SUMMARY:(.*?) - \S", text, re.MULTILINE))
    found = Counter(c.type for c in read(body).courses if c.type is not None)
    assert all(found[kind] == heads[kind] for kind in ("TD", "Cours", "TP"))


def test_figures_of_all_feeds_are_as_reviewed(celcat_samples) -> None:
    figures = {}
    for name in NAMES:
        feed = read(raw(celcat_samples, name))
        everything = "".join(course.model_dump_json() for course in feed.courses)
        figures[name] = {
            "courses": len(feed.courses),
            "skipped": feed.skipped,
            "by_type": dict(sorted(Counter(str(c.type) for c in feed.courses).items())),
            "rooms": len({room for c in feed.courses for room in c.rooms}),
            "groups": len({g.name for c in feed.courses for g in c.groups}),
            "digest": hashlib.sha256(everything.encode()).hexdigest(),
        }
    golden_file.check(GOLDEN, figures)


def test_no_recorded_feed_was_forgotten(celcat_samples) -> None:
    assert sorted(path.name for path in (celcat_samples / "ics_createicsfiles").iterdir()) == NAMES
