"""pronote-api's own server and ours before the same simulated school: the same documents, the same JSON.

The documents ask for every field of pronote-api's schemas with every argument. Left out is what pronote-api answers
wrongly (`DEFECTS`) and what holds each session's own numbers (`OF_THE_SESSION`).
"""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type
from pronote_api_server import running_pronote_api
from pronote_gateways import running_gateway

ERA = "2022"
PARIS = ZoneInfo("Europe/Paris")
DEFECTS = {
    ("PronoteUserAuthorizations", "hasPassword"): "its resolver has another name: always an error",
    ("PronoteUserAuthorizations", "hasPersonalInfo"): "its resolver has another name: always an error",
    ("Detention", "id"): "never set: always an error",
    ("File", "time"): "never set for files of information, homework and lessons: always an error",
    ("File", "subject"): "never set for files of information, homework and lessons: always an error",
    ("LessonContent", "htmlDescription"): "never set: always an error",
    ("PronoteUserAuthorizations", "maxUserWorkFileSize"): "never set for parents: always an error",
}
OF_THE_SESSION = {
    ("File", "url"): "signed with the session's key",
    ("PronoteStudent", "avatar"): "signed with the session's key",
    ("PronoteUser", "avatar"): "signed with the session's key",
    ("PronoteParams", "navigatorId"): "a number of the sign-in",
    ("PronoteParams", "serverTime"): "the time of the sign-in",
    ("PronoteParams", "firstHour"): "the time of the sign-in where Pronote sends a bare time",
}
WEEK = [int(datetime(2026, 11, day, tzinfo=PARIS).timestamp() * 1000) for day in (16, 21)]


@pytest.fixture(scope="module")
def their_server(pronote_api, tmp_path_factory):
    with running_pronote_api(pronote_api, tmp_path_factory.mktemp("pronote-api")) as (url, _):
        yield url


