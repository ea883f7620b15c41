"""Sign in over REST as Pronote's mobile application does: with a QR code, then with one token after the other."""

import pytest
from carillon_pronote import AccountKind, Pronote, pages

ERA = "2025.2.8"
PIN = "2468"


@pytest.fixture
def qr_code(pronote):
    """Makes QR codes, as a person does on Pronote's page."""

    async def make(account: AccountKind = AccountKind.PUPIL) -> dict:
        async with Pronote() as client:
            session = await client.sign_in(pronote.root(ERA), "demonstration", "pronotevs", account)
            return await pages.qr_codes.create_qr_code(session, PIN)

    return make


async def scan(caller, code, pin=PIN, **wishes):
    body = {"code": code, "code_pin": pin, **wishes}
    return await caller.http.post("/pronote/v1/session/qr-code", json=body)


async def use(caller, pronote, kept, **wishes):
    body = {"url": pronote.root(ERA), **kept, **wishes}
    return await caller.http.post("/pronote/v1/session/token", json=body)


async def test_a_code_gives_a_token_and_each_token_the_next_one(gateway, pronote, qr_code):
    async with gateway() as caller:
        answers = [await scan(caller, await qr_code())]
        for _ in range(2):
            answers.append(await use(caller, pronote, answers[-1].json()["next"]))
        assert [answer.status_code for answer in answers] == [201, 201, 201]
        for answer in answers:
            assert (await caller.read(answer.json()["token"], "/homework")).status_code == 200
        given = [answer.json()["next"] for answer in answers]
        assert len({one["token"] for one in given}) == 3
        assert len({one["device"]["identifier"] for one in given}) == 1
        used = await use(caller, pronote, given[0])
        assert (used.status_code, used.json()["type"]) == (401, "/problems/wrong-credentials")
        assert given[0]["token"] not in used.text


async def test_a_token_is_of_use_to_its_device_alone(gateway, pronote, qr_code):
    async with gateway() as caller:
        given = (await scan(caller, await qr_code(), device={"identifier": "a phone"})).json()["next"]
        assert given["device"]["identifier"] == "a phone"
        other = await use(caller, pronote, given | {"device": {"identifier": "another"}})
        assert (other.status_code, other.json()["code"]) == (401, 3)


@pytest.mark.parametrize("way", ["qr-code", "token"])
async def test_a_remembered_token_is_the_gateways_to_use(gateway, pronote, qr_code, way):
    async with gateway() as caller:
        begun = await scan(caller, await qr_code(), remember=way == "qr-code")
        if way == "token":
            begun = await use(caller, pronote, begun.json()["next"], remember=True)
        assert begun.json()["next"] is None
        token = begun.json()["token"]
        assert (await caller.read(token, "/session")).json()["remembered"]
        pronote.control(ERA, "/sessions", method="DELETE")
        assert (await caller.read(token, "/homework")).status_code == 200


async def test_what_the_caller_keeps_is_not_kept_here(gateway, pronote, qr_code):
    async with gateway() as caller:
        token = (await scan(caller, await qr_code())).json()["token"]
        assert not (await caller.read(token, "/session")).json()["remembered"]
        pronote.control(ERA, "/sessions", method="DELETE")
        assert (await caller.read(token, "/homework")).status_code == 401


async def test_a_wrong_pin_is_told_without_asking_the_school(gateway, pronote, qr_code):
    async with gateway() as caller:
        code, signed_in = await qr_code(), pronote.control(ERA, "/counters")["sign-ins"]
        wrong = await scan(caller, code, "1357")
        assert (wrong.status_code, wrong.json()["type"]) == (403, "/problems/wrong-pin")
        assert "1357" not in wrong.text
        assert pronote.control(ERA, "/counters")["sign-ins"] == signed_in
        assert (await scan(caller, code)).status_code == 201
        assert (await scan(caller, code)).status_code == 401  # a code is good for once


async def test_the_code_says_whose_account_it_is(gateway, qr_code):
    async with gateway() as caller:
        token = (await scan(caller, await qr_code(AccountKind.PARENT))).json()["token"]
        me = (await caller.read(token, "/session")).json()
        assert (me["account"], len(me["students"]) > 0) == ("parent", True)


async def test_an_account_is_one_however_it_signs_in(gateway, pronote, qr_code):
    async with gateway(sessions_per_user=1) as caller:
        first = await caller.sign_in(pronote.root(ERA))
        by_code = (await scan(caller, await qr_code())).json()
        by_token = (await use(caller, pronote, by_code["next"])).json()
        statuses = [
            (await caller.read(token, "/session")).status_code for token in (first, by_code["token"], by_token["token"])
        ]
        assert statuses == [401, 401, 200]


async def test_a_codes_school_is_checked_like_any_other(gateway, qr_code):
    async with gateway(allow_private_addresses=False) as caller:
        refused = await scan(caller, await qr_code())
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/forbidden-address")
