"""The edge's one Caddyfile, with a Caddy and web servers in the services' places."""

import asyncio
import gzip
import re
from pathlib import Path

import carillon_pronote_gateway.app
import carillon_rooms.app
import carillon_timetable_api.app
import httpx
import pytest
import uvicorn
from carillon_local import loopback
from carillon_servers import eventually, running_caddy
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

SERVICES = ("timetable-api", "rooms", "pronote-gateway")
LONG = "salle " * 1000


def stand_in(name: str, more: asyncio.Event) -> FastAPI:
    """Says what it was asked."""
    app = FastAPI(openapi_url=None)

    @app.get("/api/changes/stream")
    async def stream() -> StreamingResponse:
        async def events():
            yield "data: first\n\n"
            await more.wait()
            yield "data: second\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    @app.api_route("/api/long/", methods=["GET", "HEAD"])
    async def long(request: Request) -> Response:
        if request.headers.get("if-none-match") == '"abc"':
            return Response(status_code=304, headers={"ETag": '"abc"'})
        return Response(LONG, media_type="application/json", headers={"ETag": '"abc"', "Cache-Control": "max-age=9"})

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def echo(request: Request) -> dict[str, object]:
        return {
            "service": name,
            "path": request.url.path,
            "url": str(request.url),
            "client": request.client.host,
            "forwarded": request.headers.get("x-forwarded-for"),
            "port": request.scope["server"][1],
            "bytes": len(await request.body()),
        }

    return app


@pytest.fixture(scope="module")
async def more() -> asyncio.Event:
    """Lets the event stream go on."""
    return asyncio.Event()


@pytest.fixture(scope="module")
async def edge_url(tmp_path_factory, more: asyncio.Event):
    servers, ports = [], {}
    for name in SERVICES:
        config = uvicorn.Config(stand_in(name, more), port=0, log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        servers.append((server, asyncio.create_task(server.serve())))
        await eventually(lambda server=server: server.started)
        ports[name] = server.servers[0].sockets[0].getsockname()[1]
    folder = tmp_path_factory.mktemp("edge")
    with running_caddy(folder, ports) as url:
        yield url
    for server, task in servers:
        server.should_exit = True
        await task


@pytest.fixture
async def client(edge_url: str):
    async with httpx.AsyncClient(base_url=edge_url) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "service", "seen_path"),
    [
        ("/api/rooms/qsjps/2026-11-23/08:00/10:00/", "rooms", None),
        ("/api/rooms/free/now/", "rooms", None),
        ("/api/rooms/12/timeline/2026-11-23/", "rooms", None),
        ("/rooms/free/", "rooms", None),
        ("/rooms/12/", "timetable-api", None),
        ("/rooms/12/door/", "timetable-api", None),
        ("/api/rooms/", "timetable-api", None),
        ("/api/rooms/12/courses/", "timetable-api", None),
        ("/auth/login", "pronote-gateway", None),
        ("/graphql", "pronote-gateway", None),
        ("/pronote/timetable", "pronote-gateway", None),
        ("/openapi/rooms.json", "rooms", "/openapi.json"),
        ("/openapi/pronote.json", "pronote-gateway", "/openapi.json"),
        ("/openapi/timetable.json", "timetable-api", "/openapi.json"),
        ("/docs", "timetable-api", None),
        ("/", "timetable-api", None),
    ],
)
async def test_each_path_has_its_service(client, path: str, service: str, seen_path: str | None) -> None:
    answer = (await client.get(path)).json()
    assert (answer["service"], answer["path"]) == (service, seen_path or path)


def documented() -> list[tuple[str, str]]:
    """Each service's own paths, as its OpenAPI document names them, with a 1 for every parameter."""
    apps = {
        "timetable-api": carillon_timetable_api.app.create_app(
            carillon_timetable_api.settings.Settings(database_url="postgresql+asyncpg://nobody@localhost/none")
        ),
        "rooms": carillon_rooms.app.create_app(carillon_rooms.settings.RoomsSettings()),
        "pronote-gateway": carillon_pronote_gateway.app.create_app(carillon_pronote_gateway.settings.Settings()),
    }
    return [
        (service, re.sub(r"\{[^}]*\}", "1", path)) for service, app in apps.items() for path in app.openapi()["paths"]
    ]


async def test_every_path_that_a_service_documents_leads_to_it(client) -> None:
    found = {path: (await client.get(path)).json().get("service") for _, path in documented() if "stream" not in path}
    assert found == {path: service for service, path in documented() if "stream" not in path}
    assert len(found) > 30


async def test_a_service_sees_the_address_that_the_caller_used(client, edge_url: str) -> None:
    """So the absolute links of a page lead back through the edge."""
    assert (await client.get("/api/courses/?page=2")).json()["url"] == f"{edge_url}/api/courses/?page=2"
    answer = await client.get("/api/", headers={"Host": "edt.example.fr"})
    assert answer.json()["url"] == "http://edt.example.fr/api/"


