"""What a stranger, a curious user and a hostile address get: nothing."""

import json

import httpx
import pytest
from carillon_local import loopback
from carillon_pronote_gateway.addresses import GuardedTransport
from http_proxy import running_proxy
from pronote_gateways import running_gateway

ERA = "2025.2.8"
PASSWORD = "pronotevs"


def login(url: str, **other) -> dict:
    return {"url": url, "username": "demonstration", "password": PASSWORD, **other}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/pronote/",
        "https://127.0.0.1/pronote/",
        "https://localhost/pronote/",
        "https://[::1]/pronote/",
        "https://[::ffff:10.0.0.1]/pronote/",
        "https://169.254.169.254/latest/",
        "https://10.1.2.3/pronote/",
        "https://192.168.1.1/pronote/",
        "https://0.0.0.0/pronote/",
        "https://2130706433/pronote/",
        "https://user:secret@127.0.0.1/pronote/",
    ],
)
async def test_sign_ins_lead_to_public_https_addresses_only(address, gateway):
    async with gateway(allow_private_addresses=False) as caller:
        answer = await caller.http.post("/auth/login", json=login(address))
        assert (answer.status_code, answer.json()["code"]) == (400, 120)
        answer = await caller.http.post("/pronote/v1/session", json=login(address))
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/forbidden-address")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "gopher://x/", "nothing", "https://", "https://a:99999/"])
async def test_what_is_no_address_is_told(address, gateway):
    async with gateway() as caller:
        answer = await caller.http.post("/auth/login", json=login(address))
        assert answer.status_code in (400, 500)
        assert "code" in answer.json()


async def test_a_name_that_turns_to_a_private_address_later_is_refused_by_the_transport(gateway, monkeypatch):
    """DNS rebinding: the first look-up says a public address, the connection's own says another."""
    import asyncio

    async with gateway(allow_private_addresses=False) as caller:
        answers = [["93.184.215.14"], ["127.0.0.1"]]
        loop = asyncio.get_running_loop()

        async def look_up(_host, port, **_other):
            found = answers.pop(0) if len(answers) > 1 else answers[0]
            return [(2, 1, 6, "", (address, port)) for address in found]

        monkeypatch.setattr(loop, "getaddrinfo", look_up)
        answer = await caller.http.post("/auth/login", json=login("https://school.example/pronote/"))
        assert (answer.status_code, answer.json()["code"]) == (500, 101)
        assert answers == [["127.0.0.1"]]


@pytest.mark.parametrize(
    ("address", "seen"), [("127.0.0.1", []), ("93.184.215.14", [("connect", "school.example:443")])]
)
async def test_behind_a_proxy_names_are_checked_too_and_the_proxy_is_told_the_name(address, seen, monkeypatch):
    async def look_up(_self, _host, port, **_other):
        return [(2, 1, 6, "", (address, port))]

    async with running_proxy({"school.example:443": f"127.0.0.1:{loopback.free_port()}"}) as proxy:
        monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", look_up)
        guarded = GuardedTransport(f"http://{proxy.address}", allow_private=False)
        with pytest.raises(httpx.ConnectError):
            await guarded.handle_async_request(httpx.Request("GET", "https://school.example/pronote/"))
        await guarded.aclose()
    assert proxy.asked == seen


async def test_attempts_to_sign_in_are_limited_by_account_and_by_caller(gateway, pronote):
    async with gateway(sign_ins_per_account="2/minute", sign_ins_per_address="4/minute") as caller:
        statuses = []
        for user in ("a", "a", "a", "b", "c"):
            body = login(pronote.root(ERA)) | {"username": user, "password": "wrong"}
            answer = await caller.http.post("/auth/login", json=body)
            statuses.append(answer.status_code)
        assert statuses == [500, 500, 429, 500, 429]
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["RateLimit-Limit"] == "4"
        assert answer.headers["RateLimit-Remaining"] == "0"
        answer = await caller.http.post("/pronote/v1/session", json=login(pronote.root(ERA)))
        assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-sign-ins")
        assert "Retry-After" in answer.headers