@pytest.fixture(scope="module")
def our_server(nats_url, tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway"), nats_url) as url:
        yield url


class Programs:
    """One program at two addresses."""

    def __init__(self, urls: list[str]) -> None:
        self.clients = [httpx.AsyncClient(base_url=url, timeout=30) for url in urls]

    async def post(self, path: str, body: object, tokens: list[str | None] | None = None) -> list[httpx.Response]:
        headers = [{} if token is None else {"Token": token} for token in tokens or [None, None]]
        calls = (client.post(path, json=body, headers=own) for client, own in zip(self.clients, headers, strict=True))
        return list(await asyncio.gather(*calls))

    async def aclose(self) -> None:
        for client in self.clients:
            await client.aclose()


@pytest.fixture
async def programs(their_server, our_server):
    both = Programs([their_server, our_server])
    yield both
    await both.aclose()


def selection(kind: GraphQLObjectType, depth: int = 0) -> str:
    """Every field of a type, but those that cannot be compared."""
    chosen = []
    for name, field in kind.fields.items():
        if (kind.name, name) in {**DEFECTS, **OF_THE_SESSION}:
            continue
        inner = get_named_type(field.type)
        if isinstance(inner, GraphQLObjectType):
            if depth < 5:
                chosen.append(name + selection(inner, depth + 1))
        else:
            chosen.append(name)
    return " { " + " ".join(chosen) + " } " if chosen else " { __typename } "


def documents(folder: Path, account: str) -> dict[str, str]:
    """One document for each query, with its arguments."""
    schemas = folder / "node_modules/pronote-api-maintained/src/server/schemas"
    schema = build_schema("\n".join((schemas / f"{name}.graphql").read_text() for name in ("common", account)))
    values = {"from": str(WEEK[0]), "to": str(WEEK[1]), "period": '"Trimestre 1"', "student": '"PARENT Fanny"'}
    found = {}
    for name, field in schema.query_type.fields.items():
        given = [f"{argument}: {values[argument]}" for argument in field.args]
        arguments = f"({', '.join(given)})" if given else ""
        found[name] = f"{{ {name}{arguments}{selection(get_named_type(field.type))}}}"
    return found


def sorted_json(value: object) -> object:
    """Whole numbers are whole, whoever writes them."""
    if isinstance(value, dict):
        return {name: sorted_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [sorted_json(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value


async def signed_in(programs: Programs, root: str, account: str) -> list[str]:
    body = {"url": root, "username": "demonstration", "password": "pronotevs", "account": account}
    answers = await programs.post("/auth/login", body)
    assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
    assert [set(answer.json()) for answer in answers] == [{"token"}, {"token"}]
    return [answer.json()["token"] for answer in answers]


@pytest.mark.parametrize("account", ["student", "parent"])
async def test_every_query_with_every_field_and_argument(account, programs, pronote, pronote_api):
    tokens = await signed_in(programs, pronote.root(ERA), account)
    different = {}
    for name, document in documents(pronote_api, account).items():
        theirs, ours = await programs.post("/graphql", {"query": document}, tokens)
        assert theirs.status_code == ours.status_code == 200, (name, theirs.text, ours.text)
        assert "errors" not in ours.json(), (name, ours.text[:500])
        if account == "parent" and name == "files":  # pronote-api gives parents none
            assert theirs.json()["data"]["files"] is None
            continue
        told, said = sorted_json(theirs.json()), sorted_json(ours.json())
        if told != said:
            different[name] = differences(told, said)
    assert different == {}, json.dumps(different, indent=1, ensure_ascii=False)


def differences(one: object, other: object, path: str = "") -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted({*one, *other})
        return [line for name in names for line in differences(one.get(name), other.get(name), f"{path}.{name}")][:12]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [line for place, pair in pairs for line in differences(*pair, f"{path}[{place}]")][:12]
    return [] if one == other else [f"{path}: theirs {one!r:.120}, ours {other!r:.120}"]


async def test_mutations(programs, pronote):
    tokens = await signed_in(programs, pronote.root(ERA), "student")
    for document in (
        "mutation { setKeepAlive(enabled: true) }",
        "mutation { keepAlive }",
        "mutation Off($on: Boolean!) { setKeepAlive(enabled: $on) }",
        "mutation { logout }",
    ):
        theirs, ours = await programs.post("/graphql", {"query": document, "variables": {"on": False}}, tokens)
        assert (theirs.status_code, theirs.json()) == (ours.status_code, ours.json()), document


async def test_dates_variables_aliases_and_fragments(programs, pronote):
    tokens = await signed_in(programs, pronote.root(ERA), "student")
    document = """
    query Week($from: Date, $to: Date) {
      a: timetable(from: $from, to: $to) { ...l }
    } fragment l on Lesson { id from subject }"""
    for between in (
        WEEK,
        ["2026-11-16", "2026-11-21T00:00:00+01:00"],
        ["2026/11/16", "Nov 21, 2026"],
        ["2026-11-16T12:00", WEEK[1]],
    ):
        body = {"query": document, "variables": {"from": between[0], "to": between[1]}}
        theirs, ours = await programs.post("/graphql", body, tokens)
        assert sorted_json(theirs.json()) == sorted_json(ours.json()), between
        assert ours.json()["data"]["a"]


async def test_refusals_have_the_same_codes(programs, pronote):
    """pronote-api means 400 and 401 where it answers 500: it deletes the status before it uses it."""
    good = {"url": pronote.root(ERA), "username": "demonstration", "password": "pronotevs"}
    for changes, status in (({"password": "wrong"}, 500), ({"cas": "nowhere"}, 500), ({"account": "cook"}, 400)):
        theirs, ours = await programs.post("/auth/login", {**good, **changes})
        assert ours.status_code == status
        assert theirs.json().get("code") == ours.json().get("code"), changes
        assert set(theirs.json()) == set(ours.json())
    theirs, ours = await programs.post("/auth/login", {"url": good["url"]})
    assert (theirs.status_code, ours.status_code) == (500, 400)
    for tokens, body in (
        ([None, None], {"query": "{ user { name } }"}),
        (["no", "no"], {"query": "{ user { name } }"}),
    ):
        theirs, ours = await programs.post("/graphql", body, tokens)
        assert (theirs.status_code, ours.status_code) == (500, 401)
        assert set(theirs.json()) == set(ours.json()) == {"message"}
    tokens = await signed_in(programs, pronote.root(ERA), "student")
    theirs, ours = await programs.post("/graphql", {}, tokens)
    assert (theirs.status_code, ours.status_code) == (500, 400)
    theirs, ours = await programs.post("/graphql", {"query": "{ nothing }"}, tokens)
    assert theirs.status_code == ours.status_code == 200
    assert len(theirs.json()["errors"]) == len(ours.json()["errors"]) == 1
    theirs, ours = await programs.post("/auth/logout", {}, tokens)
    assert theirs.json() == ours.json() == {"success": True}
