"""What users write stays for the run, and other sessions see it."""

import pytest
from pronote_wire import ErrorAnswerError, Wire, seal, unseal

ALL_WEEKS = {"domaine": {"_T": 8, "V": "[1..14]"}}


async def homework(wire: Wire) -> list[dict]:
    return (await wire.call("PageCahierDeTexte", ALL_WEEKS, 88))["ListeTravauxAFaire"]["V"]


async def test_homework_that_is_ticked_stays_ticked(pupil):
    before = await homework(pupil)
    open_one = next(each for each in before if not each["TAFFait"])
    for done in (True, False, True):
        await pupil.call("SaisieTAFFaitEleve", {"listeTAF": [{"N": open_one["N"], "TAFFait": done}]}, 88)
        after = await homework(pupil)
        changed = [a["TAFFait"] for a, b in zip(after, before, strict=True) if a["TAFFait"] != b["TAFFait"]]
        assert changed == ([True] if done else [])
    other = Wire(pupil.http)
    await other.sign_in()
    assert [each["TAFFait"] for each in await homework(other)] == [each["TAFFait"] for each in after]


async def test_a_parent_cannot_tick(wire):
    await wire.sign_in(page="parent.html")
    element = {"N": (await homework(wire))[0]["N"], "TAFFait": True}
    with pytest.raises(ErrorAnswerError):
        await wire.call("SaisieTAFFaitEleve", {"listeTAF": [element]}, 88)


async def upload(wire: Wire, name: str, content: bytes, **fields: str) -> dict:
    number = seal(str(wire.order).encode(), wire.key, wire.iv)
    sent = {"u_no": number, "u_ns": wire.start["h"], "u_idR": "SaisieTAFARendreEleve", "u_idF": "file-1", "u_md5": ""}
    answer = await wire.http.post(
        f"/pronote/uploadfilesession/{wire.start['a']}/{wire.start['h']}",
        data=sent | fields,
        files={"files[]": (name, content)},
    )
    return answer.json()


async def test_a_file_is_handed_in_downloaded_and_taken_back(pupil):
    work = next(each for each in await homework(pupil) if each["peuRendre"])
    answer = await upload(pupil, "essay.txt", b"My essay")
    assert answer["etat"] == 1
    assert int(unseal(answer["numeroOrdre"], pupil.key, pupil.iv)) == pupil.order + 1
    pupil.order += 2
    file = {"E": 1, "G": 1, "L": "essay.txt", "N": -1001, "idFichier": "file-1", "TAF": {"N": work["N"]}}
    await pupil.call("SaisieTAFARendreEleve", {"listeFichiers": [file]}, 88)
    handed_in = next(each for each in await homework(pupil) if each["N"] == work["N"])["documentRendu"]["V"]
    reference = seal(f'{{"N":"{handed_in["N"]}","Actif":true}}'.encode(), pupil.key, pupil.iv)
    address = f"/pronote/FichiersExternes/{reference}/essay.txt"
    assert (await pupil.http.get(address, params={"Session": pupil.start["h"]})).content == b"My essay"
    await pupil.call("SaisieTAFARendreEleve", {"listeFichiers": [{"E": 3, "TAF": {"N": work["N"]}}]}, 88)
    assert "documentRendu" not in next(each for each in await homework(pupil) if each["N"] == work["N"])


async def test_an_upload_out_of_turn_or_too_large_is_refused(pupil):
    assert (await upload(pupil, "a.txt", b"a", u_no="00"))["Erreur"]["G"] == 11
    assert (await upload(pupil, "a.txt", b"a" * (4 * 1024 * 1024 + 1)))["etat"] == 2


async def news(wire: Wire) -> dict[str, dict]:
    listed = await wire.call("PageActualites", {"modesAffActus": {"_T": 26, "V": "[0..3]"}}, 8)
    return {each["L"]: each for each in listed["listeModesAff"][0]["listeActualites"]["V"]}


