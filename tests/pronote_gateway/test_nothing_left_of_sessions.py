"""What ended leaves nothing behind in the bucket, which every sweep of every replica reads."""

import nats
from carillon_pronote_gateway.sessions.store import MOST_FEEDS, STREAM
from carillon_servers import eventually

ERA = "2025.2.8"


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
            assert (await caller.http.get(feed)).status_code == 200
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
