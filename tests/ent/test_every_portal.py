"""Every entry of the table, by name, through its simulated portal to the simulated Pronote behind it."""

import httpx
import pytest
from carillon_ent_simulator import RunningSimulator, pronote_page
from carillon_pronote.ent import EntTable, PortalSignIn, VisitLimits
from carillon_pronote.errors import EntChangedError, WrongCredentialsError
from carillon_pronote.start_page import read_start_page

TABLE = EntTable.load()
NAMES = [name for account in TABLE for name in account.names if not account.is_direct]


def page_of(name: str) -> str:
    return pronote_page(TABLE.get(name).hosts[0])


def sign_in_of(name: str, limits: VisitLimits) -> PortalSignIn:
    return PortalSignIn(TABLE.get(name), limits)


@pytest.mark.parametrize("name", NAMES)
async def test_it_leads_to_the_pronote_page_of_the_person(
    name: str, http: httpx.AsyncClient, limits: VisitLimits
) -> None:
    answer = await sign_in_of(name, limits)(http, page_of(name), "demonstration", "pronotevs")
    start = read_start_page(answer.text)
    assert start.portal_name
    assert start.portal_secret
    assert answer.url.host == httpx.URL(page_of(name)).host


@pytest.mark.parametrize("name", NAMES)
async def test_a_wrong_password_is_told_and_posted_once(
    name: str, http: httpx.AsyncClient, limits: VisitLimits, simulator: RunningSimulator
) -> None:
    before = len(simulator.state.posted_passwords)
    with pytest.raises(WrongCredentialsError) as told:
        await sign_in_of(name, limits)(http, page_of(name), "demonstration", "not the password")
    assert len(simulator.state.posted_passwords) == before + 1
    assert "not the password" not in f"{told.value!r} {told.value} {told.value.detail}"


@pytest.mark.parametrize("name", NAMES)
async def test_a_changed_form_is_told_with_the_step_and_no_password_is_accepted(
    name: str, http: httpx.AsyncClient, limits: VisitLimits, simulator: RunningSimulator
) -> None:
    simulator.state.faults["*"] = "changed"
    with pytest.raises(EntChangedError) as told:
        await sign_in_of(name, limits)(http, page_of(name), "demonstration", "pronotevs")
    assert told.value.step
    assert told.value.expected
