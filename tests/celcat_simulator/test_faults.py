"""Every fault that can be ordered."""

import json
import re
import time

import httpx
import pytest
from lxml import etree

PAGE = "/publisher/g220501.xml"
FORM = {"start": "2026-11-23", "end": "2026-11-30", "resType": "103", "federationIds[]": "ELMI1CMA"}


def _order(client: httpx.Client, kind: str, **more) -> None:
    answer = client.post("/simulator/faults", json={"kind": kind, **more})
    assert answer.status_code == 200, answer.text


def _data(client: httpx.Client, site="toulouse-2023") -> httpx.Response:
    return client.post(f"/calendar/{site}/Home/GetCalendarData", data=FORM)


def test_slow(own_simulator):
    _order(own_simulator, "slow", seconds=0.5)
    with pytest.raises(httpx.ReadTimeout):
        own_simulator.get(PAGE, timeout=0.2)
    _order(own_simulator, "slow", seconds=0.2)
    begun = time.monotonic()
    assert own_simulator.get(PAGE).status_code == 200
    assert time.monotonic() - begun >= 0.2


@pytest.mark.parametrize("retry_after", ["7", "Sat, 21 Nov 2026 12:00:00 GMT", None])
def test_rate_limited(own_simulator, retry_after):
    _order(own_simulator, "rate-limited", retry_after=retry_after)
    answer = own_simulator.get(PAGE)
    assert (answer.status_code, answer.headers.get("retry-after")) == (429, retry_after)


@pytest.mark.parametrize(
    ("kind", "status"), [("server-error", 500), ("unauthorized", 401), ("forbidden", 403), ("not-found", 404)]
)
def test_error_answers_with_html(own_simulator, kind, status):
    _order(own_simulator, kind)
    answer = _data(own_simulator)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


def test_a_redirect_to_the_login(own_simulator):
    _order(own_simulator, "login-redirect", times=2)
    assert _data(own_simulator).headers["location"].startswith("/calendar/toulouse-2023/LdapLogin?")
    answer = own_simulator.get(PAGE)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/LdapLogin?ReturnUrl={PAGE}")


def test_a_redirect_to_anywhere(own_simulator):
    _order(own_simulator, "redirect", location="http://10.0.0.1/page.xml")
    answer = own_simulator.get(PAGE)
    assert (answer.status_code, answer.headers["location"]) == (302, "http://10.0.0.1/page.xml")


def test_a_body_that_drips(own_simulator):
    whole = own_simulator.get(PAGE).content
    _order(own_simulator, "drip", seconds=1)
    arrivals, begun = [], time.monotonic()
    with own_simulator.stream("GET", PAGE) as answer:
        body = b""
        for piece in answer.iter_raw():
            arrivals.append(time.monotonic() - begun)
            body += piece
    assert body == whole
    assert arrivals[0] < 0.5
    assert arrivals[-1] >= 1


def test_a_wrong_encoding(own_simulator):
    _order(own_simulator, "wrong-encoding")
    content = own_simulator.get(PAGE).content
    assert b'encoding="UTF-8"' in content
    with pytest.raises(UnicodeDecodeError):
        content.decode()
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(content)


def test_a_login_page_with_200(own_simulator):
    _order(own_simulator, "login-page")
    answer = _data(own_simulator)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "__RequestVerificationToken" in answer.text


def test_a_session_expires_in_the_midst(own_simulator):
    page = own_simulator.get("/calendar/cergy/LdapLogin").text
    token = re.search(r'Token" type="hidden" value="([^"]+)"', page).group(1)
    form = {"Name": "e.aubepine", "Password": "un mot de passe", "__RequestVerificationToken": token}
    own_simulator.post("/calendar/cergy/LdapLogin/Logon", data=form)
    _order(own_simulator, "session-expired", path="/calendar/cergy/Home/*", after=2)
    assert [_data(own_simulator, "cergy").status_code for _ in range(4)] == [200, 200, 302, 302]


