"""A session survives its gateway, is used by one replica at a time, and ends everywhere."""

import asyncio
import signal
from contextlib import ExitStack

import httpx
import nats
import psutil
import pytest
from carillon_kit.sealing import new_key
from carillon_local import loopback
from carillon_servers import eventually, running_nats
from pronote_gateways import KEYS, started_gateway
from pydantic import SecretStr

ERA = "2025.2.8"
NAME = '{ user { name } timetable(from: "2026-11-16", to: "2026-11-21") { subject } }'


async def works(caller, token: str) -> bool:
    answer = await caller.ask(token, NAME)
    assert answer.status_code in (200, 401), answer.text
    return answer.status_code == 200 and bool((answer.json()["data"] or {}).get("timetable"))


async def test_a_session_survives_a_restart(gateway, pronote):
    async with gateway() as before:
        token = await before.sign_in(pronote.root(ERA))
        assert await works(before, token)
    signed_in = pronote.control(ERA, "/counters")["sign-ins"]
    async with gateway() as after:
        assert await works(after, token)
    assert pronote.control(ERA, "/counters")["sign-ins"] == signed_in


@pytest.mark.parametrize("era", ["2022", "2023", "2024.3.9", "2026.2.4", "2026.2.5"])
async def test_a_session_of_every_era_survives_a_restart(era, gateway, pronote):
    async with gateway() as before:
        token = await before.sign_in(pronote.root(era))
    async with gateway() as after:
        assert await works(after, token)


async def test_a_session_survives_the_crash_of_its_replica(nats_url, pronote, tmp_path):
    body = {"url": pronote.root(ERA), "username": "demonstration", "password": "pronotevs"}
    with started_gateway(tmp_path, nats_url, session_lease_s="1") as (url, process):
        async with httpx.AsyncClient(base_url=url, timeout=30) as http:
            token = (await http.post("/auth/login", json=body)).json()["token"]
            assert (await http.post("/graphql", json={"query": NAME}, headers={"Token": token})).status_code == 200
        process.send_signal(signal.SIGKILL)
        process.wait()
    with started_gateway(tmp_path, nats_url, session_lease_s="1") as (url, _):
        async with httpx.AsyncClient(base_url=url, timeout=30) as http:
            answer = await http.post("/graphql", json={"query": NAME}, headers={"Token": token})
    assert answer.json()["data"]["timetable"], answer.text


async def test_two_replicas_take_turns_with_one_session(gateway, pronote):
    """Requests come to both at once; Pronote would end a session whose numbers are used twice."""
    async with gateway() as one, gateway() as other:
        token = await one.sign_in(pronote.root(ERA))
        signed_in = pronote.control(ERA, "/counters")["sign-ins"]
        for _ in range(3):
            done = await asyncio.gather(*(works(caller, token) for caller in (one, other) * 4))
            assert all(done)
        assert pronote.control(ERA, "/counters")["sign-ins"] == signed_in


async def test_logging_out_at_one_replica_ends_the_session_at_the_other(gateway, pronote):
    async with gateway() as one, gateway() as other:
        token = await one.sign_in(pronote.root(ERA))
        open_sessions = pronote.control(ERA, "/counters")["open-sessions"]
        assert (await other.http.post("/auth/logout", headers={"Token": token})).json() == {"success": True}
        assert not await works(one, token)
        assert not await works(other, token)
        assert pronote.control(ERA, "/counters")["open-sessions"] == open_sessions - 1


async def test_the_logout_mutation_ends_the_session_too(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        assert (await caller.ask(token, "mutation { logout }")).json() == {"data": {"logout": True}}
        assert not await works(caller, token)


async def test_expiry_in_the_midst_of_ten_queries_signs_in_again_once(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA), remember=True)
        signed_in = pronote.control(ERA, "/counters")["sign-ins"]
        pronote.control(ERA, "/sessions", method="DELETE")
        assert all(await asyncio.gather(*(works(caller, token) for _ in range(10))))
        assert pronote.control(ERA, "/counters")["sign-ins"] == signed_in + 1
    async with gateway() as later:  # the new Pronote session was kept
        assert await works(later, token)
        assert pronote.control(ERA, "/counters")["sign-ins"] == signed_in + 1


