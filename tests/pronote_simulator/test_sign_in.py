"""Signing in: every era, every kind of account, tokens, QR codes, second factor, portal."""

import base64
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from carillon_pronote_simulator import ERAS
from carillon_pronote_simulator.portal import ticket_for
from pronote_wire import PASSWORD, ErrorAnswerError, Wire, seal, unseal

DEVICE = {"uuidAppliMobile": "device-1"}


@pytest.mark.parametrize("era", list(ERAS))
async def test_every_era_lets_a_pupil_in_and_shows_the_timetable(era, wire):
    user = await wire.sign_in()
    assert user["ressource"]["L"] == "PARENT Gaspard"
    assert wire.parameters["General"]["versionPN"] == ERAS[era].version_text
    answer = await wire.call("PageEmploiDuTemps", {"NumeroSemaine": 12}, 16)
    assert len(answer["ListeCours"]) > 15
    await wire.call("Navigation", {"onglet": 7, "ongletPrec": 7}, 7)
    await wire.call("Presence", {})


@pytest.mark.parametrize("era", list(ERAS))
async def test_the_page_is_written_as_that_era_writes_it(era, wire):
    page = (await wire.open()).text
    assert re.search(rf">PRONOTE {re.escape(ERAS[era].version_text)}", page)
    assert "IP" not in page
    newest = era in ("2026.2.4", "2026.2.5")
    assert ("addEventListener" in page) == newest
    assert ("onload=" in page) != newest
    assert isinstance(wire.start["h"], int) == newest
    assert ("MR" in wire.start) == (era == "2022")
    assert False not in wire.start.values()


@pytest.mark.parametrize("era", ["2023", "2025.2.8", "2026.2.5"])
@pytest.mark.parametrize("options", [{"encrypt": e, "compress": c} for e in (True, False) for c in (True, False)])
async def test_every_setting_of_encryption_and_compression(era, options, wire):
    assert (await wire.sign_in())["ressource"]["L"] == "PARENT Gaspard"
    assert (wire.encrypted, wire.compressed) == (options["encrypt"], options["compress"])


@pytest.mark.parametrize(
    ("page", "username", "kind", "name"),
    [
        ("eleve.html", "demonstration", 4, "PARENT Gaspard"),
        ("mobile.eleve.html", "demonstration", 4, "PARENT Gaspard"),
        ("parent.html", "demonstration", 5, "Mme PARENT Claude"),
        ("mobile.parent.html", "demonstration", 5, "Mme PARENT Claude"),
        ("professeur.html", "professeur", 3, "M. MARTIN Paul"),
        ("viescolaire.html", "demonstration2", 34, "Mme DURAND Claire"),
        ("direction.html", "direction", 34, "M. MOULIN Denis"),
        ("accompagnant.html", "accompagnant", 5, "M. PARENT Dominique"),
        ("entreprise.html", "entreprise", 5, "M. PARENT Dominique"),
    ],
)
async def test_every_kind_of_account_has_its_space(page, username, kind, name, wire):
    user = await wire.sign_in(username, page)
    assert user["ressource"]["G"] == kind
    assert user["ressource"]["L"] == name
    answer = await wire.call("PageEmploiDuTemps", {"NumeroSemaine": 12}, 16)
    assert answer["ListeCours"]


async def test_logins_are_compared_without_regard_to_case(wire):
    await wire.sign_in("Demonstration")


@pytest.mark.parametrize(
    ("username", "password", "page"),
    [
        ("demonstration", "wrong", "eleve.html"),
        ("nobody", PASSWORD, "eleve.html"),
        ("professeur", PASSWORD, "eleve.html"),
        ("demonstration2", PASSWORD, "parent.html"),
    ],
)
async def test_wrong_credentials_are_refused_in_the_usual_envelope(username, password, page, wire):
    await wire.open(page)
    await wire.begin()
    assert await wire.authenticate(username, password) == {"Acces": 1}
    with pytest.raises(ErrorAnswerError) as refused:
        await wire.call("ParametresUtilisateur")
    assert refused.value.kind == 3


async def by_token(http, name: str, token: str, device: str = "device-1") -> dict:
    wire = Wire(http)
    await wire.open("mobile.eleve.html")
    await wire.begin()
    return await wire.authenticate(name, token, enConnexionAppliMobile=True, uuidAppliMobile=device)


