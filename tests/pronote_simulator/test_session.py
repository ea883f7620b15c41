"""A session: order numbers, objects that belong to it, its end, and nonsense sent to it."""

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pronote_wire import ErrorAnswerError, Wire


async def kind_of_error(answer: httpx.Response) -> int:
    assert answer.status_code == 200
    return answer.json()["Erreur"]["G"]


@pytest.mark.parametrize("order", [1, 7, 8, 10, 11])
async def test_an_order_number_out_of_turn_is_refused_and_changes_nothing(order, pupil):
    assert pupil.order == 9
    answer = await pupil.post("Navigation", {"data": {}}, order)
    assert answer.json()["Erreur"]["Titre"] == "La page a expiré ! (4)"
    await pupil.call("Navigation", {"onglet": 7, "ongletPrec": 7}, 7)


async def test_the_same_call_twice_is_refused_the_second_time(pupil):
    order = pupil.order
    await pupil.call("Navigation", {"onglet": 7, "ongletPrec": 7}, 7)
    assert await kind_of_error(await pupil.post("Navigation", {}, order)) == 11


async def test_a_refused_call_does_not_advance_the_order(pupil):
    for _ in range(2):
        with pytest.raises(ErrorAnswerError) as unknown:
            await pupil.call("PageQuiNExistePas", {}, 7)
        assert unknown.value.kind == 21
    await pupil.call("Navigation", {"onglet": 7, "ongletPrec": 7}, 7)


async def test_an_object_of_another_session_is_refused(http, pupil):
    other = Wire(http)
    await other.sign_in()
    period = other.parameters["General"]["ListePeriodes"][0]["N"]
    with pytest.raises(ErrorAnswerError) as foreign:
        await pupil.call("DernieresNotes", {"Periode": {"N": period, "L": "Trimestre 1"}}, 198)
    assert foreign.value.kind == 22


async def test_a_tab_that_is_not_open_to_the_account_is_refused(pupil):
    for function, tab in (("FicheEleve", 105), ("PageMenus", 16)):
        with pytest.raises(ErrorAnswerError):
            await pupil.call(function, {}, tab)


async def test_a_pupil_sees_nobody_else(http, pupil):
    staff = Wire(http)
    user = await staff.sign_in("demonstration2", "viescolaire.html")
    assert len(user["listeClasses"]["V"]) == 4
    first = await pupil.call("PageEmploiDuTemps", {"NumeroSemaine": 12, "ressource": {"G": 4}}, 16)
    teacher = next(each for each in first["ListeCours"][0]["ListeContenus"]["V"] if each["G"] == 3)
    same = await pupil.call("PageEmploiDuTemps", {"NumeroSemaine": 12, "ressource": teacher}, 16)
    assert [each["N"] for each in same["ListeCours"]] == [each["N"] for each in first["ListeCours"]]


async def test_a_parent_chooses_the_child_by_member_or_by_resource(wire):
    user = await wire.sign_in(page="parent.html")
    children = user["ressource"]["listeRessources"]
    seen = []
    for child in children:
        by_member = await wire.call("PageEmploiDuTemps", {"NumeroSemaine": 12}, 16, membre={"N": child["N"], "G": 4})
        by_resource = await wire.call("PageEmploiDuTemps", {"NumeroSemaine": 12, "Ressource": child}, 16)
        assert by_member["ListeCours"] == by_resource["ListeCours"]
        seen.append(by_member["ListeCours"])
    assert seen[0] != seen[1]


async def test_weeks_domains_and_days_ask_for_the_same_lessons(pupil):
    by_week = await pupil.call("PageEmploiDuTemps", {"numeroSemaine": 12}, 16)
    by_domain = await pupil.call("PageEmploiDuTemps", {"Domaine": {"_T": 8, "V": "[12]"}}, 16)
    days = {"DateDebut": {"_T": 7, "V": "16/11/2026 0:0:0"}, "dateFin": {"_T": 7, "V": "22/11/2026"}}
    by_days = await pupil.call("PageEmploiDuTemps", days, 16)
    assert by_week["ListeCours"] == by_domain["ListeCours"] == by_days["ListeCours"]


