"""Static iCalendar files and the token feed."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import golden_file
import icalendar
import pytest

GOLDEN = Path(__file__).parent / "golden"
PARIS = ZoneInfo("Europe/Paris")


def _group(truth: dict, name: str) -> dict:
    return next(group for group in truth["groups"] if group["name"] == name)


def _expected(truth: dict, names: set[str]) -> set[tuple]:
    """What iCalendar can tell of the meetings of these groups."""
    return {
        (f"{it['id']}-{it['week']}", it["begin"], it["end"], ", ".join(it["rooms"]), it["type"])
        for it in truth["meetings"]
        if names & set(it["groups"])
    }


def _local(moment: datetime) -> str:
    return (moment.astimezone(PARIS) if moment.tzinfo else moment).replace(tzinfo=None).isoformat()


def _read(content: bytes) -> set[tuple]:
    """The meetings of a static file, read by the library icalendar; closures are left out."""
    found = set()
    for event in icalendar.Calendar.from_ical(content).walk("VEVENT"):
        summary = str(event["SUMMARY"])
        if not summary.startswith("XXX-"):
            uid = re.fullmatch(r"CELCAT - 2027 \((\d+-\d+)\)", str(event["UID"])).group(1)
            times = (_local(event["DTSTART"].dt), _local(event["DTEND"].dt))
            found.add((uid, *times, str(event["LOCATION"]), summary.partition(" - ")[0]))
    return found


RELATIVES = {"L1 MI", "L1 MI s1 CMA", "L1 MI s1 TDA1", "L1 MI s1 TPA11", "L1 MI s1 TPA12"}


@pytest.mark.parametrize("variant", ["", "floating/", "latin1/"])
def test_a_group_file_holds_the_whole_year_of_the_group_and_its_relatives(simulator, truth, variant):
    group = _group(truth, "L1 MI s1 TDA1")
    content = simulator.get(f"/publisher/{variant}g{group['id']}.ics").content
    if variant == "latin1/":
        with pytest.raises(UnicodeDecodeError):
            content.decode()
        content = content.decode("iso-8859-1").encode()
    assert _read(content) == _expected(truth, RELATIVES)


def test_times_are_utc_with_summer_time_or_floating(simulator, truth):
    group = _group(truth, "L1 MI s1 CMA")
    utc = simulator.get(f"/publisher/g{group['id']}.ics").text
    floating = simulator.get(f"/publisher/floating/g{group['id']}.ics").text
    starts = re.findall(r"DTSTART:(\d{8})T(\d{4})00(Z?)", utc)
    assert {zone for *_, zone in starts} == {"Z"}
    assert {time for day, time, _ in starts if day < "20261025"} >= {"0545", "0805"}
    assert {time for day, time, _ in starts if day > "20261025"} >= {"0645", "0905"}
    assert {time for _, time, _ in re.findall(r"DTSTART:(\d{8})T(\d{4})00(Z?)\r", floating)} >= {"0745", "1005"}
    assert "Personnel : CAPUCINE Sacha" in utc
    assert "Personnel : CAPUCINE\\, Sacha" in floating


def test_a_room_has_a_file_too(simulator, truth):
    content = simulator.get("/publisher/r3001.ics").content
    name = truth["rooms"][0]
    expected = {(f"{it['id']}-{it['week']}", it["begin"]) for it in truth["meetings"] if name in it["rooms"]}
    assert {(uid, begin) for uid, begin, *_ in _read(content)} == expected


def _forms(text: str) -> set[str]:
    """Every property with its parameters, and the labels of descriptions."""
    labels = {f"label {label}" for label in re.findall(r"(?:DESCRIPTION:|\\n)(\w+) : ", text)}
    return labels | {re.split(r"[:;]", line)[0] for line in text.split("\r\n") if line}


def test_static_files_have_the_form_of_the_recorded_ones(celcat_samples, simulator, truth):
    recorded = (celcat_samples / "ics_createicsfiles" / "nantes_iut_demo_test.ics").read_bytes()
    ours = simulator.get(f"/publisher/g{_group(truth, 'L1 MI s1 CMA')['id']}.ics").content
    assert _forms(ours.decode()) - _forms(recorded.decode()) == {"label Remarques"}
    order = [re.findall(r"^[A-Z-]+", line)[0] for line in recorded.decode().split("\r\n")[:13]]
    assert [re.findall(r"^[A-Z-]+", line)[0] for line in ours.decode().split("\r\n")[:13]] == order
    assert ours.split(b"\r\n")[:3] == recorded.split(b"\r\n")[:3]
    assert ours.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    closure = re.compile(rb"SUMMARY:XXX-[^\r]+ - \r\nLOCATION:\r\nDESCRIPTION:\r\n")
    assert closure.search(recorded)
    assert closure.search(ours)


def test_a_token_feed_has_the_group_and_the_groups_above_it(simulator, truth):
    group = _group(truth, "L1 MI s1 TPA12")
    answer = simulator.get(f"/{group['token_feed']}")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = set()
    for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT"):
        assert event["DTSTART"].dt.tzinfo is not None
        assert event["DTSTAMP"].dt == datetime(2026, 11, 21, 0, 41, 39, tzinfo=UTC)
        identifier = re.search(r"\n\nEvent id: (\d+), Register id: N/A$", str(event["DESCRIPTION"])).group(1)
        begin, end = _local(event["DTSTART"].dt), _local(event["DTEND"].dt)
        found.add((identifier, begin, end, str(event["LOCATION"]), str(event["SUMMARY"]).rpartition("; ")[2]))
    above = {"L1 MI", "L1 MI s1 CMA", "L1 MI s1 TDA1", "L1 MI s1 TPA12"}
    assert found == {
        (it["id"], it["begin"], it["end"], "; ".join(it["rooms"]), it["type"])
        for it in truth["meetings"]
        if above & set(it["groups"])
    }
    assert max(len(line) for line in answer.content.split(b"\r\n")) == 75


def test_an_unknown_token_is_not_found(simulator):
    assert simulator.get("/cal/ical/G1-0000/schedule.ics").status_code == 404


def test_the_golden_samples(simulator, truth):
    group = _group(truth, "M2 INF-DL s1 TDA1")
    static = simulator.get(f"/publisher/g{group['id']}.ics").text.split("\r\n")
    floating = simulator.get(f"/publisher/floating/g{group['id']}.ics").text.split("\r\n")
    feed = simulator.get(f"/{group['token_feed']}").text.split("\r\n")
    samples = {"static": static[:60] + static[-12:], "floating": floating[:30], "token": feed[:80]}
    golden_file.check(GOLDEN / "ical.json", samples)
