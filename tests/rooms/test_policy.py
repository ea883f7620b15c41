"""The room policy: checked with every error at once, applied, and read again when it changes."""

import asyncio
import os
import signal

import pytest
from carillon_occupancy import ready
from carillon_rooms import app as rooms_app
from carillon_rooms.app import create_app
from carillon_rooms.room_policy import RoomPolicyError, read_policy
from carillon_rooms.settings import RoomsSettings
from carillon_servers import eventually

POLICY = """
stale_after = "48h"

[opening]
monday = ["07:45-20:00"]

[[holiday]]
name = "Armistice"
first = 2026-11-11
last = 2026-11-11

[[hidden]]
rooms = "^Amphi"
why = "En travaux."

[[building]]
name = "1TP1"
rooms = "^1TP1-"
access = "Badge après 18 h."
opening = { monday = ["08:00-22:00"] }
"""
AT = {"at": "2026-11-23T18:00", "for": "1h"}


def test_a_policy_of_nothing_hides_and_closes_nothing() -> None:
    rules = read_policy("").rules_of("1R1-010")
    assert (rules.hidden, rules.building, rules.opening) == (None, None, None)


def test_every_error_of_the_file_is_said_at_once_with_its_key_and_how_to_mend_it() -> None:
    with pytest.raises(RoomPolicyError) as error:
        read_policy(
            """
            stale_after = "soon"
            partly_covered = "busy"
            colour = "red"
            opening = { monday = ["8-20"], tuesday = ["20:00-08:00"], friday = ["08:00-25:00"] }
            holiday = [{ name = "Noël", first = 2027-01-03, last = 2026-12-19 }]
            hidden = [{ rooms = "^Labo(" }]
            building = [{ name = "U1", rooms = "^U1" }, { name = "U2", room = "^U2" }]
            """
        )
    said = dict(problem.split(": ", 1) for problem in error.value.problems)
    assert said == {
        "stale_after": 'write a duration as "90m", "24h" or "1h30m"',
        "partly_covered": "Input should be 'unknown' or 'free'",
        "colour": "no such key; remove it or mend its spelling",
        "opening.monday[1]": 'write hours as "07:45-20:00"',
        "opening.tuesday[1]": '"20:00-08:00" ends before it begins; hours past midnight belong to the next day',
        "opening.friday[1]": '"08:00-25:00" is not between 00:00 and 24:00',
        "holiday[1]": "last (2026-12-19) lies before first (2027-01-03)",
        "hidden[1].rooms": '"^Labo(" is not a regular expression: missing ), unterminated subpattern at position 5',
        "building[2].rooms": "Field required",
        "building[2].room": "no such key; remove it or mend its spelling",
    }


@pytest.mark.parametrize("content", ["[opening", b"\xff\xfe"])
def test_a_file_that_is_not_toml_or_not_text_is_refused_before_the_service_starts(tmp_path, content) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(RoomPolicyError):
        create_app(RoomsSettings(room_policy=path))
    with pytest.raises(RoomPolicyError, match="cannot be read"):
        create_app(RoomsSettings(room_policy=tmp_path / "missing.toml"))


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(POLICY)
    return path


async def fill(bucket) -> None:
    await bucket.put_sources()
    await bucket.cover()
    await bucket.put_room(26, "1R1-010")
    await bucket.put_room(11, "1TP1-B08", ("2026-11-23T10:00:00+01:00", "2026-11-23T12:00:00+01:00"))
    await bucket.put_room(5, "Amphi AMPERE (3A)")


async def test_hidden_rooms_are_offered_nowhere_and_the_timeline_says_why(
    bucket, own_nats_url, serving, policy
) -> None:
    await fill(bucket)
    async with serving(own_nats_url, policy) as client:
        await eventually(lambda: ready(client))
        qsjps = (await client.get("/api/rooms/qsjps/2026-11-23/09:00/10:00/")).json()
        free = (await client.get("/api/rooms/free/", params=AT)).json()["rooms"]
        assert [room["id"] for room in qsjps] == [26, 11]
        assert {room["id"] for room in free} == {26, 11}
        hidden = await client.get("/api/rooms/5/timeline/")
        assert (hidden.status_code, hidden.json()["type"]) == (404, "/problems/hidden-room")
        assert hidden.json()["detail"] == "En travaux."


async def test_opening_hours_access_and_building_are_those_of_the_room(bucket, own_nats_url, serving, policy) -> None:
    await fill(bucket)
    async with serving(own_nats_url, policy) as client:
        await eventually(lambda: ready(client))
        found = (await client.get("/api/rooms/free/", params=AT)).json()["rooms"]
        assert [(room["id"], room["free_until"], room["access"]) for room in found] == [
            (11, "2026-11-23T22:00:00+01:00", "Badge après 18 h."),
            (26, "2026-11-23T20:00:00+01:00", None),
        ]
        only = (await client.get("/api/rooms/free/", params={**AT, "building": "1TP1"})).json()["rooms"]
        assert [(room["id"], room["building"]) for room in only] == [(11, "1TP1")]
        late = {"at": "2026-11-23T20:30", "for": "1h"}
        found = (await client.get("/api/rooms/free/", params=late)).json()["rooms"]
        assert [(room["id"], room["state"], room["reason"]) for room in found] == [
            (11, "free", "between-courses"),
            (26, "busy", "closed"),
        ]


async def test_the_policy_is_read_again_when_its_file_changes(
    bucket, own_nats_url, serving, policy, monkeypatch
) -> None:
    monkeypatch.setattr(rooms_app, "POLICY_CHECK_S", 0.02)
    await _changes_are_seen(bucket, own_nats_url, serving, policy, after_writing=lambda: None)


async def test_the_policy_is_read_again_on_sighup(bucket, own_nats_url, serving, policy, monkeypatch) -> None:
    monkeypatch.setattr(rooms_app, "POLICY_CHECK_S", 3600)
    await _changes_are_seen(
        bucket, own_nats_url, serving, policy, after_writing=lambda: os.kill(os.getpid(), signal.SIGHUP)
    )


async def _changes_are_seen(bucket, nats_url, serving, policy, *, after_writing) -> None:
    await fill(bucket)
    async with serving(nats_url, policy) as client:
        await eventually(lambda: ready(client))

        async def offered() -> list[int]:
            return [room["id"] for room in (await client.get("/api/rooms/qsjps/2026-11-23/09:00/10:00/")).json()]

        async def offers(*rooms: int) -> bool:
            return await offered() == list(rooms)

        assert await offers(26, 11)
        policy.write_text('[[hidden]]\nrooms = "^1"')
        after_writing()
        await eventually(lambda: offers(5))
        policy.write_text("[[hidden]]\nrooms = ")  # a slip of the pen changes nothing
        after_writing()
        state = client._transport.app.state.rooms
        await eventually(lambda: state.policy_file.wrong)
        assert await offers(5)
        policy.write_text("")
        after_writing()
        await eventually(lambda: offers(26, 11, 5))
        assert state.policy_file.wrong == []
        await asyncio.sleep(0)