async def test_each_token_gives_the_next_and_dies(http, wire):
    await wire.open("mobile.eleve.html")
    await wire.begin()
    first = (await wire.authenticate("demonstration", PASSWORD, demandeConnexionAppliMobile=True, **DEVICE))[
        "jetonConnexionAppliMobile"
    ]
    second = (await by_token(http, "demonstration", first))["jetonConnexionAppliMobile"]
    assert second != first
    assert "cle" not in await by_token(http, "demonstration", first)
    assert "cle" not in await by_token(http, "demonstration", second, "another device")
    assert "cle" in await by_token(http, "demonstration", second)


async def scanned(http, login: str, token: str) -> tuple[dict, dict]:
    """Sign in with the two members of a QR code; gives Identification's and Authentification's answers."""
    wire = Wire(http)
    await wire.open("mobile.eleve.html", fd="1", login="true")
    await wire.begin()
    answers = {}
    call = wire.call

    async def remembering(function, *arguments, **more):
        answers[function] = await call(function, *arguments, **more)
        return answers[function]

    wire.call = remembering
    asked = {"demandeConnexionAppliMobile": True, "demandeConnexionAppliMobileJeton": True, **DEVICE}
    return answers, await wire.authenticate(login, token, **asked)


async def test_a_qr_code_signs_in_once_and_either_name_goes_on(http, pupil):
    code = await pupil.call("JetonAppliMobile", {"code": "1234"}, 7)
    login, token = (unseal(code[member], b"1234", b"").decode() for member in ("login", "jeton"))
    answers, authenticated = await scanned(http, login, token)
    assert answers["Identification"]["login"] == "demonstration"
    given = authenticated["jetonConnexionAppliMobile"]
    assert "cle" not in (await scanned(http, login, token))[1]
    renewed = (await by_token(http, login, given))["jetonConnexionAppliMobile"]
    assert "cle" in await by_token(http, "demonstration", renewed)


async def test_a_qr_code_is_for_one_space_only(http, pupil):
    code = await pupil.call("JetonAppliMobile", {"code": "1234"}, 7)
    login, token = (unseal(code[member], b"1234", b"").decode() for member in ("login", "jeton"))
    wire = Wire(http)
    await wire.open("mobile.parent.html")
    await wire.begin()
    asked = {"demandeConnexionAppliMobileJeton": True, **DEVICE}
    assert "cle" not in await wire.authenticate(login, token, **asked)


async def asked_for_more(http, **fault) -> Wire:
    """Signed in, with the second factor ordered by the controls and not given yet."""
    await http.post("/simulator/faults", json={"fault": "two-factor", "pin": "4321", **fault})
    wire = Wire(http)
    await wire.open()
    await wire.begin()
    authenticated = await wire.authenticate("demonstration", PASSWORD)
    assert json.loads(authenticated["actionsDoubleAuth"]["V"]) == list(fault.get("actions", (3,)))
    return wire


async def test_nothing_works_before_the_pin_and_the_device_is_known_after_it(http):
    wire = await asked_for_more(http)
    with pytest.raises(ErrorAnswerError):
        await wire.call("ParametresUtilisateur")
    pin = seal(b"4321", wire.key, wire.iv)
    save = {"action": 3, "codePin": pin, "avecIdentification": True, "strIdentification": "phone"}
    with pytest.raises(ErrorAnswerError):
        await wire.call("SecurisationCompteDoubleAuth", save)
    assert await wire.call("SecurisationCompteDoubleAuth", {"action": 0, "codePin": seal(b"0", wire.key, wire.iv)}) == {
        "result": False
    }
    assert await wire.call("SecurisationCompteDoubleAuth", {"action": 0, "codePin": pin}) == {"result": True}
    assert await wire.call("SecurisationCompteDoubleAuth", {"action": 2, "libelle": "phone"}) == {"dejaConnu": False}
    with pytest.raises(ErrorAnswerError):
        await wire.call("SecurisationCompteDoubleAuth", save | {"strIdentification": "x" * 31})
    await wire.call("SecurisationCompteDoubleAuth", save)
    await wire.call("ParametresUtilisateur")
    again = Wire(http)
    await again.open()
    await again.begin(wire.parameters["identifiantNav"])
    assert "actionsDoubleAuth" not in await again.authenticate("demonstration", PASSWORD)


async def test_three_wrong_pins_are_too_many(http):
    wire = await asked_for_more(http)
    for pin in (b"1111", b"2222", b"3333", b"4321"):
        answer = await wire.call("SecurisationCompteDoubleAuth", {"action": 0, "codePin": seal(pin, wire.key, wire.iv)})
        assert answer == {"result": False}


