"""Each problem's `type` is the address of a page about it, whichever service answers with it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from carillon_timetable_api.problem_catalogue import PROBLEMS

ROOT = Path(__file__).parents[2]
SLUG = re.compile(r"[a-z]+(-[a-z]+)*")
STATUSES = range(400, 600)


def written_slugs(tree: ast.Module) -> Iterator[str]:
    """What is given to `ProblemError`, and what stands beside an error's status or title to be given to it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ProblemError":
            yield from constants(node.args[:1])
        if isinstance(node, ast.Tuple) and any(is_status(part) for part in node.elts):
            yield from (found for found in constants(node.elts) if SLUG.fullmatch(found))


def constants(nodes: list[ast.expr]) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def is_status(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in STATUSES


def all_slugs() -> set[str]:
    files = [*ROOT.glob("services/*/src/**/*.py"), *ROOT.glob("shared/src/**/*.py")]
    found = {
        slug
        for path in files
        if "ProblemError" in (source := path.read_text(encoding="utf-8"))
        for slug in written_slugs(ast.parse(source))
    }
    edge = (ROOT / "edge/Caddyfile").read_text(encoding="utf-8")
    found |= set(re.findall(r"^\s+(?:\d{3}|default) ([a-z-]+) \"", edge, re.MULTILINE))
    return found | {"not-found", "method-not-allowed", "http"}


def test_the_search_for_slugs_finds_those_of_all_services():
    assert {"invalid-page", "hidden-room", "wrong-pin", "pronote", "unavailable", "too-many-requests"} <= all_slugs()


def test_no_problem_is_without_its_page_and_no_page_without_its_problem():
    assert PROBLEMS.keys() == all_slugs()


@pytest.mark.parametrize("slug", sorted(PROBLEMS))
async def test_a_page_is_there_in_both_languages_and_needs_nothing_from_elsewhere(rest_of_module, slug):
    french = await rest_of_module.get(f"/problems/{slug}")
    english = await rest_of_module.get(f"/problems/{slug}", headers={"Accept-Language": "en-GB, fr;q=0.5"})
    for page, language, explained in ((french, "fr", 0), (english, "en", 1)):
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert page.headers["content-language"] == language
        assert f'<html lang="{language}">' in page.text
        for sentence in PROBLEMS[slug]:
            assert sentence[explained].replace("'", "&#39;") in page.text
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert not re.search(r"<style|<script>| style=| on[a-z]+=", page.text)
        assert not re.search(r"https?://", page.text)


@pytest.mark.parametrize("slug", ["unheard-of", "..%2Fetc", "NOT-FOUND", ""])
async def test_a_word_that_is_no_problems_is_not_found(rest_of_module, slug):
    assert (await rest_of_module.get(f"/problems/{slug}")).status_code == 404


async def test_the_type_of_a_problem_leads_to_its_page(rest):
    told = (await rest.get("/api/groups/1/")).json()
    assert told["type"] == "/problems/not-found"
    assert (await rest.get(told["type"])).status_code == 200
