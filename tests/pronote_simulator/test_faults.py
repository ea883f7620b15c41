"""Faults strike as often as ordered, where ordered, and then the site is well again."""

import asyncio
import time

import httpx
import pytest
from pronote_wire import PASSWORD, ErrorAnswerError, Wire

MENU = ("PageMenus", {"date": {"_T": 7, "V": "16/11/2026 0:0:0"}}, 10)


async def order(http: httpx.AsyncClient, fault: str, **more) -> None:
    assert (await http.post("/simulator/faults", json={"fault": fault, **more})).status_code == 200


@pytest.mark.parametrize(("kind", "title"), [(8, "(1)"), (11, "(4)"), (14, "(7)"), (10, "")])
async def test_expired_session(kind, title, pupil):
    await order(pupil.http, "expired-session", kind=kind)
    answer = await pupil.post("Navigation", {})
    assert answer.json()["Erreur"]["G"] == kind
    assert answer.json()["Erreur"]["Titre"] == f"La page a expiré ! {title}".strip()
    assert (await pupil.post("Navigation", {})).json()["Erreur"]["G"] == 8
    again = Wire(pupil.http)
    await again.sign_in()


async def test_rate_limit(pupil):
    await order(pupil.http, "rate-limit", times=2, function="PageMenus")
    await pupil.call("Navigation", {}, 7)
    for _ in range(2):
        with pytest.raises(ErrorAnswerError) as limited:
            await pupil.call(*MENU)
        assert limited.value.kind == 25
    await pupil.call(*MENU)


async def test_wrong_order_number(pupil):
    await order(pupil.http, "wrong-order")
    with pytest.raises(AssertionError):
        await pupil.call(*MENU)
    # The server itself went on as if nothing had happened.
    pupil.order += 2
    await pupil.call(*MENU)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("suspended-ip", "Votre adresse IP est provisoirement suspendue"),
        ("busy", "Le site est momentanément indisponible"),
        ("closed", "Le site n'est pas disponible"),
    ],
)
async def test_pages_that_stand_in(fault, words, pupil):
    for where in ("page", "PageMenus"):
        await order(pupil.http, fault, function=where)
    page = await Wire(pupil.http).open()
    assert words in page.text
    assert "Start (" not in page.text
    assert words in (await pupil.post("PageMenus", {})).text
    assert "Start (" in (await Wire(pupil.http).open()).text


async def test_slow(pupil):
    await order(pupil.http, "slow", seconds=0.2, function="PageMenus")
    # Another call is answered while the slow one is under way.
    other = Wire(pupil.http)
    began = time.monotonic()
    slow = asyncio.create_task(pupil.call(*MENU))
    await other.open()
    assert not slow.done()
    await slow
    assert time.monotonic() - began >= 0.2


async def test_truncated(pupil):
    await order(pupil.http, "truncated")
    answer = await pupil.post("PageMenus", {"data": MENU[1], "Signature": {"onglet": 10}})
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()


async def test_a_lost_token_is_dead_all_the_same(http, wire):
    await wire.open()
    await wire.begin()
    asked = {"demandeConnexionAppliMobile": True, "uuidAppliMobile": "device"}
    token = (await wire.authenticate("demonstration", PASSWORD, **asked))["jetonConnexionAppliMobile"]
    await order(http, "token-lost")
    by_token = {"enConnexionAppliMobile": True, "uuidAppliMobile": "device"}
    for _ in range(2):
        again = Wire(http)
        await again.open()
        await again.begin()
        try:
            answer = await again.authenticate("demonstration", token, **by_token)
        except AssertionError:
            continue  # the answer that would have carried the next token
        assert answer == {"Acces": 1}


async def test_a_fault_may_stay_until_it_is_cleared(pupil):
    await order(pupil.http, "rate-limit", times=0)
    for _ in range(5):
        with pytest.raises(ErrorAnswerError):
            await pupil.call(*MENU)
    listed = (await pupil.http.get("/simulator/faults")).json()
    assert [(fault["name"], fault["times"]) for fault in listed] == [("rate-limit", None)]
    await pupil.http.delete("/simulator/faults")
    await pupil.call(*MENU)


@pytest.mark.parametrize(
    "body", [{"fault": "unknown"}, {"fault": "slow", "seconds": -1}, {"fault": "slow", "x": 1}, {}]
)
async def test_an_order_that_cannot_be_understood_is_refused(body, http):
    answer = await http.post("/simulator/faults", json=body)
    assert answer.status_code == 422
    assert (await http.get("/simulator/faults")).json() == []
