"""The portal simulator as a process: its proxy, its certificate authority, and faults ordered from outside."""

import asyncio
import re
import ssl
import sys

import httpx
import pytest
from carillon_ent_simulator import pronote_page
from carillon_pronote.ent import EntTable, PortalSignIn
from carillon_pronote.ent.portal_errors import EntUnavailableError


@pytest.fixture(scope="module")
async def process():
    """The proxy's address and the authority's file, as the process prints them."""
    command = (sys.executable, "-m", "carillon_ent_simulator", "--port", "0", "--era", "2026.2.5")
    running = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    lines = [(await asyncio.wait_for(running.stdout.readline(), 60)).decode() for _ in range(2)]
    yield re.search(r"http://\S+", lines[0])[0], lines[1].rpartition(": ")[2].strip()
    running.terminate()
    assert await asyncio.wait_for(running.wait(), 30) == 0


async def test_a_fault_ordered_from_outside_lasts_until_it_is_taken_away(process, table: EntTable) -> None:
    proxy_url, certificate = process
    trust = ssl.create_default_context(cafile=certificate)
    host = "enthdf.fr"
    async with (
        httpx.AsyncClient(trust_env=False) as control,
        httpx.AsyncClient(proxy=proxy_url, verify=trust, trust_env=False) as http,
    ):
        said = (await control.get(f"{proxy_url}/")).json()
        assert said["portals"][host] == pronote_page(host)
        assert (await control.put(f"{proxy_url}/faults/{host}", content="maintenance")).status_code == 204
        with pytest.raises(EntUnavailableError):
            await PortalSignIn(table.get("hdf"))(http, pronote_page(host), "demonstration", "pronotevs")
        assert (await control.delete(f"{proxy_url}/faults/{host}")).status_code == 204
        answer = await PortalSignIn(table.get("hdf"))(http, pronote_page(host), "demonstration", "pronotevs")
        assert "PRONOTE 2026.2.5" in answer.text


@pytest.mark.parametrize(("host", "fault"), [("enthdf.fr", "earthquake"), ("nobody.example", "captcha")])
async def test_a_fault_that_cannot_be_ordered_is_told(process, host: str, fault: str) -> None:
    proxy_url, _ = process
    async with httpx.AsyncClient(trust_env=False) as control:
        answer = await control.put(f"{proxy_url}/faults/{host}", content=fault)
    assert answer.status_code == 422
    assert "maintenance" in answer.text


async def test_a_ticket_counts_once(process) -> None:
    proxy_url, certificate = process
    trust = ssl.create_default_context(cafile=certificate)
    page = pronote_page("enthdf.fr")
    async with httpx.AsyncClient(proxy=proxy_url, verify=trust, trust_env=False) as http:
        away = await http.get(page)
        form = {"email": "demonstration", "password": "pronotevs", "callback": away.headers["location"][17:]}
        signed_in = await http.post("https://enthdf.fr/auth/login", data=form)
        with_ticket = (await http.get(f"https://enthdf.fr{signed_in.headers['location']}")).headers["location"]
    first, second = [await _visit(proxy_url, trust, with_ticket) for _ in range(2)]
    assert first.status_code == 200
    assert second.status_code == 302


async def _visit(proxy_url: str, trust: ssl.SSLContext, url: str) -> httpx.Response:
    async with httpx.AsyncClient(proxy=proxy_url, verify=trust, trust_env=False) as http:
        return await http.get(url)
