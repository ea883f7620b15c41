"""Accounts with two-factor authentication: the PIN is given with the password, or asked for."""

import pytest

ERA = "2025.2.8"


@pytest.fixture
def login(pronote):
    """What to sign in with, at a school that asks this pupil for the PIN 4321."""
    pronote.control(ERA, "/faults", method="POST", body={"fault": "two-factor", "pin": "4321"})
    yield {"url": pronote.root(ERA), "username": "demonstration", "password": "pronotevs"}
    pronote.control(ERA, "/faults", method="DELETE")


async def test_with_the_pin_a_session_begins_by_either_way(gateway, login):
    async with gateway() as caller:
        login |= {"pin": "4321"}
        seeds = await caller.http.post("/auth/login", json=login)
        rest = await caller.http.post("/pronote/v1/session", json=login)
        assert (seeds.status_code, rest.status_code) == (200, 201)
        for answer in (seeds, rest):
            assert (await caller.read(answer.json()["token"], "/homework")).status_code == 200


@pytest.mark.parametrize(
    ("given", "code", "problem"),
    [({}, 104, "/problems/two-factor-needed"), ({"pin": "9876"}, 105, "/problems/wrong-pin")],
)
async def test_without_the_right_pin_it_is_asked_for(given, code, problem, gateway, login):
    async with gateway() as caller:
        open_before = len(caller.app.state.gateway.sessions.live)
        answer = await caller.http.post("/pronote/v1/session", json=login | given, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json()["type"], answer.json()["code"]) == (403, problem, code)
        assert "PIN" in answer.json()["title"]
        assert "9876" not in answer.text
        answer = await caller.http.post("/auth/login", json=login | given)
        assert (answer.status_code, answer.json()["code"]) == (500, code)
        assert "PIN" in answer.json()["message"]
        assert len(caller.app.state.gateway.sessions.live) == open_before


async def test_a_remembered_session_is_renewed_without_the_pin(gateway, pronote, login):
    async with gateway() as caller:
        body = login | {"pin": "4321", "remember": True}
        token = (await caller.http.post("/pronote/v1/session", json=body)).json()["token"]
        signed_in = pronote.control(ERA, "/counters")["sign-ins"]
        pronote.control(ERA, "/sessions", method="DELETE")
        assert (await caller.read(token, "/homework")).status_code == 200
        assert pronote.control(ERA, "/counters")["sign-ins"] == signed_in + 1
