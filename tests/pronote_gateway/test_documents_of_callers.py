"""GraphQL documents that callers write: what is odd is told, and what is kept of them is bounded."""

import pytest
from carillon_pronote_gateway.graphql_schemas import execution
from carillon_pronote_gateway.graphql_schemas.known_documents import KnownDocuments
from graphql import parse

ERA = "2025.2.8"


def test_documents_are_kept_up_to_a_number_of_characters():
    known = KnownDocuments(most_characters=25, longest=12)
    for text in ("{ a }", "{ b }", "{ c }", "{ d }", "{ e }"):
        known.keep(text, parse(text))
    assert known.get("{ a }") is not None  # now the last one that would go
    known.keep("{ f }", parse("{ f }"))
    known.keep("{ too  long  }", parse("{ too  long  }"))
    known.keep("{ f }", parse("{ f }"))
    assert [text for text in ("{ a }", "{ b }", "{ c }", "{ f }", "{ too  long  }") if known.get(text)] == [
        "{ a }",
        "{ c }",
        "{ f }",
    ]
    assert known.characters == 25


async def test_a_known_document_is_parsed_once_and_a_wrong_one_is_told_each_time(gateway, pronote, monkeypatch):
    parsed = []
    monkeypatch.setattr(
        "strawberry.schema.schema.parse", lambda text, **options: parsed.append(text) or parse(text, **options)
    )
    execution.schema_of.cache_clear()
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        for _ in range(2):
            assert (await caller.ask(token, "{ me { name } }")).json()["data"]["me"]["name"]
            assert "nope" in (await caller.ask(token, "{ nope }")).json()["errors"][0]["message"]
    assert parsed.count("{ me { name } }") == 1


@pytest.mark.parametrize(
    ("document", "operation"),
    [
        ("query A { me { name } }", "B"),
        ("fragment A on Me { name }", None),
    ],
)
async def test_which_operation_is_meant_must_be_told(document, operation, gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        body = {"query": document, "operationName": operation}
        answer = await caller.http.post("/graphql", json=body, headers={"Token": token})
        assert answer.status_code == 200
        assert "operationName" in answer.json()["errors"][0]["message"]


async def test_what_is_wrong_with_a_question_is_named(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        unknown = (await caller.read(token, "/marks", period="Trimestre 9")).json()
        assert unknown["detail"].endswith("(period)")
        for days, told in (
            ({"from": "2026-02-30"}, "/query/from"),
            ({"from": "30/02/2026"}, "/query/from"),
            ({"from": "2026-11-20", "to": "2026-11-16"}, "/query/to"),
        ):
            answer = await caller.read(token, "/timetable", **days)
            assert answer.status_code == 422
            assert [one["pointer"] for one in answer.json()["errors"]] == [told]
        neither = (await caller.ask(token, "mutation { markAsRead }")).json()["errors"][0]
        assert "infoId or discussionId" in neither["message"]
        assert neither["extensions"]["code"] != 107  # not Pronote's fault
        far = (await caller.ask(token, '{ timetable(from: "9999-12-31") { room } }')).json()
        assert "too far" in far["errors"][0]["message"]