async def test_news_are_read_and_unread(pupil):
    item = (await news(pupil))["Semaine du goût"]
    for read in (True, False):
        saved = {"listeActualites": [{"N": item["N"], "validationDirecte": True, "lue": read}]}
        await pupil.call("SaisieActualites", saved | {"saisieActualite": False}, 8)
        assert (await news(pupil))["Semaine du goût"]["lue"] is read


async def test_a_survey_keeps_the_answer_of_each_user_apart(pupil):
    item = (await news(pupil))["Sortie au musée"]
    question = item["listeQuestions"]["V"][0]
    answer = {"N": question["reponse"]["V"]["N"], "valeurReponse": {"_T": 8, "V": "[1]"}, "avecReponse": True}
    saved = {
        "N": item["N"],
        "lue": True,
        "listeQuestions": [{"N": question["N"], "genreReponse": 2, "reponse": answer}],
    }
    await pupil.call("SaisieActualites", {"listeActualites": [saved]}, 8)
    given = (await news(pupil))["Sortie au musée"]["listeQuestions"]["V"][0]["reponse"]["V"]
    assert given["avecReponse"] is True
    assert given["valeurReponse"] == {"_T": 8, "V": "[1]"}
    parent = Wire(pupil.http)
    await parent.sign_in(page="parent.html")
    other = (await news(parent))["Sortie au musée"]["listeQuestions"]["V"][0]["reponse"]["V"]
    assert other["avecReponse"] is False


async def test_news_without_a_number_are_known_by_their_title(pupil):
    saved = {"L": "Sortie au musée", "lue": True, "listeQuestions": [{"reponse": {"valeurReponse": "Oui"}}]}
    await pupil.call("SaisieActualites", {"listeActualites": [saved]}, 8)
    item = (await news(pupil))["Sortie au musée"]
    assert item["lue"] is True
    assert item["listeQuestions"]["V"][0]["reponse"]["V"]["valeurReponse"] == "Oui"


async def test_deleted_news_are_gone_for_this_user(pupil):
    item = (await news(pupil))["Travaux au gymnase"]
    await pupil.call("SaisieActualites", {"listeActualites": [{"N": item["N"], "supprimee": True}]}, 8)
    assert "Travaux au gymnase" not in await news(pupil)


@pytest.mark.parametrize("era", ["2026.2.5"])
async def test_the_newest_list_of_news_has_no_questions_but_the_details_have(pupil):
    item = (await news(pupil))["Sortie au musée"]
    assert "listeQuestions" not in item
    details = await pupil.call("PageActualites", {"actualite": {"N": item["N"]}, "genreRequeteActualite": 1}, 8)
    assert details["detailsActualite"]["listeQuestions"]["V"][0]["listeChoix"]["V"][0]["L"] == "Oui"


async def discussions(wire: Wire, *, everything: bool = True) -> dict[str, dict]:
    listed = await wire.call("ListeMessagerie", {"avecLu": everything, "avecMessage": True}, 131)
    return {each["objet"]: each for each in listed["listeMessagerie"]["V"]}


async def messages(wire: Wire, discussion: dict, **more) -> dict:
    asked = {"listePossessionsMessages": discussion["listePossessionsMessages"]["V"], **more}
    return await wire.call("ListeMessages", asked, 131)


