"""What changed: lists by cursor that neither skip nor repeat, and a live stream that can be resumed."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
import uvicorn
from carillon_local import loopback
from carillon_servers import eventually
from carillon_timetable_api.app import create_app
from carillon_timetable_api.changes import journal_feed
from carillon_timetable_api.ingest import Ingest
from carillon_timetable_api.settings import Settings
from database_rows import truncate
from httpx_sse import aconnect_sse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from snapshots import NOON, course, day_of, observed, read_to_the_end, source

PARIS = ZoneInfo("Europe/Paris")
TDA1, TPA11, CMA = "L1 PS s1 TDA1", "L1 PS s1 TPA11", "L1 PS s1 CMA"


@pytest.fixture
async def ingest(rest):
    rest.clock["now"] = NOON
    return Ingest(rest.engine, PARIS)


async def changes(rest, **parameters) -> list[dict]:
    return (await rest.json("/api/changes/", params=parameters))["results"]


async def group_id(rest, name: str) -> int:
    return next(group["id"] for group in await rest.json("/api/groups/") if group["name"] == name)


async def test_a_move_is_one_change_with_before_and_after(rest, ingest) -> None:
    await ingest(observed(course()))
    await ingest(observed(course(hour=10), at=1))
    added, moved = await changes(rest)
    assert (added["kind"], added["before"]) == ("added", None)
    assert (moved["kind"], moved["fields"]) == ("moved", ["begin", "end"])
    assert moved["before"]["begin"] == "2026-11-17T09:00:00+01:00"
    assert moved["after"]["begin"] == "2026-11-17T11:00:00+01:00"
    assert moved["after"]["rooms"] == [{"id": 1, "name": "U2-217", "slug": "u2-217"}]


async def test_a_cursor_gives_what_came_since_and_nothing_twice(rest, ingest) -> None:
    cursor, seen = "0", []
    for at in range(5):
        await ingest(observed(course(hour=8 + at), course(f"{at}:2026-11-16"), at=at))
        answer = await rest.json("/api/changes/", params={"since": cursor, "limit": 2})
        cursor = answer["next"]
        seen += [change["id"] for change in answer["results"]]
    while True:
        answer = await rest.json("/api/changes/", params={"since": cursor, "limit": 2})
        cursor = answer["next"]
        seen += [change["id"] for change in answer["results"]]
        if not answer["more"]:
            break
    assert seen == [change["id"] for change in await changes(rest)]
    assert (await rest.json("/api/changes/", params={"since": "latest"}))["next"] == cursor


async def test_a_cursor_of_another_journal_is_refused_instead_of_giving_nothing_for_ever(rest, ingest) -> None:
    await ingest(observed(course()))
    assert await changes(rest, since=1) == []
    answer = await rest.get("/api/changes/", params={"since": 2})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/since")


async def test_a_group_s_changes_include_its_parents_unless_not_wanted(rest, ingest) -> None:
    await ingest(observed(course("1:2026-11-16", groups=(CMA,)), course("2:2026-11-16", groups=(TPA11,), hour=14)))
    tpa11 = await group_id(rest, TPA11)
    assert len(await changes(rest, group=tpa11)) == 2
    assert len(await changes(rest, group=tpa11, parents="false")) == 1
    assert len(await changes(rest, group=await group_id(rest, CMA))) == 1


async def test_a_course_that_leaves_a_group_or_room_is_a_change_for_it_too(rest, ingest) -> None:
    await ingest(observed(course(rooms=("U1",))))
    await ingest(observed(course(rooms=("U2",)), at=1))
    assert [change["kind"] for change in await changes(rest, room=1)] == ["added", "room"]
    assert [change["kind"] for change in await changes(rest, room=2)] == ["room"]


async def test_filters_by_kind_source_and_timetable(rest, ingest) -> None:
    await ingest(observed(course()))
    await ingest(
        observed(course("9:2026-11-16", groups=("M1 INF",)), source=source("m1", timetable="M1"), calendar="g9")
    )
    await ingest(observed(at=1))
    await ingest(read_to_the_end(1))
    assert [change["kind"] for change in await changes(rest, kind="cancelled")] == ["cancelled"]
    assert [change["source"] for change in await changes(rest, source=2)] == [2]
    timetables = {one["name"]: one["id"] for one in await rest.json("/api/timetables/")}
    assert [change["course"] for change in await changes(rest, timetable=timetables["M1"])] == [2]


async def test_the_horizon_leaves_out_what_is_far_away(rest, ingest) -> None:
    rest.clock["now"] = datetime(2026, 11, 16, tzinfo=UTC)
    await ingest(observed(course(), course("8:2026-12-07", day_of("2026-W47", 6))))
    assert len(await changes(rest)) == 2
    assert [change["course"] for change in await changes(rest, horizon=3)] == [1]


async def test_the_horizon_moves_with_the_clock_for_kept_answers_too(open_rest) -> None:
    async with open_rest(cache_mib=8) as rest:
        rest.clock["now"] = NOON
        await Ingest(rest.engine, PARIS)(observed(course(day=day_of("2026-W47", 6), hour=14)))
        for path, told in (("/api/changes/", '"kind"'), ("/api/groups/1/changes.atom", "<entry>")):
            rest.clock["now"] = NOON
            assert told not in (await rest.get(path, params={"horizon": 1})).text
            rest.clock["now"] = NOON + timedelta(hours=3)
            assert told in (await rest.get(path, params={"horizon": 1})).text


async def test_a_digest_tells_several_changes_of_a_course_as_one_and_none_if_they_undo_each_other(rest, ingest) -> None:
    for at, hour in enumerate((8, 9, 10)):
        await ingest(observed(course(hour=hour), at=at))
    cursor = (await rest.json("/api/changes/", params={"since": "latest"}))["next"]
    (only,) = await changes(rest, digest="true")
    assert (only["kind"], only["after"]["begin"]) == ("added", "2026-11-17T11:00:00+01:00")
    await ingest(observed(course(hour=11), at=3))
    await ingest(observed(course(hour=10), at=4))
    assert await changes(rest, since=cursor, digest="true") == []
    assert len(await changes(rest, since=cursor)) == 2


async def test_a_digest_is_of_a_kind_once_it_is_made(rest, ingest) -> None:
    await ingest(observed(course(rooms=("U1",))))
    cursor = (await rest.json("/api/changes/", params={"since": "latest"}))["next"]
    await ingest(observed(at=1))
    await ingest(read_to_the_end(1))
    await ingest(observed(course(rooms=("U1",), hour=9), at=2))
    await ingest(read_to_the_end(2))
    await ingest(observed(course(rooms=("U2",), hour=9), at=3))
    assert [change["kind"] for change in await changes(rest, since=cursor)] == ["cancelled", "restored", "room"]
    assert await changes(rest, since=cursor, digest="true", kind="cancelled") == [], "it takes place after all"
    (told,) = await changes(rest, since=cursor, digest="true", kind="moved")
    assert [room["name"] for room in told["after"]["rooms"]] == ["U2"], "the outcome is told, whatever led to it"


@pytest.mark.parametrize(
    ("parameters", "status"),
    [({"since": "soon"}, 422), ({"limit": 0}, 422), ({"group": 99}, 404), ({"kind": "eaten"}, 422), ({"grup": 1}, 422)],
)
async def test_unusable_parameters_are_refused(rest, parameters, status) -> None:
    answer = await rest.get("/api/changes/", params=parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


WEEKS = ("2026-W47", "2026-W48")
SHOWN = st.tuples(
    st.sampled_from(WEEKS),
    st.integers(6, 18),
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["Algèbre", "Optique"]),
            "rooms": st.sampled_from([(), ("U1",), ("U1", "U2")]),
            "groups": st.sampled_from([(TDA1,), (TPA11,), (TDA1, TPA11)]),
        }
    ),
)
STATES = st.lists(st.dictionaries(st.sampled_from("abc"), SHOWN, max_size=3), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(states=STATES, cut=st.integers(0, 20))
async def test_applying_the_changes_since_any_cursor_to_the_lists_of_then_gives_the_lists_of_now(
    rest, states, cut
) -> None:
    await truncate(rest.engine)
    ingest = Ingest(rest.engine, PARIS)
    lists: dict[str, dict] = {"0": {}}
    for at, places in enumerate(states):
        for week in WEEKS:
            courses = [
                course(f"{name}:{week}", day_of(week, 1), hour, **fields)
                for name, (in_, hour, fields) in places.items()
                if in_ == week
            ]
            await ingest(observed(*courses, week=week, at=at))
        await ingest(read_to_the_end(at))
        cursor = (await rest.json("/api/changes/", params={"since": "latest"}))["next"]
        lists[cursor] = await listed(rest)
    cursor, then = list(lists.items())[cut % len(lists)]
    assert applied(then, await changes(rest, since=cursor)) == await listed(rest)
    for group in await rest.json("/api/groups/"):
        only = {"group": group["id"], "parents": "false"}
        of_group = {number: known for number, known in then.items() if group["id"] in known["groups"]}
        told = applied(of_group, await changes(rest, since=cursor, **only), group["id"])
        assert told == await listed(rest, **only)


def applied(then: dict[int, dict], told: list[dict], group: int | None = None) -> dict[int, dict]:
    """The list of all courses, or of one group's, after changes."""
    now = dict(then)
    for change in told:
        after = shown(change["after"])
        if change["after"]["cancelled"] or (group is not None and group not in after["groups"]):
            now.pop(change["course"], None)
        else:
            now[change["course"]] = after
    return now


