"""Every endpoint, word for word, over a small faculty."""

import re
from datetime import UTC, datetime

import pytest
from carillon_servers import new_database
from timetable_builder import TimetableBuilder
from timetable_rest import opened

YEARS = [{"id": 2, "name": "L1", "slug": "l1"}, {"id": 1, "name": "L3", "slug": "l3"}]
INFO = {"id": 1, "name": "Info", "slug": "info", "year": 1, "source": 1}
SRI = {"id": 2, "name": "1ère année SRI", "slug": "1ere-annee-sri", "year": 1, "source": 2}
FIRST = {"id": 3, "name": "Éveil", "slug": "eveil", "year": 2, "source": 2}
WHOLE = {
    "id": 1,
    "name": "L3 INFO (toutes sections et semestres confondus)",
    "celcat_name": "L3 INFO (toutes sections et semestres confondus)",
    "mention": "L3 INFO",
    "semester": None,
    "subgroup": "",
    "slug": "l3-info-toutes-sections-et-semestres-confondus",
    "hidden": False,
    "source": 1,
}
SECTION = {
    "id": 2,
    "name": "L3 INFO s1 CMA",
    "celcat_name": "L3 INFO s1 CMA",
    "mention": "L3 INFO",
    "semester": 1,
    "subgroup": "A",
    "slug": "l3-info-s1-cma",
    "hidden": False,
    "source": 1,
}
OTHER = {
    "id": 3,
    "name": "L2 Info s1 CMA",
    "celcat_name": "L2 Info s1 CMA",
    "mention": "L2 Info",
    "semester": 1,
    "subgroup": "A",
    "slug": "l2-info-s1-cma",
    "hidden": True,
    "source": 2,
}
AMPERE = {"id": 1, "name": "Amphi AMPERE (3A)", "slug": "amphi-ampere-3a"}
FIRST_FLOOR = {"id": 2, "name": "1R1-010", "slug": "1r1-010"}
OF_SECTION = {
    "id": 1,
    "groups": [SECTION, OTHER],
    "rooms": [AMPERE, FIRST_FLOOR],
    "name": "REUNION / RENCONTRE",
    "type": None,
    "notes": "Nuit de l'info",
    "begin": "2018-12-06T13:30:00+01:00",
    "end": "2018-12-06T23:45:00+01:00",
    "last_update": "2018-12-31T13:26:57.122490+01:00",
    "source": 1,
}
OF_ALL = {
    "id": 2,
    "groups": [WHOLE],
    "rooms": [],
    "name": "Rentrée",
    "type": "COURS",
    "notes": None,
    "begin": "2018-09-04T15:45:00+02:00",
    "end": "2018-09-04T16:45:00+02:00",
    "last_update": "2018-09-26T19:34:12+02:00",
    "source": 1,
}
SOURCES = [
    {"id": 1, "url": "https://edt.example.fr/info.xml", "last_update_date": None},
    {"id": 2, "url": "https://edt.example.fr/sri.xml", "last_update_date": "2018-12-31T13:26:57.136381+01:00"},
]

GOLDEN = {
    "/api/years/": YEARS,
    "/api/years/1/": YEARS[1],
    "/api/years/1/timetables/": [SRI, INFO],
    "/api/timetables/": [SRI, INFO, FIRST],
    "/api/timetables/1/": INFO,
    "/api/timetables/1/groups/": [WHOLE, SECTION],
    "/api/timetables/2/groups/": [OTHER],
    "/api/sources/": SOURCES,
    "/api/sources/2/": SOURCES[1],
    "/api/sources/2/timetables/": [SRI, FIRST],
    "/api/groups/": [OTHER, WHOLE, SECTION],
    "/api/groups/2/": SECTION,
    "/api/groups/1/courses/": [OF_ALL],
    "/api/groups/2/courses/": [OF_ALL, OF_SECTION],
    "/api/groups/3/courses/": [OF_SECTION],
    "/api/groups/2/courses/days/current/": [],
    "/api/groups/2/courses/days/2018/12/6/": [OF_SECTION],
    "/api/groups/2/courses/days/2018/09/04/": [OF_ALL],
    "/api/groups/2/courses/weeks/": ["2018-09-03T00:00:00+02:00", "2018-12-03T00:00:00+01:00"],
    "/api/groups/2/courses/weeks/current/": [OF_SECTION],
    "/api/groups/2/courses/weeks/2018/36/": [OF_ALL],
    "/api/rooms/": [FIRST_FLOOR, AMPERE],
    "/api/rooms/1/": AMPERE,
    "/api/rooms/1/courses/": [OF_SECTION],
    "/api/rooms/2/courses/days/current/": [],
    "/api/rooms/2/courses/days/2018/12/6/": [OF_SECTION],
    "/api/rooms/2/courses/weeks/current/": [OF_SECTION],
    "/api/rooms/2/courses/weeks/2018/49/": [OF_SECTION],
    "/api/rooms/2/courses/weeks/2018/50/": [],
    "/api/courses/": [OF_ALL, OF_SECTION],
    "/api/courses/1/": OF_SECTION,
}