async def test_a_discussion_goes_from_pupil_to_teacher_and_back(pupil):
    recipients = await pupil.call("ListeRessourcesPourCommunication", {"onglet": {"N": 0, "G": 3}}, 131)
    teacher = recipients["listeRessourcesPourCommunication"]["V"][0]
    created = {"objet": "Question", "contenu": "Bonjour", "listeDestinataires": [{"N": teacher["N"], "G": 3}]}
    await pupil.call("SaisieMessage", created, 131)
    desk = Wire(pupil.http)
    await desk.sign_in("professeur", "professeur.html")
    received = (await discussions(desk, everything=False))["Question"]
    assert received["nbNonLus"] == 1
    assert received["initiateur"] == "PARENT Gaspard"
    shown = await messages(desk, received, marquerCommeLu=True)
    reply = {
        "messagePourReponse": shown["messagePourReponse"]["V"],
        "contenu": "Réponse",
        "bouton": shown["listeBoutons"]["V"][0],
    }
    await desk.call("SaisieMessage", reply, 131)
    assert (await discussions(desk))["Question"]["nbNonLus"] == 0
    answered = await messages(pupil, (await discussions(pupil))["Question"])
    contents = [(each["emetteur"], each["contenu"]) for each in answered["listeMessages"]["V"]]
    assert contents == [(True, "Bonjour"), (False, "Réponse")]


async def test_the_misspelt_member_of_pronote_api_is_read_too(pupil):
    recipients = await pupil.call("ListeRessourcesPourCommunication", {"onglet": {"N": 0, "G": 34}}, 7)
    person = recipients["listeRessourcesPourCommunication"]["V"][0]
    content = {"contenu": "Bonjour", "objet": "Autrement", "listeDestinataires": [person]}
    answer = await pupil.post("SaisieMessage", {"donnes": content, "Signature": {"onglet": 7}})
    assert "Erreur" not in answer.json()
    pupil.order += 2
    assert "Autrement" in await discussions(pupil)


async def test_discussions_are_binned_restored_read_and_removed(pupil):
    found = (await discussions(pupil))["Cahier de texte"]
    named = {"listePossessionsMessages": found["listePossessionsMessages"]["V"]}
    for command, labels in (("corbeille", [5]), ("restauration", [])):
        await pupil.call("SaisieMessage", {"commande": command, **named}, 131)
        kept = (await discussions(pupil))["Cahier de texte"]
        assert [each["G"] for each in kept["listeEtiquettes"]["V"]] == labels
    for read in (True, False):
        await pupil.call("SaisieMessage", {"commande": "pourLu", "lu": read, **named}, 131)
        assert (await discussions(pupil))["Cahier de texte"]["lu"] is read
    await pupil.call("SaisieMessage", {"commande": "suppression", **named}, 131)
    assert "Cahier de texte" not in await discussions(pupil)


async def test_a_draft_is_seen_by_its_author_only(pupil):
    recipients = await pupil.call("ListeRessourcesPourCommunication", {"onglet": {"N": 0, "G": 3}}, 131)
    teacher = recipients["listeRessourcesPourCommunication"]["V"][0]
    draft = {"commande": "brouillon", "objet": "Plus tard", "contenu": "…", "listeDestinataires": [teacher]}
    await pupil.call("SaisieMessage", draft, 131)
    kept = (await discussions(pupil))["Plus tard"]
    assert [each["G"] for each in kept["listeEtiquettes"]["V"]] == [4]
    desk = Wire(pupil.http)
    await desk.sign_in("professeur", "professeur.html")
    assert "Plus tard" not in await discussions(desk)


async def test_a_closed_discussion_takes_no_reply(wire):
    await wire.sign_in(page="parent.html")
    closed = (await discussions(wire))["Certificat"]
    assert closed["ferme"] is True
    shown = await messages(wire, closed)
    assert shown["listeBoutons"]["V"] == []
    reply = {"messagePourReponse": {"N": shown["listeMessages"]["V"][0]["N"]}, "contenu": "?"}
    with pytest.raises(ErrorAnswerError):
        await wire.call("SaisieMessage", reply, 131)


async def test_a_partner_has_a_signed_address(pupil):
    home = await pupil.call("PageAccueil", {}, 7)
    await pupil.call("SaisieURLPartenaire", {"SSO": home["partenaireARD"]["SSO"]}, 7)
    assert pupil.report["urlSSO"]["V"].startswith("https://partenaire.example.org/ard?")