async def listed(rest, **parameters) -> dict[int, dict]:
    return {one["id"]: shown(one) for one in await rest.json("/api/courses/", params=parameters)}


def shown(one: dict) -> dict:
    """What lists and changes both say of a course."""
    ids = {of: sorted(named["id"] for named in one[of] or ()) for of in ("groups", "rooms")}
    return {name: one[name] for name in ("name", "type", "notes", "begin", "end")} | ids


@pytest.fixture
async def served(migrated_database: str):
    """The application on a real port, since a stream has no end; gives a client and the application."""
    app = create_app(
        Settings(database_url=migrated_database, nats_url=f"nats://127.0.0.1:{loopback.free_port()}"), lambda: NOON
    )
    server = uvicorn.Server(
        uvicorn.Config(app, port=loopback.free_port(), log_config=None, timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.config.port}", timeout=10) as client:
        yield client, app
    server.should_exit = True
    await task


@asynccontextmanager
async def listening(client, **arguments):
    """The changes that a stream gives, as an iterator; it is open when the block begins."""
    async with aconnect_sse(client, "GET", "/api/changes/stream/", **arguments) as source_of_events:
        yield source_of_events.aiter_sse()


async def test_a_stream_gives_changes_as_they_are_committed(served) -> None:
    client, app = served
    ingest = Ingest(app.state.serving.engine, PARIS)
    await ingest(observed(course()))
    async with listening(client) as events:
        await ingest(observed(course(hour=9), at=1))
        event = await asyncio.wait_for(anext(events), 10)
    change = json.loads(event.data)
    assert (event.id, change["kind"]) == (str(change["id"]), "moved")


async def test_a_reader_who_comes_back_misses_nothing(served) -> None:
    client, app = served
    ingest = Ingest(app.state.serving.engine, PARIS)
    for at in range(4):
        await ingest(observed(course(hour=8 + at), at=at))
    async with listening(client, headers={"Last-Event-ID": "1"}) as events:
        await ingest(observed(course(hour=20), at=9))
        seen = [int((await asyncio.wait_for(anext(events), 10)).id) for _ in range(4)]
    assert seen == sorted(set(seen))
    assert len(seen) == 4


async def test_a_stream_is_filtered(served) -> None:
    client, app = served
    ingest = Ingest(app.state.serving.engine, PARIS)
    await ingest(observed(course(rooms=("U1",)), course("8:2026-11-16", rooms=("U2",))))
    async with listening(client, params={"room": 2}) as events:
        changed = (course(rooms=("U1",), hour=9), course("8:2026-11-16", rooms=("U2",), hour=9))
        await ingest(observed(*changed, at=1))
        event = await asyncio.wait_for(anext(events), 10)
    assert [room["name"] for room in json.loads(event.data)["after"]["rooms"]] == ["U2"]


async def test_a_stream_may_gather_and_tell_several_changes_of_a_course_as_one(served) -> None:
    client, app = served
    ingest = Ingest(app.state.serving.engine, PARIS)
    await ingest(observed(course()))
    async with listening(client, params={"digest_s": 1}) as events:
        for at, hour in enumerate((9, 10, 11), 1):
            await ingest(observed(course(hour=hour), at=at))
        event = await asyncio.wait_for(anext(events), 10)
    change = json.loads(event.data)
    assert (change["before"]["begin"], change["after"]["begin"]) == (
        "2026-11-17T09:00:00+01:00",
        "2026-11-17T12:00:00+01:00",
    )


async def test_a_reader_of_digests_who_comes_back_is_told_what_was_missed_as_one(served) -> None:
    client, app = served
    ingest = Ingest(app.state.serving.engine, PARIS)
    for at in range(4):
        await ingest(observed(course(hour=8 + at), at=at))
    async with listening(client, params={"digest": "true"}, headers={"Last-Event-ID": "1"}) as events:
        event = await asyncio.wait_for(anext(events), 10)
    assert (event.id, json.loads(event.data)["before"]["begin"]) == ("4", "2026-11-17T09:00:00+01:00")


async def test_a_stream_of_what_is_not_there_is_refused_before_it_begins(served) -> None:
    client, _ = served
    answer = await client.get("/api/changes/stream/", params={"group": 99})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_slow_reader_is_ended_and_others_are_not(monkeypatch) -> None:
    monkeypatch.setattr(journal_feed, "QUEUE_LENGTH", 2)
    slow, quick = journal_feed.Listener(0), journal_feed.Listener(0)
    for _ in range(3):
        slow.offer(journal_feed.Told(None))
        quick.offer(journal_feed.Told(None))
        assert await quick.next() is not None
    assert slow.ended
    assert await slow.next() is None
    assert not quick.ended


async def test_a_reader_who_stops_reading_is_closed_and_resumes_without_a_gap(served) -> None:
    client, app = served
    ingest = Ingest(app.state.serving.engine, PARIS)
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.setblocking(False)  # noqa: FBT003 - the socket module's own
    loop = asyncio.get_running_loop()
    await loop.sock_connect(slow, ("127.0.0.1", client.base_url.port))
    await loop.sock_sendall(slow, b"GET /api/changes/stream/ HTTP/1.1\r\nHost: api.test\r\n\r\n")
    received = bytearray()
    while b": changes" not in received:
        received += await asyncio.wait_for(loop.sock_recv(slow, 4096), 10)
    for at in range(12):
        much = (course(f"{number}:2026-11-16", hour=6 + at, notes="x" * 3000) for number in range(300))
        await ingest(observed(*much, at=at))
    last = int((await client.get("/api/changes/", params={"since": "latest"})).json()["next"])
    while not received.endswith(b"\r\n0\r\n\r\n"):
        received += await asyncio.wait_for(loop.sock_recv(slow, 2**20), 20)
    slow.close()
    seen = [int(line[4:]) for line in received.split(b"\n") if line.startswith(b"id: ")]
    assert seen[-1] < last
    async with listening(client, headers={"Last-Event-ID": str(seen[-1])}) as events:
        while seen[-1] < last:
            seen.append(int((await asyncio.wait_for(anext(events), 10)).id))
    assert seen == list(range(1, last + 1))


async def test_a_quiet_stream_is_kept_alive(served, monkeypatch) -> None:
    client, _ = served
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.05)
    async with client.stream("GET", "/api/changes/stream/") as answer:
        lines = answer.aiter_lines()
        comments = [line for line in [await asyncio.wait_for(anext(lines), 10) for _ in range(6)] if line]
    assert comments == [": changes", ": ping", ": ping"]


async def test_a_head_of_a_stream_ends_and_leaves_the_connection_to_the_next_request(served) -> None:
    client, app = served
    head = await client.head("/api/changes/stream/")
    assert (head.status_code, head.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    answer = await asyncio.wait_for(client.get("/api/groups/"), 5)
    assert answer.status_code == 200
    assert not app.state.journal_feed._listeners


async def test_streams_end_when_the_application_is_asked_to_stop(served) -> None:
    client, app = served
    async with listening(client) as events:
        app.state.ending.set()
        with pytest.raises(StopAsyncIteration):
            await asyncio.wait_for(anext(events), 5)
