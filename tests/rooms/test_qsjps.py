"""`api/rooms/qsjps/<day>/<begin>/<end>/` to the letter of celcatsanitizer's document."""

from datetime import date, timedelta

import pytest
from carillon_servers import eventually

MONDAY = "/api/rooms/qsjps/2026-11-23"
BAD_DAY, BAD_TIME = ["Saisissez une date valide."], ["Saisissez une heure valide."]
BAD_ORDER = ["L’heure de début doit être supérieure à celle de fin."]
R1 = {"id": 26, "name": "1R1-010", "slug": "1r1-010"}
B08 = {"id": 11, "name": "1TP1-B08", "slug": "1tp1-b08"}


@pytest.mark.parametrize(
    ("path", "errors"),
    [
        # celcatsanitizer's own examples.
        ("2019-01-35/12:00/10:00", {"day": BAD_DAY, "end": BAD_ORDER}),
        ("2019-01-35/12:70/10:70", {"day": BAD_DAY, "begin": BAD_TIME, "end": BAD_TIME}),
        # One at a time, and forms that are nearly right.
        ("2026-02-29/10:00/12:00", {"day": BAD_DAY}),
        ("23-11-2026/10:00/12:00", {"day": BAD_DAY}),
        ("20261123/10:00/12:00", {"day": BAD_DAY}),
        ("2026-W48-1/10:00/12:00", {"day": BAD_DAY}),
        ("0000-01-01/10:00/12:00", {"day": BAD_DAY}),
        ("2026-11-2٣/10:00/12:00", {"day": BAD_DAY}),
        ("2026-11-23/10/12:00", {"begin": BAD_TIME}),
        ("2026-11-23/9:00/12:00", {"begin": BAD_TIME}),
        ("2026-11-23/10:00:00/12:00", {"begin": BAD_TIME}),
        ("2026-11-23/10:00/24:00", {"end": BAD_TIME}),
        ("2026-11-23/10:00/midi", {"end": BAD_TIME}),
        ("2026-11-23/10:00/10:00", {"end": BAD_ORDER}),
        ("2026-11-23/10:01/10:00", {"end": BAD_ORDER}),
    ],
)
async def test_every_error_is_said_at_once_in_the_words_of_the_seed(rooms, path, errors) -> None:
    answer = await rooms.get(f"/api/rooms/qsjps/{path}/", headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == errors
    assert list(answer.json()) == [name for name in ("day", "begin", "end") if name in errors]


@pytest.mark.parametrize(
    ("times", "free"),
    [
        ("10:00/12:00", [R1]),
        ("09:00/10:00", [R1, B08]),  # touches
        ("12:00/13:00", [R1, B08]),  # touches
        ("09:00/10:01", [R1]),
        ("11:59/13:00", [R1]),
        ("00:00/23:59", [R1]),
    ],
)
async def test_the_rooms_without_a_known_course_are_listed_by_name(rooms, times, free) -> None:
    answer = await rooms.get(f"{MONDAY}/{times}/")
    assert answer.status_code == 200
    assert answer.json() == free
    assert list(answer.json()[0]) == ["id", "name", "slug"]


async def test_the_headers_say_how_old_the_data_are_and_whether_the_day_is_covered(rooms, bucket, clock) -> None:
    answer = await rooms.get(f"{MONDAY}/10:00/12:00/")
    assert (answer.headers["carillon-data-age"], answer.headers["carillon-covered"]) == ("840", "yes")
    assert "carillon-failing-sources" not in answer.headers
    clock.now += timedelta(seconds=60)
    assert (await rooms.get(f"{MONDAY}/10:00/12:00/")).headers["carillon-data-age"] == "900"
    next_week = await rooms.get("/api/rooms/qsjps/2026-11-30/10:00/12:00/")
    assert next_week.headers["carillon-covered"] == "no"
    await bucket.put_sources("ut3-l2", "ut3-l1")
    changed = await eventually(lambda: _with_header(rooms, "carillon-failing-sources"))
    assert changed.headers["carillon-failing-sources"] == "ut3-l1, ut3-l2"
    assert changed.headers["carillon-covered"] == "partly"


async def _with_header(rooms, name: str):
    answer = await rooms.get(f"{MONDAY}/10:00/12:00/")
    return answer if name in answer.headers else None


async def test_an_answer_has_a_strong_etag_that_changes_with_the_occupancy(rooms, bucket) -> None:
    path = f"{MONDAY}/10:00/12:00/"
    first = await rooms.get(path)
    assert first.headers["etag"].startswith('"')
    again = await rooms.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["carillon-data-age"] == "840"
    await bucket.put_room(11, "1TP1-B08")
    changed = await eventually(lambda: _changed(rooms, path, first.headers["etag"]))
    assert changed.json() == [R1, B08]
    head = await rooms.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == changed.headers["etag"]


async def _changed(rooms, path: str, etag: str):
    answer = await rooms.get(path, headers={"If-None-Match": etag})
    return answer if answer.status_code == 200 else None


@pytest.mark.parametrize("path", ["/api/rooms/qsjps//10:00/12:00/", "/api/rooms/qsjps/2026-11-23/10:00/", "/api/"])
async def test_a_path_with_an_empty_or_missing_part_is_not_found(rooms, path) -> None:
    answer = await rooms.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["title"] == "Pas trouvé."


async def test_every_page_may_read_the_answers(rooms) -> None:
    answer = await rooms.get(f"{MONDAY}/10:00/12:00/", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "*"


async def test_one_caller_may_ask_so_often_and_kept_answers_count(bucket, own_nats_url, serving) -> None:
    await bucket.put_sources()
    async with serving(own_nats_url, rate_limit="2/day") as client:
        for _ in range(5):
            await client.get("/readyz")
        told = [await client.get(f"{MONDAY}/10:00/12:00/", headers={"Origin": "https://example.org"}) for _ in range(3)]
    assert [answer.headers["ratelimit"].partition(";t")[0] for answer in told] == [
        '"address";r=1',
        '"address";r=0',
        '"address";r=0',
    ]
    assert told[1].status_code != 429
    assert (told[2].status_code, told[2].json()["type"]) == (429, "/problems/too-many-requests")
    assert int(told[2].headers["retry-after"]) > 0
    assert told[2].headers["access-control-allow-origin"] == "*"


async def test_without_a_setting_the_limit_is_a_wide_one(rooms) -> None:
    assert (await rooms.get("/api/rooms/free/")).headers["ratelimit-policy"] == '"address";q=12000;w=60'


@pytest.mark.parametrize(
    "case",
    [
        # The night of the change: the hour from 02:00 to 03:00 is skipped in March and repeated in October.
        ("Europe/Paris", "2026-03-29/01:00/02:00", ("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"), True),
        ("Europe/Paris", "2026-03-29/03:00/03:30", ("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"), False),
        ("Europe/Paris", "2026-10-25/02:00/03:00", ("2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"), False),
        ("Europe/Paris", "2026-10-25/01:00/02:00", ("2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"), True),
        # 14:00 in Fort-de-France; the next morning in Nouméa.
        ("America/Martinique", "2026-11-23/14:00/15:00", ("2026-11-23T18:00:00Z", "2026-11-23T19:00:00Z"), False),
        ("America/Martinique", "2026-11-23/18:00/19:00", ("2026-11-23T18:00:00Z", "2026-11-23T19:00:00Z"), True),
        ("Pacific/Noumea", "2026-11-24/07:00/09:00", ("2026-11-23T20:00:00Z", "2026-11-23T22:00:00Z"), False),
        # Past midnight, from Sunday into the next week.
        ("Europe/Paris", "2026-11-22/23:00/23:59", ("2026-11-22T21:00:00Z", "2026-11-23T01:00:00Z"), False),
        ("Europe/Paris", "2026-11-23/01:30/03:00", ("2026-11-22T21:00:00Z", "2026-11-23T01:00:00Z"), False),
        ("Europe/Paris", "2026-11-23/02:00/03:00", ("2026-11-22T21:00:00Z", "2026-11-23T01:00:00Z"), True),
    ],
)
async def test_days_and_times_are_those_of_the_institution(bucket, own_nats_url, serving, case) -> None:
    zone, day, course, free = case
    await bucket.put_sources(zone=zone)
    asked = date.fromisoformat(day[:10])
    weeks = {f"{iso.year}-W{iso.week:02d}" for n in (-1, 0, 1) if (iso := (asked + timedelta(days=n)).isocalendar())}
    for week in weeks:
        await bucket.put_room(1, "Salle 1", course, week=week)
    async with serving(own_nats_url) as client:
        answer = await eventually(lambda: _ok(client, f"/api/rooms/qsjps/{day}/"))
    assert bool(answer.json()) is free


async def _ok(client, path: str):
    answer = await client.get(path)
    return answer if answer.status_code == 200 else None