@pytest.mark.parametrize(
    "document",
    [
        "{ user { tabs { " + "subs { " * 12 + "id" + " }" * 15,
        "{ " + " ".join(f"a{number}: user {{ name }}" for number in range(40)) + " }",
        "{ user { " + "name " * 3000 + "} }",
        '{ timetable(from: "2026-09-01", to: "2027-07-01") { subject } }',
        "{ "
        + " ".join(f'a{number}: timetable(from: "2026-11-01", to: "2026-11-20") {{ id }}' for number in range(9))
        + "}",
        "query { ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    ],
)
async def test_a_document_that_asks_for_too_much_is_refused(document, gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        answer = await caller.ask(token, document)
        assert answer.status_code == 200
        assert answer.json()["errors"]
        assert pronote.control(ERA, "/counters").get("call:PageEmploiDuTemps", 0) < 200


async def test_introspection_is_a_setting(gateway, pronote):
    async with gateway(graphql_introspection=False) as caller:
        token = await caller.sign_in(pronote.root(ERA))
        assert (await caller.ask(token, "{ __schema { types { name } } }")).json()["errors"]
        assert (await caller.ask(token, "{ me { name } }")).json()["data"]
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        assert (await caller.ask(token, "{ __schema { types { name } } }")).json()["data"]


async def test_a_body_that_is_too_long_is_refused(gateway):
    async with gateway(max_body_bytes=10_000) as caller:
        answer = await caller.http.post("/graphql", json={"query": "{" + " " * 20_000 + "}"}, headers={"Token": "x"})
        assert answer.status_code == 413
        assert answer.json()["type"] == "/problems/too-large"


async def test_what_is_read_is_for_the_reader_alone_and_comes_once(gateway, pronote):
    async with gateway() as caller:
        headers = {"Authorization": f"Bearer {await caller.sign_in(pronote.root(ERA))}"}
        for path in ("/pronote/v1/ents", "/pronote/v1/session"):
            answer = await caller.http.get(path, headers=headers)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")
            again = await caller.http.get(path, headers=headers | {"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
        await caller.http.delete("/pronote/v1/session", headers=headers)
        assert (await caller.http.get("/pronote/v1/session", headers=headers)).status_code == 401


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_told(body, gateway):
    async with gateway() as caller:
        for path in ("/auth/login", "/graphql"):
            headers = {"Content-Type": "application/json", "Token": "x"}
            answer = await caller.http.post(path, content=body, headers=headers)
            assert answer.status_code == 400
            assert "message" in answer.json()


@pytest.mark.parametrize("path", ["/auth/login", "/pronote/v1/session"])
@pytest.mark.parametrize("field", ["url", "username", "password", "cas", "account", "pin"])
async def test_half_a_character_is_the_caller_s_mistake(path, field, gateway, pronote):
    """JSON can write one half of a surrogate pair; nothing can be sent to Pronote with it."""
    body = json.dumps(login(pronote.root(ERA)) | {field: "http://a\ud800b/"})
    async with gateway() as caller:
        answer = await caller.http.post(path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), answer.text


async def test_pages_of_other_origins_may_call_only_where_the_operator_says_so(gateway):
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    async with gateway() as caller:
        answer = await caller.http.options("/graphql", headers=asked)
        assert "access-control-allow-origin" not in answer.headers
    async with gateway(cors_origins="https://app.example") as caller:
        answer = await caller.http.options("/graphql", headers=asked)
        assert answer.headers["access-control-allow-origin"] == "https://app.example"
        answer = await caller.http.get("/pronote/v1/portals", headers={"Origin": "https://app.example"})
        assert answer.headers["access-control-expose-headers"] == "*"


async def test_one_caller_may_ask_so_often(gateway):
    async with gateway(rate_limit="1/day", cors_origins="https://app.example") as caller:
        answers = [
            await caller.http.post("/graphql", json={"query": "{ user { name } }"}, headers={"Origin": origin})
            for origin in ("https://app.example", "https://app.example", "https://another.example")
        ]
        assert [answer.status_code == 429 for answer in answers] == [False, True, True]
        assert [answer.headers["ratelimit"].partition(";t")[0] for answer in answers] == ['"address";r=0'] * 3
        assert answers[1].json()["type"] == "/problems/too-many-requests"
        assert int(answers[1].headers["retry-after"]) > 0
        assert answers[1].headers["access-control-allow-origin"] == "https://app.example"
        assert "access-control-allow-origin" not in answers[2].headers
        assert (await caller.http.get("/readyz")).status_code == 200
    async with gateway() as caller:
        answer = await caller.http.get("/pronote/v1/portals")
        assert answer.headers["ratelimit-policy"] == '"address";q=12000;w=60'


async def test_no_secret_is_in_a_log_or_an_error(nats_url, pronote, tmp_path):
    """Every way to fail, with the most talkative log; then the log and all answers are searched."""
    answers = []
    with running_gateway(tmp_path, nats_url, log_level="DEBUG") as url:
        async with httpx.AsyncClient(base_url=url, timeout=30) as http:
            body = login(pronote.root(ERA), remember=True)
            token = (await http.post("/auth/login", json=body)).json()["token"]
            feed = await http.post("/pronote/v1/calendar-feeds", headers={"Authorization": f"Bearer {token}"})
            answers.append(await http.post("/auth/login", json={**body, "password": "MyWrongSecret"}))
            answers.append(await http.post("/pronote/v1/session", json={**body, "password": "MyWrongSecret"}))
            answers.append(await http.post("/pronote/v1/session", json={**body, "password": ["MyWrongSecret"]}))
            answers.append(
                await http.post("/auth/login", json={**body, "url": "https://u:MyWrongSecret@nowhere.invalid/"})
            )
            for fault in ("truncated", "busy", "suspended-ip", "wrong-order"):
                pronote.control(ERA, "/faults", method="POST", body={"fault": fault, "times": 1})
                query = {"query": '{ marks(period: "Trimestre 1") { averages { student } } }'}
                answers.append(await http.post("/graphql", json=query, headers={"Token": token}))
                pronote.control(ERA, "/faults", method="DELETE")
            answers.append(await http.get("/pronote/v1/marks", headers={"Authorization": "Bearer MyWrongSecret"}))
    said = "".join(answer.text for answer in answers) + "".join(each.read_text() for each in tmp_path.glob("*.log"))
    secret_address = feed.json()["url"].rsplit("/", 1)[1]
    for secret in (PASSWORD, "MyWrongSecret", token, secret_address, "Gaspard"):
        assert secret not in said, secret


def test_it_listens_on_this_machine_only_unless_told_otherwise():
    from carillon_pronote_gateway.settings import Settings

    assert Settings().host == "127.0.0.1"


async def test_no_page_of_it_loads_anything_from_elsewhere(gateway):
    async with gateway() as caller:
        for path in ("/graphql", "/docs", "/redoc"):
            assert (await caller.http.get(path, headers={"Accept": "text/html"})).status_code in (404, 405)