def test_truncated(own_simulator):
    whole = own_simulator.get(PAGE).content
    _order(own_simulator, "truncated")
    answer = own_simulator.get(PAGE)
    assert answer.status_code == 200
    assert answer.content == whole[: len(whole) // 2]
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(answer.content)


def test_a_connection_is_cut_in_the_midst(own_simulator):
    _order(own_simulator, "cut-connection")
    with pytest.raises(httpx.RemoteProtocolError):
        own_simulator.get(PAGE)
    assert own_simulator.get(PAGE).status_code == 200


def test_null(own_simulator):
    _order(own_simulator, "null")
    assert _data(own_simulator).json() is None


def test_a_wrong_content_type(own_simulator):
    whole = _data(own_simulator).content
    _order(own_simulator, "wrong-content-type")
    answer = _data(own_simulator)
    assert (answer.content, answer.headers["content-type"]) == (whole, "application/octet-stream")


@pytest.fixture
def group(truth) -> dict:
    return next(it for it in truth["groups"] if it["name"] == "L1 MI s1 CMA")


def _counts(client: httpx.Client, group: dict) -> dict[str, int]:
    """How many meetings each format shows."""
    return {
        "xml": client.get(PAGE).text.count("<event "),
        "ics": client.get(f"/publisher/g{group['id']}.ics").text.count("BEGIN:VEVENT"),
        "calendar 7": client.get(
            "/calendar7/default.aspx?View=month&Type=group&ResourceName=formation_ELMI_s1"
        ).text.count('"start"'),
        "calendar 8": len(_data(client).json()),
        "token": client.get(f"/{group['token_feed']}").text.count("BEGIN:VEVENT"),
        "cloud": len(client.get(f"/cal/events?{group['id']}=1001").json()["events"]),
    }


def test_sudden_emptiness_is_a_good_answer_without_meetings_in_every_format(own_simulator, group):
    before = _counts(own_simulator, group)
    _order(own_simulator, "empty", times=None, path="/*")
    assert _counts(own_simulator, group) == dict.fromkeys(before, 0)
    root = etree.fromstring(own_simulator.get(PAGE).content)
    assert len(root.findall("span")) == 15
    own_simulator.delete("/simulator/faults")
    assert _counts(own_simulator, group) == before


def test_half_emptiness_drops_about_half_always_the_same(own_simulator, group):
    before = _counts(own_simulator, group)
    _order(own_simulator, "half-empty", times=None, path="/*")
    half = _counts(own_simulator, group)
    assert half == _counts(own_simulator, group)
    for kind in ("xml", "ics", "calendar 7", "token"):
        assert 0.25 * before[kind] < half[kind] < 0.75 * before[kind]
    assert 0 < half["calendar 8"] < before["calendar 8"]


@pytest.mark.parametrize("path", [PAGE, "/publisher/g220502.ics", "/cal/events"])
def test_a_huge_answer_does_not_tell_its_length(own_simulator, path):
    _order(own_simulator, "huge")
    with own_simulator.stream("GET", path) as answer:
        assert "content-length" not in answer.headers
        assert 50 * 2**20 <= sum(map(len, answer.iter_bytes())) < 51 * 2**20


def test_a_huge_answer_is_well_formed(own_simulator):
    for path in (PAGE, "/cal/events"):
        _order(own_simulator, "huge", megabytes=1)
        answer = own_simulator.get(path)
        assert etree.fromstring(answer.content).tag == "timetable" if path == PAGE else json.loads(answer.content) == []


def test_an_entity_bomb(own_simulator):
    _order(own_simulator, "entity-bomb")
    answer = own_simulator.get(PAGE)
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.count("<!ENTITY") == 13
    assert len(answer.content) < 2_000


def test_a_fault_strikes_its_path_after_and_as_often_as_ordered(own_simulator):
    _order(own_simulator, "server-error", path="/publisher/*", after=1, times=2)
    _order(own_simulator, "forbidden", path="/cal/*")
    assert [own_simulator.get(PAGE).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert own_simulator.get("/cal/events").status_code == 403
    assert own_simulator.get("/simulator/faults").json() == []


def test_an_order_that_is_not_known_is_refused(own_simulator):
    assert own_simulator.post("/simulator/faults", json={"kind": "earthquake"}).status_code == 422
    assert own_simulator.post("/simulator/faults", json={"kind": "slow", "second": 3}).status_code == 422
    assert own_simulator.post("/simulator/faults", json={"kind": "slow", "times": 0}).status_code == 422


def test_control_addresses_are_never_struck(own_simulator):
    _order(own_simulator, "server-error", times=None)
    assert own_simulator.get("/simulator/requests").status_code == 200
    assert own_simulator.delete("/simulator/faults").json() == []
