"""What goes wrong with one session, or one school, touches no other; what ended leaves nothing behind."""

import asyncio
from zoneinfo import ZoneInfo

import nats
from carillon_pronote_gateway.sessions import lease
from carillon_pronote_gateway.sessions.errors import StoreUnavailableError
from carillon_pronote_gateway.sessions.store import MOST_FEEDS, STREAM, SessionStore
from carillon_servers import eventually

ERA, OTHER_ERA = "2025.2.8", "2024.3.9"
KEEP_ALIVE = "mutation { setKeepAlive(enabled: true) }"
WEEK = '{ timetable(from: "2026-11-16", to: "2026-11-21") { subject } }'
QUICK = {"session_keep_alive_s": 0.2, "session_sweep_s": 0.1, "session_lease_s": 0.3}


async def shows_the_week(caller, token: str) -> bool:
    return bool(((await caller.ask(token, WEEK)).json()["data"] or {}).get("timetable"))


def grows(pronote, era: str, by: int):
    """Tells whether sessions of an era were kept alive so often from now on."""
    before = pronote.control(era, "/counters").get("call:Navigation", 0)
    return lambda: pronote.control(era, "/counters").get("call:Navigation", 0) >= before + by


async def test_forged_tokens_leave_nothing_in_memory(gateway):
    async with gateway() as caller:
        for number in range(50):
            assert (await caller.ask(f"forged {number}", "{ me { name } }")).status_code == 401
            await caller.http.post("/auth/logout", headers={"Token": f"forged {number}"})
        assert len(caller.app.state.gateway.sessions.live._locks) == 0


async def test_a_session_that_was_taken_away_while_it_was_kept_alive_ends_no_other_s_care(
    own_nats_url, gateway, pronote
):
    async with gateway(own_nats_url, **QUICK) as caller:
        sessions = caller.app.state.gateway.sessions
        await caller.ask(await caller.sign_in(pronote.root(ERA)), KEEP_ALIVE)
        ((digest, _),) = sessions.census.all()
        record, revision = await sessions.store.record(digest)
        await sessions.store.write_record(digest, record, revision)  # by somebody else
        pronote.control(ERA, "/sessions", method="DELETE")  # so that keeping alive fails, and this is to be written

        async def is_given_up() -> bool:
            return not (await sessions.store.record(digest))[0].kept_alive

        await eventually(is_given_up)
        await caller.ask(await caller.sign_in(pronote.root(ERA)), KEEP_ALIVE)
        await eventually(grows(pronote, ERA, 2))


async def test_a_school_that_does_not_answer_delays_no_other_school_s_sessions(own_nats_url, gateway, pronote):
    async with gateway(own_nats_url, **QUICK) as caller:
        slow = {"fault": "slow", "times": 0, "function": "Navigation", "seconds": 60}
        pronote.control(ERA, "/faults", method="POST", body=slow)
        try:
            await caller.ask(await caller.sign_in(pronote.root(ERA).replace("127.0.0.1", "localhost")), KEEP_ALIVE)
            await caller.ask(await caller.sign_in(pronote.root(OTHER_ERA)), KEEP_ALIVE)
            await eventually(grows(pronote, OTHER_ERA, 3))
        finally:
            pronote.control(ERA, "/faults", method="DELETE")


async def test_a_session_is_not_taken_from_a_request_that_takes_longer_than_a_lease(gateway, pronote, monkeypatch):
    monkeypatch.setattr(lease, "HANDOVER_TIMEOUT_S", 0.2)
    async with gateway(session_lease_s=0.3) as one, gateway(session_lease_s=0.3) as other:
        token = await one.sign_in(pronote.root(ERA))
        slow = {"fault": "slow", "function": "PageEmploiDuTemps", "seconds": 1}
        pronote.control(ERA, "/faults", method="POST", body=slow)
        first = asyncio.create_task(shows_the_week(one, token))
        await eventually(lambda: not pronote.control(ERA, "/faults"))  # it has struck
        assert (await other.ask(token, WEEK)).status_code == 503
        assert await first
        assert await shows_the_week(other, token)


async def test_a_session_that_cannot_be_kept_is_ended_at_pronote(gateway, pronote, monkeypatch):
    async def away(*_told) -> int:
        raise StoreUnavailableError

    async with gateway() as caller:
        open_before = pronote.control(ERA, "/counters")["open-sessions"]
        monkeypatch.setattr(SessionStore, "write_place", away)
        body = {"url": pronote.root(ERA), "username": "demonstration", "password": "pronotevs"}
        assert (await caller.http.post("/auth/login", json=body)).status_code == 503
        assert pronote.control(ERA, "/counters")["open-sessions"] == open_before


async def test_times_are_those_of_the_school_s_zone(gateway, pronote):
    async with gateway(timezone=ZoneInfo("Indian/Reunion")) as caller:
        token = await caller.sign_in(pronote.root(ERA))
        lessons = (await caller.read(token, "/timetable", **{"from": "2026-11-16"})).json()
        assert {lesson["start"][-6:] for lesson in lessons} == {"+04:00"}


async def messages(url: str) -> int:
    client = await nats.connect(url)
    try:
        return (await client.jetstream().stream_info(STREAM)).state.messages
    finally:
        await client.close()


async def test_nothing_is_left_of_sessions_that_ended(own_nats_url, gateway, pronote):
    async with gateway(own_nats_url) as caller:
        for path in ("/auth/logout", "/pronote/v1/session"):
            token = await caller.sign_in(pronote.root(ERA))
            feed = (await caller.send("POST", token, "/calendar-feeds")).json()["url"]
            if path == "/auth/logout":
                await caller.http.post(path, headers={"Token": token})
            else:
                await caller.send("DELETE", token, "/session")
            assert (await caller.http.get(feed)).status_code == 404
            assert (await caller.read(token, "/session")).status_code == 401
        assert await messages(own_nats_url) == 0


async def test_nothing_is_left_of_idle_sessions(own_nats_url, gateway, pronote):
    async with gateway(own_nats_url, session_idle_s=0.5, session_sweep_s=0.1, session_lease_s=0.3) as caller:
        await caller.sign_in(pronote.root(ERA))
        await eventually(lambda: not len(caller.app.state.gateway.sessions.live))

        async def is_empty() -> bool:
            return await messages(own_nats_url) == 0

        await eventually(is_empty)


async def test_one_session_has_so_many_feeds(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        made = [(await caller.send("POST", token, "/calendar-feeds")).json()["url"] for _ in range(MOST_FEEDS + 1)]
        assert [(await caller.http.get(url)).status_code for url in (made[0], made[1], made[-1])] == [404, 200, 200]
        for odd in ("x", "*." + "x" * 43, "a" * 64, "a" * 64 + ".*", "a" * 64 + ".>"):
            assert (await caller.http.get(f"/pronote/v1/calendar-feeds/{odd}")).status_code == 404
