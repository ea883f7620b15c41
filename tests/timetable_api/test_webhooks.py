"""Subscribers get every change, signed, in order, once in effect; what fails is tried for a day and can be replayed."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from carillon_kit.public_addresses import CheckedTransport
from carillon_kit.sealing import Sealer, new_key
from carillon_servers import eventually
from carillon_timetable_api.ingest import Ingest
from carillon_timetable_api.webhooks import sending, tokens
from http_proxy import running_proxy
from pydantic import SecretStr
from snapshots import NOON, course, observed
from sqlalchemy import text
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from upstream_server import upstream

PARIS = ZoneInfo("Europe/Paris")
KEYS = SecretStr(new_key())


class Subscriber:
    """The other side: takes messages over real requests, answers as it is told."""

    def __init__(self) -> None:
        self.messages: list[tuple[dict[str, str], bytes]] = []
        self.status = 204

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.messages.append((dict(request.headers), await request.aread()))
        return httpx.Response(self.status)

    def kinds(self) -> list[str]:
        bodies = [json.loads(body) for _, body in self.messages]
        return [change["kind"] for body in bodies for change in body["data"]["changes"]]


class World:
    """The application, a subscriber, and the hand that makes the sender work."""

    def __init__(self, rest, subscriber: Subscriber, http: httpx.AsyncClient, token: str) -> None:
        self.rest, self.subscriber = rest, subscriber
        self.client = rest.client
        self.headers = {"Authorization": f"Bearer {token}"}
        self.sending = sending.Sending(rest.engine, PARIS, Sealer(KEYS), http, lambda: rest.clock["now"])
        self.ingest = Ingest(rest.engine, PARIS)

    async def subscribe(self, **wanted) -> dict:
        answer = await self.client.post(
            "/api/webhooks/", json={"url": "https://app.test/hook"} | wanted, headers=self.headers
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def post(self, path: str) -> httpx.Response:
        return await self.client.post(path, headers=self.headers)

    async def get(self, path: str) -> list[dict]:
        return (await self.client.get(path, headers=self.headers)).json()

    async def send(self, **later) -> None:
        self.rest.clock["now"] += timedelta(**later)
        await sending.send_due(self.sending)


@pytest.fixture
async def world(open_rest, monkeypatch):
    monkeypatch.setattr("carillon_timetable_api.app.send_webhooks", idle)
    async with open_rest(secret_keys=KEYS) as rest:
        rest.clock["now"] = NOON
        async with rest.engine.begin() as connection:
            token = await tokens.create(connection, "app", NOON)
        subscriber = Subscriber()
        async with httpx.AsyncClient(transport=httpx.MockTransport(subscriber)) as http:
            yield World(rest, subscriber, http, token)


async def idle(*_, **__) -> None:
    """In place of the sender that runs beside the application: tests say when it works."""


async def test_a_change_is_sent_and_its_signature_is_right(world) -> None:
    subscription = await world.subscribe()
    await world.ingest(observed(course()))
    await world.send()
    ((headers, body),) = world.subscriber.messages
    message = Webhook(subscription["secret"])
    timestamp = str(int(NOON.timestamp()))
    assert headers["webhook-timestamp"] == timestamp
    signed = message.sign(headers["webhook-id"], NOON, body.decode())
    assert headers["webhook-signature"] == signed
    assert json.loads(body)["type"] == "courses.changed"
    assert world.subscriber.kinds() == ["added"]


async def test_another_s_signature_is_refused_by_the_library(world) -> None:
    subscription = await world.subscribe()
    world.rest.clock["now"] = now_for_the_library()
    await world.ingest(observed(course()))
    await world.send()
    ((headers, body),) = world.subscriber.messages
    assert Webhook(subscription["secret"]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(subscription["secret"]).verify(body + b" ", headers)


def now_for_the_library() -> datetime:
    """The library that verifies reads the clock itself."""
    return datetime.now(UTC)


async def test_only_what_is_wanted_is_sent_and_only_from_the_subscription_on(world) -> None:
    await world.ingest(observed(course(rooms=("U1",))))
    await world.subscribe(filter={"kind": ["room"]})
    await world.ingest(observed(course(rooms=("U1",), hour=9), at=1))
    await world.ingest(observed(course(rooms=("U2",), hour=9), at=2))
    await world.send()
    assert world.subscriber.kinds() == ["room"]


async def test_nothing_overtakes_a_message_that_fails(world) -> None:
    await world.subscribe()
    world.subscriber.status = 500
    await world.ingest(observed(course()))
    await world.send()
    await world.ingest(observed(course(hour=9), at=1))
    await world.send()
    assert world.subscriber.kinds() == ["added"]
    world.subscriber.status = 200
    await world.send(seconds=6)
    assert world.subscriber.kinds() == ["added", "added", "moved"]
    first, again = world.subscriber.messages[:2]
    assert first[0]["webhook-id"] == again[0]["webhook-id"]
    assert first[1] == again[1]


async def test_after_a_day_of_tries_a_message_has_failed_and_can_be_replayed(world) -> None:
    subscription = await world.subscribe()
    path = f"/api/webhooks/{subscription['id']}"
    world.subscriber.status = 503
    await world.ingest(observed(course()))
    await world.send()
    for pause in sending.RETRY_AFTER:
        await world.send(seconds=pause.total_seconds())
    assert timedelta(days=1) <= sum(sending.RETRY_AFTER, timedelta()) <= timedelta(days=1.5)
    (failed,) = await world.get(f"{path}/deliveries/?state=failed")
    assert (failed["attempts"], failed["last_status"], failed["last_error"]) == (11, 503, "answered 503")
    await world.ingest(observed(course(hour=9), at=1))
    world.subscriber.status = 200
    world.subscriber.messages.clear()
    await world.send()
    assert world.subscriber.kinds() == ["moved"], "a message that was given up holds nothing up"
    assert (await world.post(f"{path}/deliveries/{failed['id']}/replay/")).status_code == 202
    await world.send()
    assert world.subscriber.kinds() == ["moved", "added"]
    assert await world.get(f"{path}/deliveries/?state=failed") == []


async def test_a_digest_gathers_and_tells_the_outcome_only(world) -> None:
    await world.subscribe(digest_s=600)
    for at, hour in enumerate((8, 9, 10)):
        await world.ingest(observed(course(hour=hour), at=at))
        await world.send(minutes=1)
    assert world.subscriber.messages == []
    await world.send(minutes=10)
    assert world.subscriber.kinds() == ["added"]


async def test_while_a_secret_is_replaced_both_sign(world) -> None:
    subscription = await world.subscribe()
    rotated = (await world.post(f"/api/webhooks/{subscription['id']}/rotate-secret/")).json()
    assert rotated["secret"] != subscription["secret"]
    world.rest.clock["now"] = now_for_the_library()
    await world.ingest(observed(course()))
    await world.send()
    ((headers, body),) = world.subscriber.messages
    for secret in (rotated["secret"], subscription["secret"]):
        assert Webhook(secret).verify(body, headers)


async def test_a_test_message_can_be_asked_for(world) -> None:
    subscription = await world.subscribe()
    await world.post(f"/api/webhooks/{subscription['id']}/test/")
    await world.send()
    assert json.loads(world.subscriber.messages[0][1])["type"] == "webhook.test"


async def test_without_a_token_or_with_another_s_nothing_is_shown(world) -> None:
    subscription = await world.subscribe()
    assert (await world.client.get("/api/webhooks/")).status_code == 401
    async with world.rest.engine.begin() as connection:
        other = await tokens.create(connection, "other", NOON)
    headers = {"Authorization": f"Bearer {other}"}
    for path in ("", "deliveries/"):
        answer = await world.client.get(f"/api/webhooks/{subscription['id']}/{path}", headers=headers)
        assert answer.status_code == 404
    assert (await world.client.get("/api/webhooks/", headers=headers)).json() == []


async def test_neither_tokens_nor_secrets_lie_in_the_database(world) -> None:
    subscription = await world.subscribe()
    async with world.rest.engine.connect() as connection:
        rows = (await connection.execute(text("select * from webhook_subscription cross join api_token"))).all()
    stored = str(rows)
    assert subscription["secret"].removeprefix("whsec_") not in stored
    assert world.headers["Authorization"].removeprefix("Bearer ") not in stored


@pytest.mark.parametrize("host", ["127.0.0.1:1", "2130706433", "0x7f.1", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]"])
async def test_a_private_address_is_refused_at_once(world, host) -> None:
    wanted = {"url": f"http://{host}/hook"}
    answer = await world.client.post("/api/webhooks/", json=wanted, headers=world.headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/url")


async def test_an_address_with_a_password_is_refused_since_it_would_be_kept_in_clear(world) -> None:
    wanted = {"url": "https://me:secret@app.test/hook"}
    answer = await world.client.post("/api/webhooks/", json=wanted, headers=world.headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/url")
    assert "secret" not in answer.text


async def test_a_name_that_leads_to_a_private_address_is_refused_when_it_is_called(world) -> None:
    await world.subscribe(url="http://localhost:1/hook")
    await world.ingest(observed(course()))
    async with httpx.AsyncClient(transport=CheckedTransport(None, allow_private=False)) as http:
        await sending.send_due(sending.Sending(world.rest.engine, PARIS, Sealer(KEYS), http, lambda: NOON))
    subscriptions = await world.get("/api/webhooks/")
    (delivery,) = await world.get(f"/api/webhooks/{subscriptions[0]['id']}/deliveries/")
    assert "private address" in delivery["last_error"]


async def test_a_subscriber_who_answers_byte_by_byte_is_given_up_in_time(world, monkeypatch) -> None:
    async def forever(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(3600)
        raise AssertionError

    monkeypatch.setattr(sending, "_TIMEOUT_S", 0.05)
    subscription = await world.subscribe()
    await world.ingest(observed(course()))
    async with httpx.AsyncClient(transport=httpx.MockTransport(forever)) as http:
        await sending.send_due(replace(world.sending, http=http))
    (delivery,) = await world.get(f"/api/webhooks/{subscription['id']}/deliveries/")
    assert (delivery["state"], delivery["attempts"], delivery["last_status"]) == ("waiting", 1, None)
    assert delivery["last_error"].startswith("no answer within")


async def test_finished_messages_are_forgotten_after_a_month(world) -> None:
    subscription = await world.subscribe()
    deliveries = f"/api/webhooks/{subscription['id']}/deliveries/"
    for days in (0, 29, 2):
        await world.post(f"/api/webhooks/{subscription['id']}/test/")
        await world.send(days=days)
    assert [delivery["state"] for delivery in await world.get(deliveries)] == ["delivered"] * 3
    await world.post(f"/api/webhooks/{subscription['id']}/test/")
    assert [delivery["state"] for delivery in await world.get(deliveries)] == ["waiting", "delivered", "delivered"]


async def test_unsubscribing_ends_it(world) -> None:
    subscription = await world.subscribe()
    await world.ingest(observed(course()))
    answer = await world.client.delete(f"/api/webhooks/{subscription['id']}/", headers=world.headers)
    assert answer.status_code == 204
    await world.send()
    assert world.subscriber.messages == []


async def test_without_keys_webhooks_are_off_and_say_so(rest) -> None:
    async with rest.engine.begin() as connection:
        token = await tokens.create(connection, "app", NOON)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    answer = await rest.client.post("/api/webhooks/", json={"url": "https://app.test/"}, headers=headers)
    assert answer.status_code == 503
    assert "CARILLON_SECRET_KEYS" in answer.json()["detail"]


async def test_behind_a_proxy_subscribers_are_reached_through_it(open_rest) -> None:
    async with upstream() as subscriber, running_proxy({"app.test": subscriber.url.removeprefix("http://")}) as proxy:
        subscriber.serve("/hook", b"", status=204)
        behind = {"http_proxy": f"http://{proxy.address}", "allow_private_addresses": True}
        async with open_rest(secret_keys=KEYS, **behind) as rest:
            async with rest.engine.begin() as connection:
                token = await tokens.create(connection, "app", datetime.now(UTC))
            headers = {"Authorization": f"Bearer {token}"}
            made = await rest.client.post("/api/webhooks/", json={"url": "http://app.test/hook"}, headers=headers)
            assert (await rest.client.post(f"/api/webhooks/{made.json()['id']}/test/", headers=headers)).is_success
            await eventually(lambda: subscriber.requests)
    assert proxy.asked == [("http", "app.test")]
    assert subscriber.requests[0].headers["host"] == "app.test"
