"""Files, links, photographs, documents and calendars."""

import json
from urllib.parse import quote
from zoneinfo import ZoneInfo

import icalendar
import pytest
from carillon_pronote_simulator.typed import read_datetime
from pronote_wire import Wire, seal

PARIS = ZoneInfo("Europe/Paris")


async def download(wire: Wire, entity: dict, name: str, session: object = None):
    reference = seal(json.dumps(entity, separators=(",", ":")).encode(), wire.key, wire.iv)
    address = f"/pronote/FichiersExternes/{reference}/{quote(name)}"
    return await wire.http.get(address, params={"Session": session or wire.start["h"]})


async def attachments(wire: Wire) -> list[dict]:
    answer = await wire.call("PageCahierDeTexte", {"domaine": {"_T": 8, "V": "[1..12]"}}, 89)
    contents = [each for entry in answer["ListeCahierDeTextes"]["V"] for each in entry["listeContenus"]["V"]]
    return [each for content in contents for each in content["ListePieceJointe"]["V"]]


@pytest.mark.parametrize("more", [{"Actif": True}, {"G": 1}, {}])
async def test_a_file_is_downloaded_by_each_form_of_its_entity(more, pupil):
    file = next(each for each in await attachments(pupil) if each["G"] == 1)
    answer = await download(pupil, {"N": file["N"], **more}, file["L"])
    assert answer.content.startswith(b"%PDF-1.4")
    assert answer.headers["content-type"] == "application/pdf"


async def test_a_link_leads_on(pupil):
    link = next(each for each in await attachments(pupil) if each["G"] == 0)
    answer = await download(pupil, {"N": link["N"]}, "link")
    assert answer.status_code == 302
    assert answer.headers["location"] == link["url"] == "https://www.example.org/classe"


async def test_a_photograph_is_a_picture(pupil):
    answer = await download(pupil, {"N": pupil.user["ressource"]["N"], "Actif": True}, "photo.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content[:3] == b"\xff\xd8\xff"


async def test_the_paper_and_the_correction_of_a_test(pupil):
    marks = await pupil.call("DernieresNotes", {}, 198)
    with_paper = next(each for each in marks["listeDevoirs"]["V"] if "libelleSujet" in each)
    for kind in ("DevoirSujet", "DevoirCorrige"):
        answer = await download(pupil, {"N": with_paper["N"], "Actif": True, "G": kind}, "x.pdf")
        assert answer.content.startswith(b"%PDF")


async def test_a_file_needs_a_living_session_and_a_number_of_it(http, pupil):
    file = next(each for each in await attachments(pupil) if each["G"] == 1)
    other = Wire(http)
    await other.sign_in()
    assert (await download(other, {"N": file["N"]}, "x")).status_code == 404
    assert (await download(pupil, {"N": file["N"]}, "x", "1")).json()["Erreur"]["G"] == 8
    assert (await http.get("/pronote/FichiersExternes/zz/x", params={"Session": pupil.start["h"]})).status_code == 404


@pytest.mark.parametrize(("tab", "kind"), [(16, 0), (13, 2)])
async def test_documents_are_ordered_and_fetched(tab, kind, pupil):
    answer = await pupil.call("GenerationPDF", {"genreGenerationPDF": kind}, tab)
    document = await pupil.http.get(f"/pronote/{answer['url']['V']}")
    assert document.content.startswith(b"%PDF-1.4")
    assert document.content.endswith(b"%%EOF\n")


async def test_the_calendar_holds_the_lessons_of_the_page(pupil):
    personal = await pupil.call("PageInfosPerso", {}, 49)
    token = personal["iCal"]["liste"]["V"][0]["paramICal"]
    answer = await pupil.http.get("/pronote/ical/mesinformations.ics", params={"icalsecurise": token})
    page = await pupil.call("PageEmploiDuTemps", {"NumeroSemaine": 12}, 16)
    assert page["ParametreExportiCal"] == token
    events = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
    week = sorted(
        event["DTSTART"].dt.astimezone(PARIS).replace(tzinfo=None)
        for event in events
        if event["DTSTART"].dt.astimezone(PARIS).isocalendar()[:2] == (2026, 47)
    )
    shown = sorted(read_datetime(each["DateDuCours"]) for each in page["ListeCours"])
    assert week == shown


async def test_an_unknown_calendar_is_not_found(http):
    assert (await http.get("/pronote/ical/Edt.ics", params={"icalsecurise": "X"})).status_code == 404


async def test_the_directory_of_schools_knows_this_one_nearby_only(http):
    async def asked(text: str):
        return (await http.post("/swie/geoloc.php", content=f"data={text}")).json()

    near = await asked('{"nomFonction": "geoLoc","lat": 48.8,"long": 2.3}')
    assert near[0]["url"] == "http://pronote.test/pronote/"
    for text in ('{"nomFonction":"geoLoc","lat":"43.3","long":"5.4"}', "nonsense", "[]"):
        assert await asked(text) == {}
