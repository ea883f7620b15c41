"""Errors are problems (RFC 9457) in the reader's language, down to what is wrong with each parameter."""

import pytest

FEEDS = "/api/feeds/preview/"


@pytest.mark.parametrize(
    ("path", "body", "pointer", "told"),
    [
        ("/api/courses/?group=x", None, "/query/group/0", ("écrivez un nombre entier.", "valid integer")),
        ("/api/courses/?begin_after=x", None, "/query/begin_after", ("écrivez une date et une heure", "write a date")),
        ("/api/changes/?since=soon", None, "/query/since", ("écrivez-le sous la forme", "should match pattern")),
        ("/api/changes/?sinse=1", None, "/query/sinse", ("ce nom n’est pas connu ici.", "not permitted")),
        ("/api/changes/?kind=eaten", None, "/query/kind/0", ("'renamed' ou 'other'", "'renamed' or 'other'")),
        ("/api/changes/?digest=maybe", None, "/query/digest", ("écrivez true ou false.", "valid boolean")),
        ("/api/groups/1/courses.ics?past=-1", None, "/query/past", ("écrivez au moins 0.", "equal to 0")),
        (FEEDS, {"choice": {}}, "/body/choice", ("choisissez au moins un groupe", "choose at least one group")),
        (FEEDS, {"choice": {"groups": [1], "rules": [{"action": "exclude"}]}}, "/body/choice/rules/0",
         ("une règle nomme un cours", "a rule needs a name")),
        (FEEDS, {}, "/body/choice", ("il manque.", "Field required")),
        (FEEDS, {"choice": 1}, "/body/choice", ("écrivez un objet JSON.", "valid dictionary")),
        (FEEDS, b"{", "/body/1", ("ce n’est pas du JSON.", "JSON decode error")),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told_in_french_and_on_request_in_english(rest_of_module, path, body, pointer, told):
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    for language, sentence in zip(("fr", "en"), told, strict=True):
        headers = {"Accept-Language": language, "Content-Type": "application/json"}
        method = "GET" if body is None else "POST"
        answer = await rest_of_module.client.request(method, path, headers=headers, **content)
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.headers["content-language"], problem["errors"][0]["pointer"]) == (language, pointer)
        assert sentence in problem["errors"][0]["detail"]
        assert sentence in problem["detail"]


@pytest.mark.parametrize("is_announced", [True, False])
async def test_a_body_that_is_too_large_is_a_problem_too(rest_of_module, is_announced):
    async def parts():
        for _ in range(3):
            yield b" " * 1024**2

    body = b" " * 3 * 1024**2 if is_announced else parts()
    answer = await rest_of_module.client.post("/api/feeds/", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert (answer.json()["type"], answer.json()["title"]) == ("/problems/too-large", "Requête trop grande.")
