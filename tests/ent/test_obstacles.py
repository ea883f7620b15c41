"""What portals put in the way is told by its own error, never as a wrong password, and nothing is tried twice."""

import httpx
import pytest
from carillon_ent_simulator import RunningSimulator, pronote_page
from carillon_pronote.ent import EntTable, PortalSignIn, VisitLimits
from carillon_pronote.ent.portal_errors import (
    EntCaptchaError,
    EntCharterError,
    EntFormExpiredError,
    EntUnavailableError,
)
from carillon_pronote.errors import EntChangedError, PronoteError

# One entry for each flow, and the host whose page shows the obstacle.
FLOWS = {
    "ac-clermont": "cas.ent.auvergnerhonealpes.fr",
    "ac-dijon": "teleservices.ac-dijon.fr",
    "ac-bordeaux": "bv.ac-bordeaux.fr",
    "ac-rouen": "sso-ent.ac-rouen.fr",
    "ac-caen": "teleservices.ac-caen.fr",
    "ac-orleans-tours": "educonnect.education.gouv.fr",
    "monbureaunumerique": "educonnect.education.gouv.fr",
    "hdf": "enthdf.fr",
    "ent_mayotte": "mayotte.opendigitaleducation.com",
    "ent_hdf": "educonnect.education.gouv.fr",
    "ent_elyco": "educonnect.education.gouv.fr",
    "bordeaux": "educonnect.education.gouv.fr",
    "toutatice": "educonnect.education.gouv.fr",
    "ac_rennes": "educonnect.education.gouv.fr",
    "atrium-sud": "www.atrium-sud.fr",
    "atrium_sud": "www.atrium-sud.fr",
    "laclasse": "www.laclasse.com",
    "ent_creuse": "cas.entcreuse.fr",
    "extranet_colleges_somme": "www.colleges.cg80.fr",
    "enc_hauts_de_seine": "enc.hauts-de-seine.fr",
}
OBSTACLES: dict[str, type[PronoteError]] = {
    "captcha": EntCaptchaError,
    "charter": EntCharterError,
    "expired": EntFormExpiredError,
    "maintenance": EntUnavailableError,
}
TABLE = EntTable.load()


def test_one_entry_of_every_flow_is_tried() -> None:
    assert {TABLE.get(name).flow for name in FLOWS} == {account.flow for account in TABLE} - {"none"}


@pytest.mark.parametrize("fault", OBSTACLES)
@pytest.mark.parametrize("name", FLOWS)
async def test_an_obstacle_is_told_and_the_password_is_posted_once_at_most(
    name: str, fault: str, http: httpx.AsyncClient, limits: VisitLimits, simulator: RunningSimulator
) -> None:
    simulator.state.faults[FLOWS[name]] = fault
    before = len(simulator.state.posted_passwords)
    account = TABLE.get(name)
    with pytest.raises(OBSTACLES[fault]) as told:
        await PortalSignIn(account, limits)(http, pronote_page(account.hosts[0]), "demonstration", "pronotevs")
    assert len(simulator.state.posted_passwords) - before == (0 if fault in {"captcha", "maintenance"} else 1)
    assert FLOWS[name] in told.value.detail
    assert "pronotevs" not in str(told.value)


async def test_a_charter_of_the_portal_after_educonnect_is_told(
    http: httpx.AsyncClient, limits: VisitLimits, simulator: RunningSimulator
) -> None:
    simulator.state.faults["cas.eclat-bfc.fr"] = "charter"
    page = pronote_page("cas.eclat-bfc.fr")
    with pytest.raises(EntCharterError, match=r"cas\.eclat-bfc\.fr"):
        await PortalSignIn(TABLE.get("eclat_bfc"), limits)(http, page, "demonstration", "pronotevs")


async def test_the_portal_of_another_school_is_told_as_such(http: httpx.AsyncClient, limits: VisitLimits) -> None:
    guarded_by_another = pronote_page("enthdf.fr")
    with pytest.raises(EntChangedError, match=r"another portal guards it: enthdf\.fr"):
        await PortalSignIn(TABLE.get("ent_mayotte"), limits)(http, guarded_by_another, "demonstration", "pronotevs")


async def test_a_pronote_that_the_hub_does_not_know_is_told(http: httpx.AsyncClient, limits: VisitLimits) -> None:
    with pytest.raises(EntChangedError, match="does not know this one"):
        await PortalSignIn(TABLE.get("bordeaux"), limits)(
            http, "https://unknown.example/pronote/eleve.html", "demonstration", "pronotevs"
        )


async def test_a_refusal_after_a_script_that_was_not_run_says_so(http: httpx.AsyncClient, limits: VisitLimits) -> None:
    with pytest.raises(PronoteError) as told:
        await PortalSignIn(TABLE.get("ac-bordeaux"), limits)(
            http, pronote_page("mon.lyceeconnecte.fr"), "demonstration", "wrong"
        )
    assert "creerCookie" in told.value.detail


@pytest.mark.parametrize("name", [name for name, host in FLOWS.items() if host == "educonnect.education.gouv.fr"])
async def test_the_storage_page_of_educonnect_is_no_obstacle(
    name: str, http: httpx.AsyncClient, limits: VisitLimits, simulator: RunningSimulator
) -> None:
    simulator.state.faults["educonnect.education.gouv.fr"] = "storage-page"
    account = TABLE.get(name)
    answer = await PortalSignIn(account, limits)(http, pronote_page(account.hosts[0]), "demonstration", "pronotevs")
    assert answer.is_success