async def test_without_consent_an_expired_session_is_told_and_not_renewed(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        signed_in = pronote.control(ERA, "/counters")["sign-ins"]
        pronote.control(ERA, "/sessions", method="DELETE")
        answer = (await caller.ask(token, '{ marks(period: "Trimestre 1") { averages { student } } }')).json()
        assert answer["errors"][0]["extensions"]["code"] == 5
        assert pronote.control(ERA, "/counters")["sign-ins"] == signed_in


async def test_the_bucket_holds_no_password_token_or_key(own_nats_url, gateway, pronote):
    async with gateway(own_nats_url) as caller:
        token = await caller.sign_in(pronote.root(ERA), remember=True)
        assert await works(caller, token)
        (held,) = (caller.app.state.gateway.sessions.live._held).values()
        secrets = [held.remembered.token.get_secret_value(), held.session.channel.state.key.hex(), token]
        secrets += [
            "pronotevs",
            "demonstration",
            "Gaspard",
            *(each.value for each in held.session.channel.http.cookies.jar),
        ]
    client = await nats.connect(own_nats_url)
    js = client.jetstream()
    stored = b""
    for name in await js.streams_info():
        state = name.state
        for sequence in range(max(1, state.first_seq), state.last_seq + 1):
            try:
                message = await js.get_msg(name.config.name, sequence)
            except nats.js.errors.NotFoundError:
                continue
            stored += (message.subject or "").encode() + (message.data or b"")
    await client.close()
    assert b"sealed" in stored
    assert [secret for secret in secrets if len(secret) > 5 and secret.encode() in stored] == []


async def test_keys_can_be_changed_without_losing_sessions(gateway, pronote):
    async with gateway() as before:
        token = await before.sign_in(pronote.root(ERA))
    async with gateway(secret_keys=SecretStr(f"{new_key()},{KEYS}")) as rotated:
        assert await works(rotated, token)
    async with gateway(secret_keys=SecretStr(new_key())) as foreign:
        assert not await works(foreign, token)


async def test_without_keys_sessions_work_until_the_restart(gateway, pronote):
    async with gateway(secret_keys=None) as before:
        token = await before.sign_in(pronote.root(ERA))
        assert await works(before, token)
    async with gateway(secret_keys=None) as after:
        assert not await works(after, token)


async def test_an_idle_session_ends_by_itself_also_at_pronote(own_nats_url, gateway, pronote):
    async with gateway(own_nats_url, session_idle_s=0.5, session_sweep_s=0.1, session_lease_s=0.3) as caller:
        token = await caller.sign_in(pronote.root(ERA))
        live = caller.app.state.gateway.sessions.live
        await eventually(lambda: not len(live))
        assert not await works(caller, token)


async def test_a_session_is_kept_alive_and_not_ended_while_that_is_wanted(own_nats_url, gateway, pronote):
    quick = {"session_idle_s": 0.6, "session_keep_alive_s": 0.2, "session_sweep_s": 0.1, "session_lease_s": 0.3}
    async with gateway(own_nats_url, **quick) as caller:
        token = await caller.sign_in(pronote.root(ERA))
        assert (await caller.ask(token, "mutation { setKeepAlive(enabled: true) }")).json()["data"]["setKeepAlive"]
        before = pronote.control(ERA, "/counters").get("call:Navigation", 0)
        await eventually(lambda: pronote.control(ERA, "/counters").get("call:Navigation", 0) >= before + 5)
        assert await works(caller, token)
        await caller.ask(token, "mutation { setKeepAlive(enabled: false) }")
        await eventually(lambda: not len(caller.app.state.gateway.sessions.live))


async def test_another_replica_keeps_alive_the_sessions_of_one_that_went(own_nats_url, gateway, pronote):
    quick = {"session_keep_alive_s": 0.2, "session_sweep_s": 0.1, "session_lease_s": 0.3}
    async with gateway(own_nats_url, **quick) as first:
        token = await first.sign_in(pronote.root(ERA))
        await first.ask(token, "mutation { setKeepAlive(enabled: true) }")
    before = pronote.control(ERA, "/counters").get("call:Navigation", 0)
    async with gateway(own_nats_url, **quick):
        await eventually(lambda: pronote.control(ERA, "/counters").get("call:Navigation", 0) >= before + 3)


async def test_an_unused_session_leaves_the_memory_and_comes_back(own_nats_url, gateway, pronote):
    async with gateway(own_nats_url, session_park_s=0.2, session_sweep_s=0.1) as caller:
        token = await caller.sign_in(pronote.root(ERA))
        await eventually(lambda: not len(caller.app.state.gateway.sessions.live))
        assert await works(caller, token)


async def test_a_further_sign_in_ends_the_oldest_session_of_the_user(own_nats_url, gateway, pronote):
    async with gateway(own_nats_url, sessions_per_user=2) as caller:
        tokens = [await caller.sign_in(pronote.root(ERA)) for _ in range(3)]
        assert [await works(caller, token) for token in tokens] == [False, True, True]


@pytest.mark.parametrize("limit", ["sessions_per_host", "sessions_in_all"])
async def test_no_more_sessions_than_allowed(limit, own_nats_url, gateway, pronote):
    async with gateway(own_nats_url, **{limit: 1}) as caller:
        await caller.sign_in(pronote.root(ERA))
        body = {"url": pronote.root(ERA), "username": "demonstration", "password": "pronotevs"}
        assert (await caller.http.post("/auth/login", json=body)).status_code == 503
        answer = await caller.http.post("/pronote/v1/session", json=body)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/too-many-sessions")


async def test_a_password_is_not_kept_in_memory(gateway, pronote):
    async with gateway() as caller:
        await caller.sign_in(pronote.root(ERA))
        live = caller.app.state.gateway.sessions.live
        assert all(held.session.opened.again is None for held in live._held.values())


async def test_users_cannot_reach_each_other(gateway, pronote):
    async with gateway() as caller:
        pupil = await caller.sign_in(pronote.root(ERA))
        parent = await caller.sign_in(pronote.root(ERA), "parent")
        assert pupil != parent
        assert len(pupil) >= 43  # 256 bits in base64
        names = [(await caller.ask(token, "{ me { name account } }")).json()["data"]["me"] for token in (pupil, parent)]
        assert [each["account"] for each in names] == ["student", "parent"]
        assert names[0]["name"] != names[1]["name"]
        flipped = ("A" if pupil[-2] != "A" else "B").join((pupil[:-2], pupil[-1]))
        for forged in (flipped, pupil[:-1], pupil + "A", "", "x" * 43, parent[:20] + pupil[20:]):
            assert (await caller.ask(forged, "{ me { name } }")).status_code == 401
            assert (await caller.read(forged, "/session")).status_code == 401
        feed = (await caller.send("POST", pupil, "/calendar-feeds")).json()["url"]
        stolen = await caller.http.delete(feed, headers={"Authorization": f"Bearer {parent}"})
        assert stolen.status_code == 404
        assert (await caller.http.get(feed)).status_code == 200


async def test_a_write_that_an_outage_held_up_loses_no_session(gateway, pronote):
    async with gateway() as caller:
        token = await caller.sign_in(pronote.root(ERA))
        live = caller.app.state.gateway.sessions.live
        (held,) = live._held.values()
        earlier, revision = held.place, held.place_revision
        assert await works(caller, token)
        # It had been given up; it arrives after all, and nobody knows of its revision.
        await live._store.write_place(held.digest, earlier, held.place_revision)
        assert held.place_revision > revision
        assert await works(caller, token)
        assert live._held[held.digest] is held
        await live._store.write_place(held.digest, earlier, held.place_revision)
    async with gateway() as later:
        assert await works(later, token)


async def test_an_outage_of_nats_is_told_and_over_when_it_is_over(gateway, pronote, tmp_path):
    port = loopback.free_port()
    with running_nats(tmp_path, port) as url:
        async with gateway(url, session_lease_s=0.5, session_sweep_s=0.1) as caller:
            token = await caller.sign_in(pronote.root(ERA))
            assert await works(caller, token)
            with ExitStack() as later:
                process = next(each for each in psutil.Process().children() if str(port) in each.cmdline())
                process.kill()
                process.wait()
                asked, read = await asyncio.gather(caller.ask(token, NAME), caller.read(token, "/session"))
                assert asked.status_code == 503
                assert read.json()["type"] == "/problems/sessions-unavailable"
                later.enter_context(running_nats(tmp_path, port))

                async def again():
                    answer = await caller.ask(token, NAME)
                    return answer.status_code == 200 and bool((answer.json()["data"] or {}).get("timetable"))

                await eventually(again)
