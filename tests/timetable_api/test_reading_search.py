"""The search by name: accents, case, typos and order of words forgiven; ranked; hidden groups last; fast."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from carillon_servers import new_database
from carillon_timetable_api.ingest import Ingest
from snapshots import course, observed
from timetable_rest import opened

BEGIN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
async def faculty(postgresql_url, migrated_template):
    async with new_database(postgresql_url, migrated_template) as url, opened(url) as rest:
        async with rest.building() as builder:
            source, year = await builder.source(), await builder.year("L1")
            await builder.timetable("L1 Mathématiques", year, source)
            await builder.group("L1 MATHS s1 CMA", source)
            await builder.group("L1 MATHS s1 TDA1", source)
            await builder.group("L1 MATHS s1 TDA2", source)
            await builder.group("G1 MATHS s1 TDA1", source, hidden=True)
            await builder.room("Amphi Fauré")
            await builder.room("U2-217")
            hour = timedelta(hours=1)
            for name in (
                "Algèbre linéaire",
                "Algèbre linéaire",
                "Algorithmique",
                "Chœur et orchestre",
                "Mathématiques",
            ):
                await builder.course(source, BEGIN, BEGIN + hour, name=name)
            await builder.course(source, BEGIN, BEGIN + hour, name="Alchimie", cancelled_at=BEGIN)
        yield rest


async def found(rest, q: str, **parameters) -> list[str]:
    answer = await rest.json("/api/search/", params={"q": q} | parameters)
    return [hit["name"] for hit in answer["results"]]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Algèbre linéaire", "Algèbre linéaire"),
        ("algebre", "Algèbre linéaire"),
        ("ALGÈBRE", "Algèbre linéaire"),
        ("algerbe", "Algèbre linéaire"),
        ("alegbre", "Algèbre linéaire"),
        ("lagebre", "Algèbre linéaire"),
        ("lineaire algebre", "Algèbre linéaire"),
        ("algorithmiqe", "Algorithmique"),
        ("choeur", "Chœur et orchestre"),
        ("amphi faure", "Amphi Fauré"),
        ("anphi", "Amphi Fauré"),
        ("217", "U2-217"),
        ("u2 217", "U2-217"),
        ("maths tda2", "L1 MATHS s1 TDA2"),
        ("tda1 l1", "L1 MATHS s1 TDA1"),
        ("l1 mathematiques", "L1 Mathématiques"),
    ],
)
async def test_what_is_meant_comes_first(faculty, typed, first):
    assert (await found(faculty, typed))[0] == first


async def test_hidden_groups_come_last_even_if_their_name_is_typed(faculty):
    assert await found(faculty, "MATHS s1 TDA1") == ["L1 MATHS s1 TDA1", "G1 MATHS s1 TDA1"]
    assert await found(faculty, "1 MATHS s1") == [
        "L1 MATHS s1 CMA", "L1 MATHS s1 TDA1", "L1 MATHS s1 TDA2", "G1 MATHS s1 TDA1"
    ]  # fmt: skip


async def test_a_hit_says_where_it_is(faculty):
    (group, *_), (room,), (course,) = [
        (await faculty.json("/api/search/", params={"q": q, "kind": kind}))["results"]
        for q, kind in (("tda1", "group"), ("217", "room"), ("lineaire", "course"))
    ]
    assert (group["kind"], group["id"], group["address"]) == ("group", 2, "http://testserver/api/groups/2/")
    assert (room["kind"], room["address"]) == ("room", "http://testserver/api/rooms/2/")
    assert (course["kind"], course["id"]) == ("course", None)
    listed = await faculty.json(course["address"])
    assert [one["name"] for one in listed] == ["Algèbre linéaire"] * 2


async def test_the_name_itself_comes_before_names_that_begin_so_and_those_before_others(faculty):
    assert await found(faculty, "mathematiques") == ["Mathématiques", "L1 Mathématiques"]
    assert await found(faculty, "alg", limit=1) == ["Algorithmique"]
    assert await found(faculty, "algebre", kind="group") == []


async def test_names_that_no_course_has_any_more_are_not_found(faculty):
    assert "Alchimie" not in await found(faculty, "alchimie")


async def test_what_is_like_nothing_finds_nothing(faculty):
    assert await found(faculty, "zzyzx") == []


@pytest.mark.parametrize(
    "parameters", [{}, {"q": ""}, {"q": " -%_\0"}, {"q": "a", "limit": 0}, {"q": "a", "kind": "x"}]
)
async def test_a_question_without_words_is_told_so(faculty, parameters):
    answer = await faculty.get("/api/search/", params=parameters)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"


async def test_what_a_source_shows_is_found_and_what_it_renames_is_found_anew(rest):
    ingest = Ingest(rest.engine, ZoneInfo("Europe/Paris"))
    await ingest(observed(course(name="EPMAS1D1 - Algèbre")))
    assert await found(rest, "algebre") == ["EPMAS1D1 - Algèbre"]
    assert await found(rest, "tda1") == ["L1 PS s1 TDA1"]
    await ingest(observed(course(name="EPMAS1D1 - Analyse"), at=1))
    assert await found(rest, "analyse", kind="course") == ["EPMAS1D1 - Analyse"]
    assert await found(rest, "algebre", kind="course") == []