async def test_a_trusted_proxy_in_front_is_believed_about_the_scheme_and_the_caller(client) -> None:
    forwarded = {"Host": "edt.example.fr", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    answer = (await client.get("/api/", headers=forwarded)).json()
    assert (answer["url"], answer["client"]) == ("https://edt.example.fr/api/", "192.0.2.7")


async def test_what_a_caller_says_before_the_last_trusted_proxy_is_not_believed(client) -> None:
    """A proxy adds to the end of what it was told: the address of an attacker's choice stands before his own."""
    said = {"X-Forwarded-For": "198.51.100.1, 192.0.2.7"}
    assert (await client.get("/api/", headers=said)).json()["forwarded"] == "192.0.2.7"
    assert (await client.get("/api/", headers=said)).json()["client"] == "192.0.2.7"


async def test_a_caller_that_is_no_trusted_proxy_is_not_believed_at_all(tmp_path, edge_url, client) -> None:
    """Nor what it says of a proxy's address."""
    service = (await client.get("/api/")).json()["port"]
    told = {"CARILLON_TRUSTED_PROXIES": "192.0.2.0/24"}
    with running_caddy(tmp_path, dict.fromkeys(SERVICES, service), **told) as url:
        async with httpx.AsyncClient() as direct:
            for said in ("198.51.100.1", "198.51.100.1, 192.0.2.7"):
                answer = (await direct.get(f"{url}/api/", headers={"X-Forwarded-For": said})).json()
                assert (answer["forwarded"], answer["client"]) == ("127.0.0.1", "127.0.0.1")


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
async def test_what_operators_read_from_the_services_is_not_shown_outside(client, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.headers["access-control-allow-origin"], answer.headers["vary"]) == ("*", "Accept-Language")
    assert answer.json() == {
        "type": "/problems/not-found",
        "title": "Pas trouvé.",
        "status": 404,
        "detail": "Pas trouvé.",
    }
    assert (await client.get(path, headers={"Accept-Language": "en-GB"})).json()["title"] == "Not found."


async def test_a_method_that_nobody_knows_is_a_problem(client) -> None:
    answer = await client.request("BREW", "/api/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["title"]) == (501, "Unknown method.")


async def test_answers_carry_the_security_headers_and_name_no_server(client) -> None:
    for path in ("/api/", "/livez", "/metrics"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers
        assert "via" not in headers


async def test_long_answers_are_compressed_and_their_tags_still_hold(client) -> None:
    answer = await client.get("/api/long/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == LONG
    assert answer.headers["cache-control"] == "max-age=9"
    assert answer.headers["vary"] == "Accept-Encoding"
    for tag in (answer.headers["etag"], '"abc"'):
        again = {"Accept-Encoding": "gzip", "If-None-Match": tag}
        assert (await client.get("/api/long/", headers=again)).status_code == 304


async def test_a_head_tells_the_length_and_the_tag_of_the_whole_answer(client) -> None:
    head = await client.head("/api/long/", headers={"Accept-Encoding": "gzip"})
    assert int(head.headers["content-length"]) == len(LONG)
    assert head.headers["etag"] == '"abc"'


async def test_zstd_is_preferred_where_the_caller_knows_it(client, edge_url: str) -> None:
    request = client.build_request("GET", "/api/long/", headers={"Accept-Encoding": "zstd, gzip"})
    answer = await client.send(request, stream=True)
    assert answer.headers["content-encoding"] == "zstd"
    raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert len(raw) < len(gzip.compress(LONG.encode())) * 2


async def test_events_are_passed_on_at_once(client, more: asyncio.Event) -> None:
    async with client.stream("GET", "/api/changes/stream", headers={"Accept-Encoding": "gzip"}) as answer:
        chunks = answer.aiter_text()
        assert await asyncio.wait_for(anext(chunks), 5) == "data: first\n\n"
        more.set()
        assert await asyncio.wait_for(anext(chunks), 5) == "data: second\n\n"


async def test_a_body_over_two_megabytes_is_refused(client) -> None:
    assert (await client.post("/auth/login", content=b"x" * 2_000_000)).json()["bytes"] == 2_000_000
    answer = await client.post("/auth/login", content=b"x" * 2_000_001)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


async def test_a_service_that_is_away_is_waited_for_and_then_said_to_be_unavailable(tmp_path: Path) -> None:
    ports = dict.fromkeys(SERVICES, loopback.free_port())
    with running_caddy(tmp_path, ports) as url:
        async with httpx.AsyncClient() as client:
            asking = asyncio.create_task(client.get(f"{url}/api/"))
            server = uvicorn.Server(
                uvicorn.Config(stand_in("late", asyncio.Event()), port=ports["rooms"], log_config=None)
            )
            serving = asyncio.create_task(server.serve())
            assert (await asking).json()["service"] == "late"
            server.should_exit = True
            await serving
            answer = await client.get(f"{url}/api/")
            assert (answer.status_code, answer.json()["type"]) == (502, "/problems/unavailable")