@pytest.fixture(scope="module")
async def faculty(postgresql_url, migrated_template):
    """Read only, so one for all tests of this module."""
    async with new_database(postgresql_url, migrated_template) as url, opened(url) as rest:
        async with rest.building() as builder:
            await build(builder)
        yield rest


async def build(builder: TimetableBuilder) -> None:
    third, first = await builder.year("L3"), await builder.year("L1")
    info = await builder.source("info")
    sri = await builder.source("sri", datetime(2018, 12, 31, 12, 26, 57, 136381, UTC))
    await builder.timetable("Info", third, info)
    await builder.timetable("1ère année SRI", third, sri)
    await builder.timetable("Éveil", first, sri)
    whole = await builder.group(WHOLE["name"], info)
    section = await builder.group(SECTION["name"], info, [whole])
    other = await builder.group(OTHER["name"], sri, hidden=True)
    await builder.calendar(info, [whole, section])
    await builder.calendar(info, [section], "section")
    await builder.calendar(sri, [other])
    ampere, first_floor = await builder.room("Amphi AMPERE (3A)"), await builder.room("1R1-010")
    evening = datetime(2018, 12, 6, 12, 30, tzinfo=UTC), datetime(2018, 12, 6, 22, 45, tzinfo=UTC)
    night = {"name": "REUNION / RENCONTRE", "type": None, "notes": "Nuit de l'info"}
    await builder.course(info, *evening, [other, section], [first_floor, ampere], **night)
    afternoon = datetime(2018, 9, 4, 13, 45, tzinfo=UTC), datetime(2018, 9, 4, 14, 45, tzinfo=UTC)
    updated = datetime(2018, 9, 26, 17, 34, 12, tzinfo=UTC)
    await builder.course(info, *afternoon, [whole], name="Rentrée", last_update=updated)
    await builder.course(info, *evening, [section], [ampere], cancelled_at=updated)


@pytest.mark.parametrize("path", GOLDEN)
async def test_answers_are_word_for_word(faculty, path):
    answer = await faculty.get(path)
    assert answer.json() == GOLDEN[path]
    assert answer.headers["content-type"] == "application/json"
    assert order_of_keys(answer.json()) == order_of_keys(GOLDEN[path])


async def test_the_entry_point_names_the_lists(faculty):
    names = ["years", "timetables", "sources", "groups", "rooms", "courses"]
    assert await faculty.json("/api/") == {name: f"http://testserver/api/{name}/" for name in names}


@pytest.mark.parametrize("path", [path for path in GOLDEN if "/1/" in path or "/2/" in path or "/3/" in path])
@pytest.mark.parametrize("number", ["77", "0", "2147483648", "9" * 25, "9" * 5000])
async def test_what_does_not_exist_is_a_problem(faculty, path, number):
    path = re.sub(r"(?<=s/)[123](?=/)", number, path, count=1)
    answer = await faculty.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Pas trouvé."
    assert (await faculty.get(path, headers={"Accept-Language": "en"})).json()["detail"] == "Not found."


@pytest.mark.parametrize("path", GOLDEN)
async def test_a_request_costs_one_statement(faculty, path):
    faculty.statements.clear()
    answer = await faculty.get(path)
    tells_why_it_is_empty = "carillon-empty-because" in answer.headers
    assert len(faculty.statements) == 1 + tells_why_it_is_empty


@pytest.mark.parametrize("path", ["/api/years", "/api/years/1", "/api/groups/2/courses/days/2018/12/6", "/api/courses"])
async def test_a_missing_slash_at_the_end_is_mended(faculty, path):
    answer = await faculty.get(path)
    assert answer.is_redirect
    assert answer.headers["location"] == f"http://testserver{path}/"


async def test_head_answers_without_body(faculty):
    for path in ("/api/groups/2/courses/", "/api/sources/1/status/", "/api/groups/77/"):
        head, get = await faculty.client.head(path), await faculty.get(path)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers["content-length"] == str(len(get.content))


async def test_what_is_not_read_is_refused(faculty):
    answer = await faculty.client.post("/api/years/")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


def order_of_keys(value):
    if isinstance(value, dict):
        return [(key, order_of_keys(inner)) for key, inner in value.items()]
    return [order_of_keys(inner) for inner in value] if isinstance(value, list) else None
