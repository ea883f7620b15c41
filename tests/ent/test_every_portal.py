"""Every entry of the table, by name, through its simulated portal to the simulated Pronote behind it."""

import httpx
import pytest
from carillon_ent_simulator import DIRECT_PRONOTE, RunningSimulator, pronote_page
from carillon_pronote import AccountKind, Pronote
from carillon_pronote.ent import EntTable, PortalSignIn, VisitLimits
from carillon_pronote.errors import EntChangedError, EntUnknownError, WrongCredentialsError
from carillon_pronote.start_page import read_start_page

TABLE = EntTable.load()
NAMES = [name for account in TABLE for name in account.names if not account.is_direct]


@pytest.fixture
async def pronote(simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(simulator.certificate))
    async with Pronote(proxy=simulator.proxy_url) as client:
        yield client


def page_of(name: str) -> str:
    return pronote_page(TABLE.get(name).hosts[0])


@pytest.mark.parametrize("name", NAMES)
async def test_a_pupil_signs_in_through_it(name: str, pronote: Pronote, limits: VisitLimits) -> None:
    sign_in = PortalSignIn(TABLE.get(name), limits)
    session = await pronote.sign_in(page_of(name), "demonstration", "pronotevs", ent=sign_in)
    assert session.facts.is_pupil
    assert session.facts.pupil().name
    await session.logout()


@pytest.mark.parametrize("name", NAMES)
async def test_a_wrong_password_is_told_and_posted_once(
    name: str, http: httpx.AsyncClient, limits: VisitLimits, simulator: RunningSimulator
) -> None:
    before = len(simulator.state.posted_passwords)
    with pytest.raises(WrongCredentialsError) as told:
        await PortalSignIn(TABLE.get(name), limits)(http, page_of(name), "demonstration", "not the password")
    assert len(simulator.state.posted_passwords) == before + 1
    assert "not the password" not in f"{told.value!r} {told.value} {told.value.detail}"


@pytest.mark.parametrize("name", NAMES)
async def test_a_changed_form_is_told_with_the_step_and_what_was_expected(
    name: str, http: httpx.AsyncClient, limits: VisitLimits, simulator: RunningSimulator
) -> None:
    simulator.state.faults["*"] = "changed"
    with pytest.raises(EntChangedError) as told:
        await PortalSignIn(TABLE.get(name), limits)(http, page_of(name), "demonstration", "pronotevs")
    assert told.value.step
    assert told.value.expected


async def test_the_answer_is_the_pronote_page_with_its_one_time_identifiers(
    http: httpx.AsyncClient, table: EntTable
) -> None:
    answer = await PortalSignIn(table.get("agora06"))(http, page_of("agora06"), "demonstration", "pronotevs")
    start = read_start_page(answer.text)
    assert start.portal_name
    assert start.portal_secret
    assert answer.url.host == httpx.URL(page_of("agora06")).host


async def test_a_parent_gets_the_parents_space(pronote: Pronote, table: EntTable) -> None:
    page = pronote_page("cas.agora06.fr", "parent.html")
    sign_in = PortalSignIn(table.get("cas_agora06"))
    session = await pronote.sign_in(page, "demonstration", "pronotevs", AccountKind.PARENT, ent=sign_in)
    assert len(session.facts.pupils) == 2
    await session.logout()


async def test_without_a_portal_the_password_is_pronotes_own(
    pronote: Pronote, http: httpx.AsyncClient, table: EntTable
) -> None:
    page = f"https://{DIRECT_PRONOTE}/pronote/eleve.html"
    assert table.get("none").is_direct
    with pytest.raises(EntUnknownError, match="sign in at Pronote itself"):
        await PortalSignIn(table.get("none"))(http, page, "demonstration", "pronotevs")
    session = await pronote.sign_in(page, "demonstration", "pronotevs", ent=None)
    assert session.facts.pupil().name
    await session.logout()


async def test_a_refusal_of_the_portal_is_the_clients_error(pronote: Pronote, table: EntTable) -> None:
    with pytest.raises(WrongCredentialsError):
        await pronote.sign_in(page_of("agora06"), "demonstration", "wrong", ent=PortalSignIn(table.get("agora06")))
