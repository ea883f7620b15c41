"""Behind a portal the gateway remembers a token that a QR code gave, and never the portal's password."""

import pytest
from carillon_ent_simulator import pronote_page, simulate
from carillon_pronote.ent import EntTable

PORTALS = ["agora06", "ac-nantes"]


@pytest.fixture
async def portals(monkeypatch):
    """Every simulated portal, each with its school; the gateway reaches them through the simulator's proxy."""
    async with simulate() as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.certificate))
        monkeypatch.setenv("CARILLON_PRONOTE_PROXY", running.proxy_url)
        yield running


@pytest.mark.parametrize("portal", PORTALS)
async def test_an_ended_session_is_renewed_without_the_portal_and_after_a_restart_too(portal, gateway, portals):
    login = {"cas": portal, "remember": True}
    page = pronote_page(EntTable.load().get(portal).hosts[0])
    async with gateway() as caller:
        token = await caller.sign_in(page, **login)
        name = (await caller.read(token, "/session")).json()
        assert name["remembered"]
        assert await renewed_after_its_end(caller, token)
    posted = len(portals.state.posted_passwords)
    async with gateway() as later:
        assert (await later.read(token, "/session")).json()["name"] == name["name"]
        assert await renewed_after_its_end(later, token)
    assert len(portals.state.posted_passwords) == posted == 1


async def test_without_the_wish_nothing_is_remembered(gateway, portals):
    async with gateway() as caller:
        token = await caller.sign_in(pronote_page(EntTable.load().get(PORTALS[0]).hosts[0]), cas=PORTALS[0])
        assert not (await caller.read(token, "/session")).json()["remembered"]
        assert not await renewed_after_its_end(caller, token)


async def renewed_after_its_end(caller, token: str) -> bool:
    """Whether a page is to be had after Pronote has ended the session."""
    (held,) = caller.app.state.gateway.sessions.live._held.values()
    await held.session.channel.call("SaisieDeconnexion", {})
    answer = await caller.read(token, "/homework")
    assert answer.status_code in (200, 401), answer.text
    return answer.status_code == 200
