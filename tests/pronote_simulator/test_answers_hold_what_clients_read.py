"""Every member that the known clients were seen to read is in the simulator's answers (the samples name them)."""

import json
from typing import Any

import pytest
from pronote_wire import Wire


def shape(value: Any, path: str = "") -> set[str]:
    """The paths of all members; elements of a list are merged, the typing of values is kept."""
    if isinstance(value, dict):
        return {path} | {each for key, inner in value.items() for each in shape(inner, f"{path}.{key}")}
    if isinstance(value, list):
        return {path} | {each for inner in value for each in shape(inner, f"{path}[]")}
    return {path}


def types(value: Any, path: str = "") -> set[tuple[str, int]]:
    """Which type number stands at which path."""
    found = set()
    if isinstance(value, dict):
        if "_T" in value:
            found.add((path, value["_T"]))
        for key, inner in value.items():
            found |= types(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            found |= types(inner, f"{path}[]")
    return found


async def period(wire: Wire) -> dict:
    return {"N": wire.parameters["General"]["ListePeriodes"][0]["N"], "L": "Trimestre 1", "G": 2}


async def timetable(wire: Wire) -> dict:
    merged: dict = {}
    for week in range(1, 15):
        answer = await wire.call("PageEmploiDuTemps", {"NumeroSemaine": week}, 16)
        merged.setdefault("ListeCours", []).extend(answer["ListeCours"])
        merged = {**answer, "ListeCours": merged["ListeCours"]}
    return merged


async def contents(wire: Wire) -> dict:
    domain = {"domaine": {"_T": 8, "V": "[1..12]"}}
    listed = await wire.call("PageCahierDeTexte", domain, 89)
    homework = await wire.call("PageCahierDeTexte", domain, 88)
    books = {each["cahierDeTextes"]["V"]["N"] for each in homework["ListeTravauxAFaire"]["V"]}
    found = [each["N"] for each in listed["ListeCahierDeTextes"]["V"] if each["N"] in books]
    entries = []
    for number in found:
        answer = await wire.call("donneesContenusCDT", {"cahierDeTextes": {"N": number}, "pourTAF": True}, 89)
        entries += answer["ListeCahierDeTextes"]["V"]
    return {**answer, "ListeCahierDeTextes": {"_T": 24, "V": entries}}


async def messages(wire: Wire) -> dict:
    listed = await wire.call("ListeMessagerie", {"avecLu": True, "avecMessage": True}, 131)
    merged: list = []
    for discussion in listed["listeMessagerie"]["V"]:
        asked = {"listePossessionsMessages": discussion["listePossessionsMessages"]["V"]}
        answer = await wire.call("ListeMessages", asked, 131)
        merged += answer["listeMessages"]["V"]
    return {**answer, "listeMessages": {"_T": 24, "V": merged}}


async def news_details(wire: Wire) -> dict:
    listed = await wire.call("PageActualites", {"modesAffActus": {"_T": 26, "V": "[0..3]"}}, 8)
    questions = []
    for item in listed["listeModesAff"][0]["listeActualites"]["V"]:
        answer = await wire.call("PageActualites", {"actualite": {"N": item["N"]}, "genreRequeteActualite": 1}, 8)
        questions += answer["detailsActualite"]["listeQuestions"]["V"]
    answer["detailsActualite"]["listeQuestions"]["V"] = questions
    return answer


ASKED = {
    "PageAccueil": lambda wire: wire.call("PageAccueil", {}, 7),
    "PageActualites.list": lambda wire: wire.call("PageActualites", {}, 8),
    "PageActualites.detail": news_details,
    "PageMenus": lambda wire: wire.call("PageMenus", {"date": {"_T": 7, "V": "16/11/2026 0:0:0"}}, 10),
    "PageEmploiDuTemps": timetable,
    "PageEmploiDuTemps_DomainePresence": lambda wire: wire.call("PageEmploiDuTemps_DomainePresence", {}, 16),
    "PageEquipePedagogique": lambda wire: wire.call("PageEquipePedagogique", {}, 37),
    "PageInfosPerso": lambda wire: wire.call("PageInfosPerso", {}, 49),
    "PageCahierDeTexte.88": lambda wire: wire.call("PageCahierDeTexte", {"domaine": {"_T": 8, "V": "[1..13]"}}, 88),
    "PageCahierDeTexte.89": lambda wire: wire.call("PageCahierDeTexte", {"domaine": {"_T": 8, "V": "[1..12]"}}, 89),
    "donneesContenusCDT": contents,
    "RessourcePedagogique": lambda wire: wire.call("RessourcePedagogique", {"avecRessourcesPronote": True}, 99),
    "ListeMessagerie": lambda wire: wire.call("ListeMessagerie", {"avecLu": True, "avecMessage": True}, 131),
    "ListeMessages": messages,
    "ListeRessourcesPourCommunication.3": lambda wire: wire.call(
        "ListeRessourcesPourCommunication", {"onglet": {"N": 0, "G": 3}}, 131
    ),
    "ListeRessourcesPourCommunication.34": lambda wire: wire.call(
        "ListeRessourcesPourCommunication", {"onglet": {"N": 0, "G": 34}}, 131
    ),
}
WITH_PERIOD = {
    "DernieresNotes": (198, "Periode"),
    "PageBulletins": (13, "periode"),
    "DernieresEvaluations": (201, "periode"),
    "PagePresence": (19, "periode"),
}


def compare(name: str, answer: dict, sample: dict) -> None:
    missing = shape(sample) - shape(answer)
    assert missing == set(), f"{name}: not in the answer: {sorted(missing)}"
    known = dict(types(answer))
    differing = {(path, number) for path, number in types(sample) if known.get(path) != number}
    assert differing == set()


@pytest.mark.parametrize("name", sorted(ASKED))
async def test_a_page_of_a_pupil(name, pupil, pronote_samples):
    sample = json.loads((pronote_samples / "pages" / f"{name}.json").read_text())
    compare(name, await ASKED[name](pupil), sample)


@pytest.mark.parametrize("name", sorted(WITH_PERIOD))
async def test_a_page_of_a_period(name, pupil, pronote_samples):
    tab, member = WITH_PERIOD[name]
    answer = await pupil.call(name, {member: await period(pupil)}, tab)
    compare(name, answer, json.loads((pronote_samples / "pages" / f"{name}.json").read_text()))


async def test_the_parameters_of_the_instance(pupil, pronote_samples):
    sample = json.loads((pronote_samples / "pages" / "FonctionParametres.json").read_text())
    compare("FonctionParametres", pupil.parameters, sample)


@pytest.mark.parametrize(
    ("sample", "page", "username"),
    [
        ("student", "eleve.html", "demonstration"),
        ("parent", "parent.html", "demonstration"),
        ("teacher", "professeur.html", "professeur"),
        ("teacher", "viescolaire.html", "demonstration2"),
    ],
)
async def test_the_parameters_of_a_user(sample, page, username, wire, pronote_samples):
    user = await wire.sign_in(username, page=page)
    compare(sample, user, json.loads((pronote_samples / "pages" / f"ParametresUtilisateur.{sample}.json").read_text()))


async def test_the_files_of_pupils_for_school_life(wire, pronote_samples):
    user = await wire.sign_in("demonstration2", page="viescolaire.html")
    school_class = {"N": user["listeClasses"]["V"][0]["N"], "G": 1}
    pupils = await wire.call("ListeRessources", {"classe": school_class}, 105)
    compare("ListeRessources", pupils, json.loads((pronote_samples / "pages" / "ListeRessources.json").read_text()))
    pupil = {"N": pupils["listeRessources"]["V"][0]["N"]}
    answer = await wire.call("FicheEleve", {"Eleve": pupil, "AvecEleve": True, "AvecResponsables": True}, 105)
    compare("FicheEleve", answer, json.loads((pronote_samples / "pages" / "FicheEleve.json").read_text()))
