"""Characters that a database cannot hold, or that are half of one, are a caller's mistake wherever they stand."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from carillon_timetable_api.webhooks import tokens
from timetable_rest import opened

IN_ADDRESSES = ["%00", "a%00b", "%ED%A0%80", "%FF", "%EF%BF%BE", "%0A"]
"""NUL, the UTF-8 of half a character, a byte that begins none, a character that is none, and the end of a line."""
IN_JSON = ["\0", "\ud800", "\udfff", "\ufffe", "\x85", "\n"]
NEVER_STORED = ["\0", "\ud800", "\udfff"]
RULE = {"action": "include", "name": "Anglais", "type": "TD", "group": 1}
FEED = {"name": "Ma semaine", "choice": {"groups": [1], "rooms": [1], "rules": [RULE]}}
BODIES = {
    "/api/webhooks/": {"url": "https://example.org/hook", "filter": {"kind": ["added"]}, "digest_s": 60},
    "/api/feeds/": FEED,
    "/api/feeds/preview/": FEED,
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
async def asking(database_of_module):
    """Asks with every right that there is; the answer's status."""
    async with opened(database_of_module, secret_keys=base64.b64encode(bytes(32)).decode()) as rest:
        async with rest.building() as builder:
            source = await builder.source()
            await builder.timetable("Info", await builder.year("L3"), source)
            await builder.calendar(source, [await builder.group("L3 INFO s1 CMA", source)])
            await builder.room("A1")
        async with rest.engine.begin() as connection:
            token = await tokens.create(connection, "test", datetime.now(UTC))

        async def ask(method: str, path: str, content: str | None = None, kind: str = "application/json") -> int:
            headers = {"Authorization": f"Bearer {token}", "Feed-Key": "none", "Content-Type": kind}
            return (await rest.client.request(method, path, content=content, headers=headers)).status_code

        ask.paths = (await rest.json("/openapi.json"))["paths"]
        del ask.paths["/api/changes/stream/"]["get"]  # it does not end; its parameters are those of the list
        yield ask


async def test_in_paths_and_queries(asking):
    asked = {address for odd in IN_ADDRESSES for address in addresses(asking.paths, odd)}
    assert len(asked) > 500
    wrong = {(*one, status) for one in sorted(asked) if (status := await asking(*one)) >= 500}
    assert not wrong


def addresses(paths: dict, odd: str) -> Iterator[tuple[str, str]]:
    """An odd text in the place of each parameter, and as one that nothing knows."""
    for path, operations in paths.items():
        for method, operation in operations.items():
            parameters = operation.get("parameters", [])
            in_path = {parameter["name"]: "1" for parameter in parameters if parameter["in"] == "path"}
            plain = path.format(**in_path)
            yield method, f"{plain}?{odd}={odd}"
            for parameter in parameters:
                name, where = parameter["name"], parameter["in"]
                if where == "path":
                    yield method, path.format(**(in_path | {name: odd}))
                elif where == "query":
                    yield method, f"{plain}?{quote(name)}={odd}{'' if name == 'q' else '&q=a'}"


@pytest.mark.parametrize("path", BODIES)
async def test_in_bodies(asking, path):
    for odd in IN_JSON:
        for body in odd_bodies(BODIES[path], odd):
            content = json.dumps(body)
            status = await asking("POST", path, content)
            # A member that nothing knows is passed over, and an address is percent-encoded.
            is_stored = odd in NEVER_STORED and odd not in body and path != "/api/webhooks/"
            assert status in ((404, 422) if is_stored else (200, 201, 404, 422)), content
            if path == "/api/feeds/":
                assert await asking("PUT", path, content) in (404, 422), content
    assert await asking("POST", path, json.dumps(BODIES[path])) in (200, 201)


def odd_bodies(value, odd: str) -> Iterator:
    """An odd text in the place of each part, behind it, within it, and as a name of one."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: other} for other in odd_bodies(inner, odd))
        yield {**value, odd: 1}
    elif isinstance(value, list):
        for inner in value:
            yield from ([other] for other in odd_bodies(inner, odd))
        yield [*value, odd]
    else:
        yield odd
        if isinstance(value, str):
            yield from (value + odd, odd + value, value[:9] + odd + value[9:])


@pytest.mark.parametrize("content", [b"\xff", b'"\xed\xa0\x80"', b"[" * 100_000, b"9" * 5000, b'{"name": 1e999}'])
@pytest.mark.parametrize("path", BODIES)
async def test_what_is_hardly_json_is_refused(asking, path, content):
    for kind in ("application/json", "application/json; charset=utf-16", "text/plain", FORM):
        assert await asking("POST", path, content, kind) in (400, 422)


async def test_in_pages_and_their_forms(asking):
    for odd in IN_ADDRESSES:
        rules = "&".join(
            f"rule_action=include&rule_aspect={aspect}&rule_value=a{odd}" for aspect in ("name", "type", "group")
        )
        form = f"group=1&name={odd}&find=a{odd}&{rules}"
        for path in ("/search/?q=a", "/changes/?group=", "/groups/1/?week=", "/problems/", "/rooms/1/door/?", "/"):
            assert await asking("GET", path + odd) < 500, path
        assert await asking("GET", f"/calendars/personal/?{form}") == 200
        for deed in ("create", "change", "rotate", "delete", odd):
            assert await asking("POST", "/calendars/personal/", f"{form}&key={odd}&do={deed}", FORM) < 500
        assert await asking("POST", "/language/", f"language={odd}&back=/{odd}", FORM) < 500
