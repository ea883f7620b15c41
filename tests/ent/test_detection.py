"""A Pronote address tells which portal guards it."""

import httpx
import pytest
import respx
from carillon_ent_simulator import DIRECT_PRONOTE, portals, pronote_page
from carillon_pronote.ent import EntTable, VisitLimits, detect
from carillon_pronote.ent.portal_errors import EntAddressRefusedError
from carillon_pronote.errors import EntUnknownError, PronoteError, ProtocolError

ROOT = "https://school.example/pronote/"


@pytest.mark.parametrize("portal", portals())
async def test_a_portal_is_recognised_by_the_redirect(
    portal: str, http: httpx.AsyncClient, table: EntTable, limits: VisitLimits
) -> None:
    found = await detect(pronote_page(portal), http, table, limits)
    assert found == table.at_host(portal)
    assert found


async def test_a_pronote_without_a_portal_is_recognised(http: httpx.AsyncClient, table: EntTable) -> None:
    for page in ("", "eleve.html", "mobile.eleve.html?fd=1"):
        found = await detect(f"https://{DIRECT_PRONOTE}/pronote/{page}", http, table)
        assert [account.id for account in found] == ["none"]


@respx.mock
async def test_the_description_for_the_app_tells_where_no_redirect_does(table: EntTable) -> None:
    respx.get(f"{ROOT}eleve.html").respond(html="<html><head></head></html>")
    cas = {"actif": True, "casURL": "https://cas.agora06.fr/login"}
    respx.get(f"{ROOT}InfoMobileApp.json").respond(json={"CAS": cas})
    async with httpx.AsyncClient() as http:
        found = await detect("https://school.example/pronote", http, table)
    assert [account.id for account in found] == ["cas_agora06", "agora06"]


@pytest.mark.parametrize(
    "description",
    ['{"CAS": {"actif": false, "casURL": "https://cas.agora06.fr/login"}}', "<html>", "[]", '{"CAS": {"actif": true}}'],
)
@respx.mock
async def test_a_description_without_a_portal_in_use_means_none(description: str, table: EntTable) -> None:
    respx.get(f"{ROOT}eleve.html").respond(html="<html><head></head></html>")
    respx.get(f"{ROOT}InfoMobileApp.json").respond(text=description)
    async with httpx.AsyncClient() as http:
        assert [account.id for account in await detect(ROOT, http, table)] == ["none"]


@pytest.mark.parametrize("status", [404, 403, 503])
@respx.mock
async def test_an_address_without_a_page_is_not_taken_for_a_pronote_without_a_portal(
    status: int, table: EntTable
) -> None:
    respx.get(url__startswith=ROOT).respond(status, html="<html><head></head></html>")
    async with httpx.AsyncClient() as http:
        with pytest.raises(PronoteError, match=f"HTTP {status}"):
            await detect(ROOT, http, table)


@respx.mock
async def test_an_unknown_portal_is_named(table: EntTable) -> None:
    respx.get(f"{ROOT}eleve.html").respond(302, headers={"Location": "https://cas.new.example/login?service=x"})
    async with httpx.AsyncClient() as http:
        with pytest.raises(EntUnknownError, match=r"cas\.new\.example"):
            await detect(ROOT, http, table)


async def test_an_address_without_tls_is_refused(table: EntTable) -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(EntAddressRefusedError):
            await detect("http://school.example/p/", http, table)
        with pytest.raises(ProtocolError):
            await detect("file:///etc/passwd", http, table)
