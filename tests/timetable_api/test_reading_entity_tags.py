"""Every GET of the API has a strong entity tag and says how it may be cached; who has it already is told so."""

from zoneinfo import ZoneInfo

import pytest
from carillon_kit.sealing import new_key
from carillon_timetable_api.ingest import Ingest
from carillon_timetable_api.webhooks import tokens
from pydantic import SecretStr
from snapshots import NOON, course, observed

_VALUES = {"{year}": "2026", "{month}": "11", "{week}": "47", "{day}": "17", "{id}": "1"}
_QUERIES = {"/api/search/": "?q=algebre"}
_ENDLESS = "/api/changes/stream/"


@pytest.fixture
async def full(open_rest, monkeypatch):
    """The application with something at each of its addresses, and those addresses."""
    async with open_rest(secret_keys=SecretStr(new_key())) as rest:
        rest.clock["now"] = NOON
        await Ingest(rest.engine, ZoneInfo("Europe/Paris"))(observed(course()))
        async with rest.engine.begin() as connection:
            rest.client.headers["Authorization"] = f"Bearer {await tokens.create(connection, 'app', NOON)}"
        webhook = await rest.client.post("/api/webhooks/", json={"url": "https://app.test/"})
        feed = await rest.client.post("/api/feeds/", json={"choice": {"groups": [1]}})
        secret = feed.json()["address"].rpartition("/")[2].removesuffix(".ics")
        values = _VALUES | {"{webhook_id}": webhook.json()["id"], "{secret}": secret}
        described = await rest.json("/openapi.json")
        paths = [path for path, methods in described["paths"].items() if "get" in methods and path != _ENDLESS]
        for name, value in values.items():
            paths = [path.replace(name, value) for path in paths]
        yield rest, [path + _QUERIES.get(path, "") for path in (*paths, "/openapi.json", "/openapi/timetable.json")]


async def test_every_get_has_a_strong_tag_and_says_how_it_may_be_cached(full):
    rest, paths = full
    assert len(paths) > 40
    for path in paths:
        answer = await rest.get(path)
        assert (answer.status_code, "cache-control" in answer.headers) == (200, True), path
        tag = answer.headers.get("etag", "")
        assert tag.startswith('"'), path
        again = await rest.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), path
        head = await rest.client.head(path)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag), path
        assert int(head.headers["content-length"]) == len(answer.content), path