async def test_a_new_password_a_mode_and_a_new_pin_can_be_asked_for(http):
    wire = await asked_for_more(http, actions=[0, 1, 2])
    password, pin = seal(b"new-password", wire.key, wire.iv), seal(b"9876", wire.key, wire.iv)
    assert await wire.call("SecurisationCompteDoubleAuth", {"action": 1, "nouveauMDP": password}) == {"result": True}
    save = {"action": 3, "mode": 3, "nouveauMDP": password, "codePin": pin, "strIdentification": "phone"}
    for missing in ("mode", "nouveauMDP", "codePin", "strIdentification"):
        with pytest.raises(ErrorAnswerError):
            await wire.call("SecurisationCompteDoubleAuth", {k: v for k, v in save.items() if k != missing})
    await wire.call("SecurisationCompteDoubleAuth", save)
    again = Wire(http)
    await again.open()
    await again.begin(wire.parameters["identifiantNav"])
    assert "cle" in await again.authenticate("demonstration", "new-password")


PORTAL = {"cas_url": "https://portal.example.org/cas/login"}


@pytest.mark.parametrize("options", [PORTAL])
async def test_a_portal_stands_before_the_page_unless_the_direct_form_is_asked_for(http, wire):
    answer = await wire.open()
    assert answer.status_code == 302
    target = urlsplit(answer.headers["location"])
    assert target.netloc == "portal.example.org"
    assert parse_qs(target.query)["service"] == ["http://pronote.test/pronote/eleve.html"]
    await wire.sign_in()


@pytest.mark.parametrize("options", [PORTAL])
async def test_a_ticket_works_once_and_its_cookie_goes_on(http):
    ticket = ticket_for("demonstration")
    for query in ({"ticket": ticket}, {}):
        wire = Wire(http)
        await wire.open("parent.html", **query)
        await wire.begin()
        authenticated = await wire.authenticate(wire.start["e"], wire.start["f"], pourENT=True)
        assert authenticated["libelleUtil"] == "Mme PARENT Claude"
    http.cookies.clear()
    again = await Wire(http).open("parent.html", ticket=ticket)
    assert again.status_code == 302


@pytest.mark.parametrize("options", [PORTAL])
async def test_one_time_names_of_another_page_view_are_worth_nothing(http):
    first, second = Wire(http), Wire(http)
    await first.open(ticket=ticket_for("demonstration"))
    await second.open(ticket=ticket_for("demonstration"))
    await second.begin()
    assert await second.authenticate(first.start["e"], first.start["f"], pourENT=True) == {"Acces": 1}


@pytest.mark.parametrize("options", [PORTAL])
@pytest.mark.parametrize("ticket", ["nonsense", "ST--", "ST-%%-1", "ST-" + base64.b64encode(b"\xff").decode() + "-1"])
async def test_a_ticket_that_is_none_leads_back_to_the_portal(ticket, http, wire):
    assert (await wire.open(ticket=ticket)).status_code == 302


@pytest.mark.parametrize("options", [PORTAL])
async def test_a_ticket_of_a_stranger_shows_no_start_page(http, wire):
    answer = await wire.open(ticket=ticket_for("stranger"))
    assert answer.status_code == 200
    assert "Start" not in answer.text
    assert "PRONOTE" not in answer.text


@pytest.mark.parametrize("options", [PORTAL])
async def test_the_root_leads_to_the_space_of_the_user(http):
    answer = await http.get("/pronote/")
    assert parse_qs(urlsplit(answer.headers["location"]).query)["service"] == ["http://pronote.test/pronote/"]
    ticket = ticket_for("professeur")
    answer = await http.get("/pronote/", params={"ticket": ticket})
    assert answer.headers["location"] == f"/pronote/professeur.html?ticket={ticket}"
    answer = await http.get(answer.headers["location"])
    assert "Start (" in answer.text


async def test_the_description_of_the_instance_is_found_in_any_letter_case(http):
    for name in ("InfoMobileApp", "infoMobileApp"):
        description = (await http.get(f"/pronote/{name}.json")).json()
        assert description["version"] == [2025, 2, 8]
        assert {space["URL"] for space in description["espaces"]} >= {"mobile.eleve.html", "mobile.parent.html"}
        assert description["CAS"]["actif"] is False
