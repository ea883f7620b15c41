"""The display beside a room's door."""

from datetime import datetime, timedelta

from playwright.async_api import expect


async def test_a_door_tells_what_is_on_and_survives_a_lost_network(visitor, institution) -> None:
    room = next(room for room in institution.every("rooms/") if room["name"].startswith("Amphi "))
    page = await visitor.device("wall", scheme="dark", zone="Pacific/Auckland")
    await page.goto(f"/rooms/{room['id']}/door/")
    await expect(page.get_by_role("heading", level=1)).to_have_text(room["name"])
    now = datetime.fromisoformat(institution.api(f"rooms/{room['id']}/timeline/")["segments"][0]["begin"]).tzinfo
    there = datetime.now(now)
    clock = await page.locator("[data-clock]").inner_text()
    assert clock in {f"{there + timedelta(minutes=ahead):%H:%M}" for ahead in (-1, 0, 1)}
    to_come = [one for one in institution.every(f"rooms/{room['id']}/courses/") if one["end"] > there.isoformat()]
    ahead = [one for one in to_come if datetime.fromisoformat(one["begin"]).date() <= there.date() + timedelta(days=4)]
    if ahead:
        await expect(page.locator("main")).to_contain_text(ahead[0]["name"])
    else:
        await expect(page.locator("main")).to_contain_text("aucun cours")
    await visitor.picture(page, "door")
    await page.evaluate("""() => {
        document.querySelector('[data-now]').dataset.now = '2026-10-25T02:00:00';
        document.querySelector('[data-live]').dispatchEvent(new Event('part-refreshed'));
    }""")
    await expect(page.locator("[data-clock]")).to_have_text("02:00")
    visitor.is_offline = True
    await page.context.set_offline(True)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.get_by_text("Réseau coupé")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text(room["name"])
    await page.context.set_offline(False)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.get_by_text("Réseau coupé")).to_be_hidden()
