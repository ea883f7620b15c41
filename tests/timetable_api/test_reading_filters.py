"""The filters of `/api/courses/`, against the same choice made by hand among all courses."""

from datetime import UTC, datetime, timedelta

import pytest
from carillon_servers import new_database
from timetable_rest import opened

BEGIN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LECTURE, PRACTICAL, MEETING, NIGHT = 1, 2, 3, 4


@pytest.fixture(scope="module", params=[0, 2], ids=["bare", "paged"])
async def faculty(request, postgresql_url, migrated_template):
    """Group 2 is below group 1, group 3 stands alone."""
    async with new_database(postgresql_url, migrated_template) as url, opened(url, page_size=request.param) as rest:
        async with rest.building() as builder:
            source = await builder.source()
            await builder.group("L1 PS s1 CMA", source)
            await builder.group("L1 PS s1 TDA1", source, [1])
            await builder.group("L2 PS s3 CMA", source)
            await builder.room("A1")
            await builder.room("B2")
            hour = timedelta(hours=1)
            await builder.course(source, BEGIN, BEGIN + hour, [1], [1], name="Algèbre linéaire", type="COURS")
            later = BEGIN + 2 * hour
            await builder.course(source, later, later + hour, [2], [2], name="Algorithmique 100%", type="TP")
            later = BEGIN + 4 * hour
            await builder.course(source, later, later + hour, [3], [1], name="Conseil d’UFR", type=None)
            night = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
            await builder.course(source, night, night + hour, [3], [], name="Cœur de la nuit", type="cours")
            await builder.course(source, BEGIN, BEGIN + hour, [1], [1], name="Algèbre", cancelled_at=BEGIN)
        rest.is_paged = bool(request.param)
        yield rest


async def ids(rest, **parameters) -> list[int]:
    """The courses of all pages, by following the links."""
    answer = await rest.json("/api/courses/", params=parameters)
    if not rest.is_paged:
        return [course["id"] for course in answer]
    found = [course["id"] for course in answer["results"]]
    while answer["next"]:
        answer = await rest.json(answer["next"])
        found += [course["id"] for course in answer["results"]]
    assert answer["count"] == len(found)
    return found


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [LECTURE, PRACTICAL, MEETING, NIGHT]),
        ({"begin_after": "", "search": " ", "type": ""}, [LECTURE, PRACTICAL, MEETING, NIGHT]),
        ({"begin_after": "2026-11-23T09:00:00Z"}, [PRACTICAL, MEETING, NIGHT]),
        ({"begin_after": "2026-11-23T10:00:00+01:00"}, [PRACTICAL, MEETING, NIGHT]),
        ({"begin_after": "2026-11-23T10:00:00.001+01:00"}, [MEETING, NIGHT]),
        ({"begin_after": "2026-11-23T10:00"}, [PRACTICAL, MEETING, NIGHT]),
        ({"begin_before": "2026-11-23T10:00"}, [LECTURE]),
        ({"begin_before": "2026-11-24T00:00"}, [LECTURE, PRACTICAL, MEETING]),
        ({"begin_after": "2026-11-24T00:00"}, [NIGHT]),
        ({"begin_after": "2026-11-23T09:00Z", "begin_before": "2026-11-23T11:00Z"}, [PRACTICAL]),
        ({"group": 1}, [LECTURE]),
        ({"group": 2}, [LECTURE, PRACTICAL]),
        ({"group": 2, "parents": "false"}, [PRACTICAL]),
        ({"group": [2, 3]}, [LECTURE, PRACTICAL, MEETING, NIGHT]),
        ({"group": [2, 3], "parents": "false", "room": [1, 2]}, [PRACTICAL, MEETING]),
        ({"room": 1}, [LECTURE, MEETING]),
        ({"type": "Cours"}, [LECTURE, NIGHT]),
        ({"type": ["TP", "COURS"]}, [LECTURE, PRACTICAL, NIGHT]),
        ({"type": "COUR"}, []),
        ({"search": "algebre"}, [LECTURE]),
        ({"search": "LINÉAIRE alg"}, [LECTURE]),
        ({"search": "alg"}, [LECTURE, PRACTICAL]),
        ({"search": "coeur"}, [NIGHT]),
        ({"search": "UFR d'conseil"}, [MEETING]),
        ({"search": "100%"}, [PRACTICAL]),
        ({"search": "physique"}, []),
        ({"unheard_of": "1"}, [LECTURE, PRACTICAL, MEETING, NIGHT]),
    ],
)
async def test_a_filter_takes_what_it_says(faculty, parameters, expected):
    assert await ids(faculty, **parameters) == expected


@pytest.mark.parametrize(
    ("parameters", "status", "named"),
    [
        ({"begin_after": "demain"}, 422, "begin_after"),
        ({"begin_after": "0.5"}, 422, "begin_after"),
        ({"begin_before": "2026-02-30T10:00"}, 422, "begin_before"),
        ({"begin_after": "2026-11-23T10:00", "begin_before": "2026-11-23T10:00"}, 422, "begin_before"),
        ({"group": "x"}, 422, "group"),
        ({"group": 2**40}, 422, "group"),
        ({"group": [1, 99]}, 404, "99"),
        ({"room": 99}, 404, "room"),
        ({"parents": "perhaps"}, 422, "parents"),
        ({"type": "a\0"}, 422, "type"),
        ({"search": "%_\\"}, 422, "search"),
    ],
)
async def test_what_cannot_be_read_is_told_with_its_name(faculty, parameters, status, named):
    answer = await faculty.get("/api/courses/", params=parameters, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert named in str(answer.json().get("errors", "")) + answer.json()["detail"]


async def test_a_plus_that_was_not_escaped_is_understood(faculty):
    answer = await faculty.get("/api/courses/?begin_before=2026-11-23T10:00:00+01:00")
    assert answer.status_code == 200
    assert '"Algèbre linéaire"' in answer.text
    assert '"Algorithmique' not in answer.text
