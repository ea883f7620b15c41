"""The state of the sources in plain words, and the display beside a room's door."""

from datetime import datetime, timedelta

import httpx
from carillon_servers import eventually
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
    visitor.is_offline = True
    await page.context.set_offline(True)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.get_by_text("Réseau coupé")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text(room["name"])
    await page.context.set_offline(False)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.get_by_text("Réseau coupé")).to_be_hidden()


async def test_a_source_that_fails_says_so_where_its_courses_are_shown(visitor, institution) -> None:
    page = await visitor.device("phone")
    await page.goto("/sources/")
    assert await page.locator(".source").count() == len(institution.every("sources/"))
    await visitor.picture(page, "well", full=True)
    order = {"kind": "server-error", "path": "*g220501.xml", "times": None}
    async with httpx.AsyncClient(base_url=institution.simulator) as office:
        (await office.post("/simulator/faults", json=order)).raise_for_status()

        async def is_told() -> bool:
            await page.goto("/sources/")
            return await page.locator(".source.is-failing").count() > 0

        await eventually(is_told, 40, 0.5)
        failing = page.locator(".source.is-failing").first
        await expect(failing).to_contain_text("En échec")
        status = next(
            status
            for source in institution.every("sources/")
            if (status := institution.api(f"sources/{source['id']}/status/"))["failing_since"]
        )
        assert status["last_failure"]["reason"] in await page.locator("main").inner_text()
        await visitor.picture(page, "failing")
        timetable = next(one for one in institution.every("timetables/") if one["source"] == status["id"])
        group = next(one for one in institution.every(f"timetables/{timetable['id']}/groups/") if not one["hidden"])
        await page.goto(f"/groups/{group['id']}/")
        await expect(page.get_by_text("Une source ne répond plus.")).to_be_visible()
        await page.goto("/rooms/free/")
        await expect(page.get_by_text("Une source ne répond plus.")).to_be_visible()
        (await office.delete("/simulator/faults")).raise_for_status()