async def test_a_teacher_and_school_life_see_classes_rooms_and_teachers(wire):
    user = await wire.sign_in("professeur", "professeur.html")
    own = await wire.call("PageEmploiDuTemps", {"NumeroSemaine": 12}, 16)
    teachers = {
        each["L"] for lesson in own["ListeCours"] for each in lesson["ListeContenus"]["V"] if each.get("G") == 3
    }
    assert teachers == {"M. MARTIN Paul"}
    room = next(each for each in own["ListeCours"][0]["ListeContenus"]["V"] if each["G"] == 17)
    for resource in (user["listeClasses"]["V"][0], room):
        shown = await wire.call("PageEmploiDuTemps", {"NumeroSemaine": 12, "ressource": resource}, 16)
        assert shown["ListeCours"]
        calendar = await wire.http.get("/pronote/ical/Edt.ics", params={"icalsecurise": shown["ParametreExportiCal"]})
        assert calendar.text.startswith("BEGIN:VCALENDAR")


async def test_logging_out_ends_the_session(pupil):
    await pupil.call("SaisieDeconnexion")
    assert await kind_of_error(await pupil.post("Navigation", {})) == 8


async def test_a_browser_that_closes_its_page_ends_the_session(pupil):
    await pupil.http.post("/pronote/appeldeconnexion/00/1700000000000", json={"ns": int(pupil.start["h"]), "no": "00"})
    assert await kind_of_error(await pupil.post("Navigation", {})) == 8


@pytest.mark.parametrize("options", [{"idle_seconds": 0}])
async def test_an_idle_session_expires(wire):
    await wire.open()
    assert await kind_of_error(await wire.post("FonctionParametres", {"data": {"Uuid": wire.uuid()}})) == 8


async def test_the_first_call_is_that_for_the_parameters(wire):
    await wire.open()
    with pytest.raises(ErrorAnswerError):
        await wire.call("Identification", {"identifiant": "demonstration"})


async def test_an_address_that_is_not_16_bytes_is_refused(wire):
    await wire.open()
    with pytest.raises(ErrorAnswerError):
        await wire.call("FonctionParametres", {"Uuid": "AAAA"})


async def test_plain_data_are_refused_where_the_page_asks_for_encryption(pupil):
    pupil.packed = lambda inner: inner
    assert await kind_of_error(await pupil.post("Navigation", {})) == 14


FUNCTIONS = st.sampled_from(
    [
        "PageEmploiDuTemps",
        "PageCahierDeTexte",
        "DernieresNotes",
        "PagePresence",
        "PageActualites",
        "SaisieActualites",
        "SaisieMessage",
        "ListeMessages",
        "SaisieTAFFaitEleve",
        "PageMenus",
        "GenerationPDF",
        "Identification",
        "FonctionParametres",
        "SaisieTAFARendreEleve",
        "SaisieURLPartenaire",
        "ListeRessourcesPourCommunication",
        "SecurisationCompteDoubleAuth",
    ]
)
KEYS = st.sampled_from(
    [
        "domaine",
        "ressource",
        "periode",
        "Periode",
        "date",
        "listeActualites",
        "listeTAF",
        "listeFichiers",
        "message",
        "onglet",
        "SSO",
        "actualite",
        "listePossessionsMessages",
        "listeDestinataires",
        "commande",
        "numeroSemaine",
        "DateDebut",
        "Uuid",
        "identifiant",
        "action",
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS | st.just("N") | st.just("V"), inner, max_size=2),
    max_leaves=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(function=FUNCTIONS, data=st.dictionaries(KEYS, ANYTHING, max_size=3), tab=st.sampled_from([7, 8, 16, 88, 131]))
async def test_whatever_the_data_the_answer_is_one_of_pronote(function, data, tab, pupil):
    try:
        answer = await pupil.call(function, data, tab)
    except ErrorAnswerError:
        return
    assert isinstance(answer, dict)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(content=st.binary(max_size=300), path=st.text("0123456789abcdefgh", max_size=40))
async def test_any_bytes_get_an_error_of_pronote(content, path, pupil):
    answer = await pupil.http.post(
        f"/pronote/appelfonction/3/{pupil.start['h']}/{path or 'x'}",
        content=content,
        headers={"Content-Type": "application/json"},
    )
    assert await kind_of_error(answer) in (8, 11, 14, 21)
