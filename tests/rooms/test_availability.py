"""`api/rooms/free/` and `api/rooms/<id>/timeline/`: free, busy or unknown, and why."""

from datetime import timedelta

import pytest
from carillon_servers import eventually

AT = "2026-11-23T09:00:00"


async def test_rooms_come_ranked_by_how_long_they_are_free(rooms) -> None:
    answer = await rooms.get("/api/rooms/free/", params={"at": AT, "for": "1h"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["begin"], body["end"]) == ("2026-11-23T09:00:00+01:00", "2026-11-23T10:00:00+01:00")
    assert body["timezone"] == "Europe/Paris"
    assert body["data"] == {
        "covered": "yes", "oldest_read_at": "2026-11-21T08:46:00+01:00", "failing_sources": [],
    }  # fmt: skip
    found = [
        (room["id"], room["state"], room["reason"], room["free_from"], room["free_until"]) for room in body["rooms"]
    ]
    assert found == [
        (26, "free", "no-course-that-day", "2026-11-23T00:00:00+01:00", "2026-11-24T00:00:00+01:00"),
        (11, "free", "between-courses", "2026-11-23T00:00:00+01:00", "2026-11-23T10:00:00+01:00"),
        (5, "busy", "course", "2026-11-23T20:00:00+01:00", "2026-11-24T00:00:00+01:00"),
    ]


async def test_a_room_is_free_only_if_it_is_for_the_whole_time(rooms) -> None:
    body = (await rooms.get("/api/rooms/free/", params={"at": AT, "for": "90m", "state": "busy"})).json()
    assert [(room["id"], room["free_from"]) for room in body["rooms"]] == [
        (11, "2026-11-23T12:00:00+01:00"),
        (5, "2026-11-23T20:00:00+01:00"),
    ]


async def test_without_a_time_it_is_now_and_the_answer_is_not_kept(rooms, clock) -> None:
    answer = await rooms.get("/api/rooms/free/")
    assert answer.json()["begin"] == "2026-11-21T09:00:00+01:00"
    assert answer.headers["cache-control"] == "private, no-cache"
    clock.now += timedelta(days=2, hours=2)
    later = (await rooms.get("/api/rooms/free/")).json()
    assert later["begin"] == "2026-11-23T11:00:00+01:00"
    assert {room["id"]: room["state"] for room in later["rooms"]} == {26: "unknown", 11: "busy", 5: "busy"}


async def test_what_is_not_covered_or_too_old_is_unknown_and_not_free(rooms, clock) -> None:
    sunday = {"at": "2026-11-30T09:00:00+01:00"}
    body = (await rooms.get("/api/rooms/free/", params=sunday)).json()
    assert {(room["state"], room["reason"]) for room in body["rooms"]} == {("unknown", "not-covered")}
    asked = {"at": AT, "for": "30m"}
    assert (await rooms.get("/api/rooms/free/", params=asked)).json()["rooms"][0]["state"] == "free"
    clock.now += timedelta(hours=24)  # the data are now a day and 14 minutes old
    body = (await rooms.get("/api/rooms/free/", params=asked)).json()
    assert [(room["id"], room["reason"]) for room in body["rooms"]] == [(26, "stale"), (11, "stale"), (5, "course")]


async def test_a_day_of_which_a_source_has_not_spoken_is_unknown(rooms, bucket) -> None:
    await bucket.put_sources("ut3-l1")

    async def reasons() -> set[str]:
        body = (await rooms.get("/api/rooms/free/", params={"at": AT})).json()
        return {room["reason"] for room in body["rooms"] if room["state"] == "unknown"}

    await eventually(lambda: _equals(reasons, {"partly-covered"}))
    await bucket.cover(by=("ut3", "ut3-l1"))
    await eventually(lambda: _equals(reasons, set()))


async def _equals(ask, wanted) -> bool:
    return await ask() == wanted


async def test_a_value_that_cannot_be_read_makes_its_room_unknown_and_offers_it_to_nobody(rooms, bucket) -> None:
    await bucket.kv.put("room.26.2026-W48", b'{"room": "?"}')

    async def state() -> bool:
        body = (await rooms.get("/api/rooms/free/", params={"at": AT})).json()
        return any(room["id"] == 26 and room["reason"] == "unreadable" for room in body["rooms"])

    await eventually(state)
    free = (await rooms.get("/api/rooms/qsjps/2026-11-23/09:00/10:00/")).json()
    assert [room["id"] for room in free] == [11]


async def test_a_timeline_shows_the_day_from_midnight_to_midnight(rooms) -> None:
    answer = await rooms.get("/api/rooms/11/timeline/", params={"day": "2026-11-23"}, headers={"Accept-Language": "en"})
    body = answer.json()
    assert body["room"] == {"id": 11, "name": "1TP1-B08", "slug": "1tp1-b08"}
    found = [(one["begin"][11:16], one["end"][11:16], one["state"], one["courses"]) for one in body["segments"]]
    assert found == [("00:00", "10:00", "free", []), ("10:00", "12:00", "busy", [1]), ("12:00", "00:00", "free", [])]
    assert body["segments"][1]["explanation"] == "A course takes place in it."
    assert answer.headers["content-language"] == "en"
    today = (await rooms.get("/api/rooms/11/timeline/")).json()
    assert today["day"] == "2026-11-21"
    assert today["segments"][0]["explanation"] == "Aucun emploi du temps connu pour ce jour."


@pytest.mark.parametrize(
    ("at", "begin"),
    [
        ("2026-11-23T09:00", "2026-11-23T09:00:00+01:00"),
        ("2026-11-23T08:00:00Z", "2026-11-23T09:00:00+01:00"),
        ("2026-11-23T10:00:00 02:00", "2026-11-23T09:00:00+01:00"),  # a plus sign that was not escaped
    ],
)
async def test_a_moment_may_have_an_offset_or_not(rooms, at, begin) -> None:
    assert (await rooms.get("/api/rooms/free/", params={"at": at})).json()["begin"] == begin


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/api/rooms/free/?at=demain", 422, "invalid-request"),
        ("/api/rooms/free/?at=1795000000", 422, "invalid-request"),
        ("/api/rooms/free/?at=9999-12-31T23:00", 422, "invalid-request"),
        ("/api/rooms/free/?for=90", 422, "invalid-request"),
        ("/api/rooms/free/?for=0m", 422, "invalid-request"),
        ("/api/rooms/free/?for=25h", 422, "invalid-request"),
        ("/api/rooms/free/?building=1TP1", 422, "invalid-request"),
        ("/api/rooms/free/?state=maybe", 422, "invalid-request"),
        ("/api/rooms/11/timeline/?day=2026-13-01", 422, "invalid-request"),
        ("/api/rooms/12/timeline/", 404, "not-found"),
        ("/api/rooms/B08/timeline/", 404, "not-found"),
    ],
)
async def test_every_other_error_is_a_problem_in_the_language_of_the_caller(rooms, path, status, slug) -> None:
    for language, title in [
        ("fr", {404: "Pas trouvé.", 422: "Requête invalide."}),
        ("en", {404: "Not found.", 422: "Invalid request."}),
    ]:
        answer = await rooms.get(path, headers={"Accept-Language": language})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == f"/problems/{slug}"
        assert answer.json()["title"] == title[status]
