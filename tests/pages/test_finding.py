"""Find a timetable: by typing, by going through the years, by what this device remembers."""

import httpx
import pytest
from playwright.async_api import expect


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desktop", "light")])
async def test_typing_finds_a_room_despite_a_typo_and_the_device_remembers_it(
    visitor, institution, size, scheme
) -> None:
    page = await visitor.device(size, scheme=scheme)
    await page.goto("/")
    room = next(room for room in institution.every("rooms/") if room["name"].startswith("Amphi "))
    await page.get_by_label("Un groupe, une salle, un emploi du temps").fill(
        room["name"][:-2].replace("Amphi", "Anphi")
    )
    found = page.locator("[data-find-results]").get_by_role("link", name=room["name"])
    await expect(found).to_be_visible()
    await visitor.picture(page, "found")
    await found.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(room["name"])
    await page.get_by_role("button", name="Favori").click()
    await expect(page.get_by_role("button", name="Favori")).to_have_attribute("aria-pressed", "true")
    await page.goto("/")
    remembered = page.locator("[data-mine]").get_by_role("link", name=room["name"])
    await expect(remembered).to_contain_text("favori")
    await visitor.picture(page, "home")
    await page.get_by_role("button", name="Tout oublier").click()
    await page.reload()
    await expect(page.locator("[data-mine]")).to_be_hidden()


async def test_without_scripts_the_search_is_a_page_and_timetables_lead_to_groups(visitor, institution) -> None:
    page = await visitor.device("phone", scripts=False)
    await page.goto("/")
    await page.get_by_label("Un groupe, une salle, un emploi du temps").fill("l1 mi tpa22")
    await page.get_by_role("button", name="Chercher").click()
    await page.get_by_role("link", name="L1 MI s1 TPA22").click()
    assert page.url.endswith(f"/groups/{institution.group('L1 MI s1 TPA22')}/")
    await page.goto("/")
    await page.get_by_role("link", name="L2 INFO").click()
    timetable = next(one for one in institution.every("timetables/") if one["name"] == "L2 INFO")
    expected = [
        group["name"] for group in institution.every(f"timetables/{timetable['id']}/groups/") if not group["hidden"]
    ]
    assert sorted(await page.locator(".names a").all_inner_texts()) == sorted(expected)


async def test_a_courses_name_leads_to_its_next_meeting(visitor, institution) -> None:
    group = institution.group("L1 MI s1 TPA22")
    course = institution.busiest_week(group)[0]
    page = await visitor.device("phone")
    await page.goto("/")
    await page.get_by_label("Un groupe, une salle, un emploi du temps").fill(course["name"].upper())
    found = page.locator("[data-find-results]").get_by_role("link", name=course["name"])
    await found.first.click()
    await expect(page.get_by_role("dialog").get_by_role("heading")).to_have_text(course["name"])


async def test_words_that_name_nothing_get_advice(visitor) -> None:
    page = await visitor.device()
    await page.goto("/search/?q=zzzzqqqq")
    await expect(page.get_by_text("Rien ne s’appelle ainsi")).to_be_visible()


async def test_the_language_is_the_browsers_until_another_is_chosen(visitor) -> None:
    page = await visitor.device(language="en-GB", scripts=False)
    await page.goto("/search/?q=amphi")
    await expect(page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Français").click()
    assert page.url.endswith("/search/?q=amphi")
    await expect(page.get_by_role("heading", name="Salles", exact=True)).to_be_visible()


async def test_the_appearance_is_chosen_and_stays(visitor) -> None:
    page = await visitor.device(scheme="light")
    await page.goto("/")
    shade = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(shade)
    await page.get_by_role("button", name="Sombre").click()
    dark = await page.evaluate(shade)
    assert dark != light
    await page.goto("/sources/")
    assert await page.evaluate(shade) == dark


async def test_a_language_switch_leads_to_no_other_site(institution) -> None:
    async with httpx.AsyncClient(base_url=institution.url) as client:
        for elsewhere in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
            answer = await client.post("/language/", data={"language": "en", "back": elsewhere})
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
