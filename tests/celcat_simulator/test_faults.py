"""Every fault that can be ordered."""

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from lxml import etree

PAGE = "/publisher/g220501.xml"
FORM = {"start": "2026-11-23", "end": "2026-11-30", "resType": "103", "federationIds[]": "ELMI1CMA"}


@pytest.fixture
def struck(simulator: httpx.Client) -> Iterator[httpx.Client]:
    """A client of the simulator that all tests share, which is without faults and without a session afterwards."""
    yield simulator
    simulator.delete("/simulator/faults")
    simulator.cookies.clear()


def _order(client: httpx.Client, kind: str, **more) -> None:
    answer = client.post("/simulator/faults", json={"kind": kind, **more})
    assert answer.status_code == 200, answer.text


def _data(client: httpx.Client, site="toulouse-2023") -> httpx.Response:
    return client.post(f"/calendar/{site}/Home/GetCalendarData", data=FORM)


def test_slow(struck):
    _order(struck, "slow", seconds=0.5)
    with pytest.raises(httpx.ReadTimeout):
        struck.get(PAGE, timeout=0.2)
    _order(struck, "slow", seconds=0.2)
    begun = time.monotonic()
    assert struck.get(PAGE).status_code == 200
    assert time.monotonic() - begun >= 0.2


@pytest.mark.parametrize("retry_after", ["7", "Sat, 21 Nov 2026 12:00:00 GMT", None])
def test_rate_limited(struck, retry_after):
    _order(struck, "rate-limited", retry_after=retry_after)
    answer = struck.get(PAGE)
    assert (answer.status_code, answer.headers.get("retry-after")) == (429, retry_after)


@pytest.mark.parametrize(
    ("kind", "status"), [("server-error", 500), ("unauthorized", 401), ("forbidden", 403), ("not-found", 404)]
)
def test_error_answers_with_html(struck, kind, status):
    _order(struck, kind)
    answer = _data(struck)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


def test_a_redirect_to_the_login(struck):
    _order(struck, "login-redirect", times=2)
    assert _data(struck).headers["location"].startswith("/calendar/toulouse-2023/LdapLogin?")
    answer = struck.get(PAGE)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/LdapLogin?ReturnUrl={PAGE}")


def test_a_redirect_to_anywhere(struck):
    _order(struck, "redirect", location="http://10.0.0.1/page.xml")
    answer = struck.get(PAGE)
    assert (answer.status_code, answer.headers["location"]) == (302, "http://10.0.0.1/page.xml")


def test_a_body_that_drips(struck):
    whole = struck.get(PAGE).content
    _order(struck, "drip", seconds=1)
    arrivals, begun = [], time.monotonic()
    with struck.stream("GET", PAGE) as answer:
        body = b""
        for piece in answer.iter_raw():
            arrivals.append(time.monotonic() - begun)
            body += piece
    assert body == whole
    assert arrivals[0] < 0.5
    assert arrivals[-1] >= 1


def test_a_wrong_encoding(struck):
    _order(struck, "wrong-encoding")
    content = struck.get(PAGE).content
    assert b'encoding="UTF-8"' in content
    with pytest.raises(UnicodeDecodeError):
        content.decode()
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(content)


def test_a_login_page_with_200(struck):
    _order(struck, "login-page")
    answer = _data(struck)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "__RequestVerificationToken" in answer.text


def test_a_session_expires_in_the_midst(struck):
    page = struck.get("/calendar/cergy/LdapLogin").text
    token = re.search(r'Token" type="hidden" value="([^"]+)"', page).group(1)
    form = {"Name": "e.aubepine", "Password": "un mot de passe", "__RequestVerificationToken": token}
    struck.post("/calendar/cergy/LdapLogin/Logon", data=form)
    _order(struck, "session-expired", path="/calendar/cergy/Home/*", after=2)
    assert [_data(struck, "cergy").status_code for _ in range(4)] == [200, 200, 302, 302]


def test_truncated(struck):
    whole = struck.get(PAGE).content
    _order(struck, "truncated")
    answer = struck.get(PAGE)
    assert answer.status_code == 200
    assert answer.content == whole[: len(whole) // 2]
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(answer.content)


def test_a_connection_is_cut_in_the_midst(struck):
    _order(struck, "cut-connection")
    with pytest.raises(httpx.RemoteProtocolError):
        struck.get(PAGE)
    assert struck.get(PAGE).status_code == 200


def test_null(struck):
    _order(struck, "null")
    assert _data(struck).json() is None


def test_a_wrong_content_type(struck):
    whole = _data(struck).content
    _order(struck, "wrong-content-type")
    answer = _data(struck)
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


def test_sudden_emptiness_is_a_good_answer_without_meetings_in_every_format(struck, group):
    before = _counts(struck, group)
    _order(struck, "empty", times=None, path="/*")
    assert _counts(struck, group) == dict.fromkeys(before, 0)
    root = etree.fromstring(struck.get(PAGE).content)
    assert len(root.findall("span")) == 15
    struck.delete("/simulator/faults")
    assert _counts(struck, group) == before


def test_half_emptiness_drops_about_half_always_the_same(struck, group):
    before = _counts(struck, group)
    _order(struck, "half-empty", times=None, path="/*")
    half = _counts(struck, group)
    assert half == _counts(struck, group)
    for kind in ("xml", "ics", "calendar 7", "token"):
        assert 0.25 * before[kind] < half[kind] < 0.75 * before[kind]
    assert 0 < half["calendar 8"] < before["calendar 8"]


@pytest.mark.parametrize("path", [PAGE, "/publisher/g220502.ics", "/cal/events"])
def test_a_huge_answer_does_not_tell_its_length(struck, path):
    _order(struck, "huge")
    with struck.stream("GET", path) as answer:
        assert "content-length" not in answer.headers
        assert 50 * 2**20 <= sum(map(len, answer.iter_bytes())) < 51 * 2**20


def test_a_huge_answer_is_well_formed(struck):
    for path in (PAGE, "/cal/events"):
        _order(struck, "huge", megabytes=1)
        answer = struck.get(path)
        assert etree.fromstring(answer.content).tag == "timetable" if path == PAGE else json.loads(answer.content) == []


def test_an_entity_bomb(struck):
    _order(struck, "entity-bomb")
    answer = struck.get(PAGE)
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.count("<!ENTITY") == 13
    assert len(answer.content) < 2_000


def test_a_fault_strikes_its_path_after_and_as_often_as_ordered(struck):
    _order(struck, "server-error", path="/publisher/*", after=1, times=2)
    _order(struck, "forbidden", path="/cal/*")
    assert [struck.get(PAGE).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert struck.get("/cal/events").status_code == 403
    assert struck.get("/simulator/faults").json() == []


def test_an_order_that_is_not_known_is_refused(struck):
    assert struck.post("/simulator/faults", json={"kind": "earthquake"}).status_code == 422
    assert struck.post("/simulator/faults", json={"kind": "slow", "second": 3}).status_code == 422
    assert struck.post("/simulator/faults", json={"kind": "slow", "times": 0}).status_code == 422


def test_control_addresses_are_never_struck(struck):
    _order(struck, "server-error", times=None)
    assert struck.get("/simulator/requests").status_code == 200
    assert struck.delete("/simulator/faults").json() == []
