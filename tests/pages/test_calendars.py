"""Subscribe: the links lead to the calendar; a personal one is made, read, changed and ended without scripts."""

from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar
from playwright.async_api import expect

GROUP = "L1 MI s1 TPA22"


def events(institution, address: str) -> list[str]:
    path = urlsplit(address).path
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(institution.stack.get(path).content).walk("VEVENT")]


async def test_every_application_is_given_the_same_calendar(visitor, institution) -> None:
    page = await visitor.device("phone", scheme="dark")
    await page.goto(f"/calendars/?group={institution.group(GROUP)}")
    address = await page.get_by_label("L’adresse, pour tout autre calendrier").input_value()
    assert address == f"{institution.url}/api/groups/{institution.group(GROUP)}/courses.ics"
    assert events(institution, address)
    webcal = "webcal:" + address.removeprefix("http:")
    links = {name: await page.get_by_role("link", name=name).get_attribute("href") for name in ("Ajouter à Google", "Ouvrir dans Calendrier", "Ouvrir dans ICSx⁵", "Ajouter à Outlook")}  # fmt: skip
    assert parse_qs(urlsplit(links["Ajouter à Google"]).query)["cid"] == [webcal]
    assert links["Ouvrir dans Calendrier"] == links["Ouvrir dans ICSx⁵"] == webcal
    assert parse_qs(urlsplit(links["Ajouter à Outlook"]).query)["url"] == [address]
    await expect(page.get_by_text("Adresse locale.")).to_be_visible()
    await visitor.picture(page, "subscribe", full=True)


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_a_personal_calendar_from_the_first_choice_to_its_end(visitor, institution, size) -> None:
    page = await visitor.device(size, scripts=False)
    await page.goto(f"/calendars/personal/?group={institution.group(GROUP)}")
    before = int(await page.locator(".preview .lead strong").first.inner_text())
    await page.get_by_label("Ajouter", exact=True).fill("L1 MI s1 TPA21")
    await page.get_by_role("button", name="Chercher").click()
    await page.get_by_label("L1 MI s1 TPA21").check()
    await page.get_by_label("Selon").last.select_option("type")
    await page.get_by_label("Texte de la règle").last.fill("cours")
    await page.get_by_label("Comment l’agenda l’appellera").fill("Sans amphi")
    await page.get_by_role("button", name="Actualiser l’aperçu").click()
    await expect(page.locator(".preview")).to_contain_text("écartés")
    types = await page.locator(".preview-list .type").all_inner_texts()
    assert types
    assert "COURS" not in types
    assert before > 0
    await visitor.picture(page, "builder", full=True)
    await page.get_by_role("button", name="Créer mon calendrier").click()
    address = await page.get_by_label("L’adresse, pour tout autre calendrier").input_value()
    key = await page.get_by_label("Clé").input_value()
    fed = events(institution, address)
    assert fed
    assert not [summary for summary in fed if summary.endswith("(COURS)")]

    await page.goto(f"/calendars/personal/?group={institution.group(GROUP)}")
    await page.locator("summary", has_text="J’en ai déjà un").click()
    await page.get_by_label("Clé").fill(key)
    await page.get_by_role("button", name="Lui donner ce contenu").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("nouveau contenu")
    assert [summary for summary in events(institution, address) if summary.endswith("(COURS)")]

    await page.goto("/calendars/personal/")
    await page.locator("summary", has_text="J’en ai déjà un").click()
    await page.get_by_label("Clé").fill(key)
    await page.get_by_role("button", name="Le supprimer").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("supprimé")
    assert institution.stack.get(urlsplit(address).path).status_code == 404


async def test_with_scripts_the_preview_follows_and_a_key_changes_what_is_written_now(visitor, institution) -> None:
    page = await visitor.device("phone")
    address = f"/calendars/personal/?group={institution.group(GROUP)}"
    await page.goto(address)
    await page.get_by_label("Texte de la règle").fill("*")
    await page.get_by_label("Comment l’agenda l’appellera").focus()
    await expect(page.locator(".preview .lead")).to_contain_text("écartés")
    await expect(page.get_by_label("Texte de la règle")).to_have_count(2)
    await expect(page.get_by_label("Comment l’agenda l’appellera")).to_be_focused()
    await page.get_by_role("button", name="Créer mon calendrier").click()
    key = await page.get_by_label("Clé").input_value()
    feed = await page.get_by_label("L’adresse, pour tout autre calendrier").input_value()
    assert events(institution, feed) == []
    await page.goto(address)
    await page.locator("summary", has_text="J’en ai déjà un").click()
    await page.get_by_label("Clé").fill(key)
    await page.get_by_label("Selon").select_option("type")
    await page.get_by_label("Texte de la règle").first.fill("cours")
    await page.get_by_role("button", name="Lui donner ce contenu").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("nouveau contenu")
    assert events(institution, feed)
    assert not [summary for summary in events(institution, feed) if summary.endswith("(COURS)")]


async def test_rules_go_by_groups_too_and_an_impossible_one_is_named(visitor, institution) -> None:
    page = await visitor.device(scripts=False)
    query = "rule_action=exclude&rule_aspect=group&rule_value="
    await page.goto(f"/calendars/personal/?group={institution.group(GROUP)}&{query}l1 mi s1 cma")
    types = await page.locator(".preview-list .type").all_inner_texts()
    assert types
    assert "COURS" not in types
    await page.goto(f"/calendars/personal/?group={institution.group(GROUP)}&{query}Nobody")
    await expect(page.get_by_role("alert")).to_contain_text("aucun groupe ne porte le nom")


async def test_a_wrong_key_and_an_empty_choice_are_explained(visitor) -> None:
    page = await visitor.device(scripts=False)
    await page.goto("/calendars/personal/")
    await page.locator("summary", has_text="J’en ai déjà un").click()
    await page.get_by_label("Clé").fill("not-a-key")
    visitor.is_offline = True  # the browser notes the 404 itself
    await page.get_by_role("button", name="Le supprimer").click()
    await expect(page.get_by_role("alert")).to_contain_text("Aucun calendrier n’a cette clé")


@pytest.mark.parametrize("odd", ["group=0", "group=-1", "group=999999", "room=x", "name=%00", "find=%00%00", "rule_action=exclude&rule_aspect=group&rule_value=%00a", "rule_action=burn&rule_aspect=house&rule_value=x", "rule_value=lonely"])  # fmt: skip
async def test_an_odd_address_of_the_builder_is_still_a_page(institution, odd) -> None:
    answer = institution.stack.get(f"/calendars/personal/?group={institution.group(GROUP)}&{odd}")
    assert answer.status_code == 200
