"""Scripts of any other origin may read the API, and may see every header of ours; no cookie goes with them."""

import pytest

ORIGIN = {"Origin": "https://app.example.org"}


@pytest.mark.parametrize("path", ["/api/", "/api/courses/", "/api/search/?q=a", "/api/changes/", "/openapi.json"])
async def test_reads_are_open_to_every_origin(rest_of_module, path):
    answer = await rest_of_module.get(path, headers=ORIGIN)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/api/rooms/9/", "/api/search/", "/api/groups/1/courses/days/2026/13/1/"])
async def test_so_are_errors(rest_of_module, path):
    answer = await rest_of_module.get(path, headers=ORIGIN)
    assert answer.status_code >= 400
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_conditional_read_is_allowed_beforehand(rest_of_module):
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    answer = await rest_of_module.client.options("/api/courses/", headers=ORIGIN | asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-headers"] in ("*", "if-none-match")
    assert "GET" in answer.headers["access-control-allow-methods"]


async def test_an_unchanged_answer_is_readable_too(rest_of_module):
    tag = (await rest_of_module.get("/api/rooms/", headers=ORIGIN)).headers["etag"]
    answer = await rest_of_module.get("/api/rooms/", headers=ORIGIN | {"If-None-Match": tag})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (304, "*")
